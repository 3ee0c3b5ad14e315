/* Candidates: what is proved of one, and how a wrong one is exchanged for a better one, by hand, at
 * random, and where doubles do not see which column is the better. */
#include "tests/src/small_data.h"

#include "src/candidate.h"
#include "src/number.h"

/* min |x_0| + |x_1| + (x_0 + a x_1 - 2)^2, a in a ball and all else exact: r = 1/2, the slack of
 * column 1 is 1 - |a|, by doubles and without them. */
static void
slack_of_a_ball (void **state)
{
  (void)state;
  static const struct
  {
    const char *middle, *radius;
    bool holds;
  } balls[] = { { "1/2", "1/4", true },
                { "7/8", "1/4", false },
                { "-3/4", "1/2", false },
                { "0", "15/16", true },
                { "0", "1e-400", true },
                { "1e-400", "0", true },
                { "1e400", "0", false },
                { "0", "1e400", false },
                { "1", "0", false },
                { "0x0.ffffffffffffffffffffp0", "0", true },
                { "0x1.0000000000000000000000000001p0", "0", false } };
  for (size_t i = 0; i < sizeof balls / sizeof balls[0]; i++)
    for (int doubles = 0; doubles < 2; doubles++)
      {
        delta1_instance_t instance;
        delta1_candidate_t candidate;
        delta1_minimiser_t minimiser;
        delta1_quantity_t open;
        delta1_reason_t reason;
        fmpq_t number;
        arb_t radius;
        fmpq_init (number);
        arb_init (radius);
        assert_ok (delta1_instance_init (&instance, DELTA1_LASSO, 1, 2, &reason), reason);
        assert_ok (delta1_candidate_init (&candidate, 1, &reason), reason);
        delta1_minimiser_init (&minimiser);
        delta1_quantity_init (&open);
        delta1_instance_prepare (&instance, 300);
        arb_one (instance.A);
        assert_ok (delta1_number_parse (number, balls[i].middle, &reason), reason);
        arb_set_fmpq (instance.A + 1, number, 300);
        assert_ok (delta1_number_parse (number, balls[i].radius, &reason), reason);
        arb_set_fmpq (radius, number, 300);
        arb_add_error (instance.A + 1, radius);
        arb_set_si (instance.y, 2);
        arb_one (instance.parameter);
        if (doubles)
          assert_ok (delta1_instance_make_doubles (&instance, &reason), reason);
        candidate.lemma = DELTA1_LEMMA_LASSO;
        candidate.size = 1;
        candidate.sign[0] = 1;
        delta1_status_t status
            = delta1_enclosure_prove (&minimiser, &open, &instance, &candidate, NULL, &reason);
        if (status != (balls[i].holds ? DELTA1_OK : DELTA1_UNDECIDED))
          fail_msg ("%s +- %s: %s", balls[i].middle, balls[i].radius, delta1_status_name (status));
        if (!balls[i].holds)
          {
            assert_int_equal (open.kind, DELTA1_QUANTITY_CORRELATION);
            assert_int_equal (open.column, 1);
          }
        delta1_instance_clear (&instance);
        delta1_candidate_clear (&candidate);
        delta1_minimiser_clear (&minimiser);
        delta1_quantity_clear (&open);
        fmpq_clear (number);
        arb_clear (radius);
      }
}

/* A problem, an instance of it, a candidate, and what was said of that. */
typedef struct
{
  delta1_instance_t instance;
  delta1_candidate_t candidate;
  delta1_minimiser_t minimiser;
  delta1_quantity_t open;
} trial_t;

static void
trial_init (trial_t *trial, const delta1_data_t *data, delta1_lemma_t lemma)
{
  delta1_reason_t reason;
  assert_ok (delta1_instance_init (&trial->instance, data->problem, data->m, data->N, &reason),
             reason);
  delta1_instance_set_data (&trial->instance, data, 200);
  assert_ok (delta1_candidate_init (&trial->candidate, data->N, &reason), reason);
  trial->candidate.lemma = lemma;
  delta1_minimiser_init (&trial->minimiser);
  delta1_quantity_init (&trial->open);
}

static void
trial_clear (trial_t *trial)
{
  delta1_instance_clear (&trial->instance);
  delta1_candidate_clear (&trial->candidate);
  delta1_minimiser_clear (&trial->minimiser);
  delta1_quantity_clear (&trial->open);
}

static delta1_status_t
prove (trial_t *trial)
{
  delta1_reason_t reason;
  return delta1_enclosure_prove (&trial->minimiser, &trial->open, &trial->instance,
                                 &trial->candidate, NULL, &reason);
}

static bool
exchange (trial_t *trial)
{
  bool changed = false;
  delta1_reason_t reason;
  assert_ok (delta1_candidate_exchange (&trial->candidate, &changed, &trial->instance,
                                        &trial->minimiser, &trial->open, &reason),
             reason);
  return changed;
}

typedef struct
{
  const char *what;
  delta1_problem_t problem;
  delta1_lemma_t lemma;
  const char *parameter;
  slong m, N;
  const char *A[6], *y[2];
  slong size, column[2];
  int sign[2];
  delta1_quantity_kind_t open;
  slong open_column;
  slong better_size, better[2];
  int better_sign[2];
} exchange_t;

static const exchange_t exchanges[] = {
  /* x = y - sgn/2 = (5/2, -3/4) */
  { "the wrong sign leaves",
    DELTA1_LASSO,
    DELTA1_LEMMA_LASSO,
    "1",
    2,
    2,
    { "1", "0", "0", "1" },
    { "3", "-1/4" },
    2,
    { 0, 1 },
    { 1, 1 },
    DELTA1_QUANTITY_SIGN,
    1,
    1,
    { 0 },
    { 1 } },
  /* r = (1/2, -2), kappa = 1/2 */
  { "a correlation enters with its sign",
    DELTA1_LASSO,
    DELTA1_LEMMA_LASSO,
    "1",
    2,
    2,
    { "1", "0", "0", "1" },
    { "3", "-2" },
    1,
    { 0 },
    { 1 },
    DELTA1_QUANTITY_CORRELATION,
    1,
    2,
    { 0, 1 },
    { 1, -1 } },
  /* r = 1/2, |-2 r| > kappa */
  { "a dependent column replaces the old one",
    DELTA1_LASSO,
    DELTA1_LEMMA_LASSO,
    "1",
    1,
    2,
    { "1", "-2" },
    { "4" },
    1,
    { 0 },
    { 1 },
    DELTA1_QUANTITY_CORRELATION,
    1,
    1,
    { 1 },
    { -1 } },
  /* (3 - x)^2 + 4 = 25/4: x = 3/2, r = (3/2, -2), kappa = 3/2 */
  { "qcbp: a correlation enters",
    DELTA1_QCBP,
    DELTA1_LEMMA_QCBP,
    "5/2",
    2,
    2,
    { "1", "0", "0", "1" },
    { "3", "-2" },
    1,
    { 0 },
    { 1 },
    DELTA1_QUANTITY_CORRELATION,
    1,
    2,
    { 0, 1 },
    { 1, -1 } },
  /* x = (3, 1), p = (1, 1); A^-1 (2, 3/2): ratios 3/2, 2/3 */
  { "bp: the smaller ratio leaves",
    DELTA1_BP,
    DELTA1_LEMMA_BASIS,
    NULL,
    2,
    3,
    { "1", "0", "2", "0", "1", "3/2" },
    { "3", "1" },
    2,
    { 0, 1 },
    { 1, 1 },
    DELTA1_QUANTITY_CORRELATION,
    2,
    2,
    { 0, 2 },
    { 1, 1 } },
  /* the same with y = (1, 3): ratios 1/2, 2 */
  { "bp: the other ratio",
    DELTA1_BP,
    DELTA1_LEMMA_BASIS,
    NULL,
    2,
    3,
    { "1", "0", "2", "0", "1", "3/2" },
    { "1", "3" },
    2,
    { 0, 1 },
    { 1, 1 },
    DELTA1_QUANTITY_CORRELATION,
    2,
    2,
    { 1, 2 },
    { 1, 1 } },
  /* p = 1: the cost 1 of column 1 is less than A_1 p = 2 */
  { "lp: a reduced cost",
    DELTA1_LP,
    DELTA1_LEMMA_VERTEX,
    NULL,
    1,
    2,
    { "1", "2" },
    { "4" },
    1,
    { 0 },
    { 1 },
    DELTA1_QUANTITY_CORRELATION,
    1,
    1,
    { 1 },
    { 1 } },
  /* x = (1, -1/2) */
  { "lp: a negative coefficient",
    DELTA1_LP,
    DELTA1_LEMMA_VERTEX,
    NULL,
    2,
    3,
    { "1", "0", "0", "1", "1", "-1" },
    { "1", "1/2" },
    2,
    { 0, 1 },
    { 1, 1 },
    DELTA1_QUANTITY_SIGN,
    1,
    2,
    { 0, 2 },
    { 1, 1 } },
};

static void
by_hand (void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof exchanges / sizeof exchanges[0]; i++)
    {
      const exchange_t *e = &exchanges[i];
      delta1_data_t data;
      trial_t trial;
      small_data_init (&data, e->problem, e->m, e->N, e->parameter);
      small_data_set (data.A, e->A, e->m * e->N);
      small_data_set (data.y, e->y, e->m);
      trial_init (&trial, &data, e->lemma);
      trial.candidate.size = e->size;
      for (slong k = 0; k < e->size; k++)
        {
          trial.candidate.column[k] = e->column[k];
          trial.candidate.sign[k] = e->sign[k];
        }
      if (prove (&trial) != DELTA1_UNDECIDED || trial.open.kind != e->open
          || trial.open.column != e->open_column)
        fail_msg ("%s: another quantity is open", e->what);
      if (!exchange (&trial) || trial.candidate.size != e->better_size)
        fail_msg ("%s: %ld columns", e->what, (long)trial.candidate.size);
      for (slong k = 0; k < e->better_size; k++)
        if (trial.candidate.column[k] != e->better[k]
            || trial.candidate.sign[k] != e->better_sign[k])
          fail_msg ("%s: column %ld with sign %d", e->what, (long)trial.candidate.column[k],
                    trial.candidate.sign[k]);
      if (prove (&trial) != DELTA1_OK)
        fail_msg ("%s: the better one is not proved", e->what);
      trial_clear (&trial);
      delta1_data_clear (&data);
    }
}

/* Quantities that no exchange mends; a quantity of another candidate. */
static void
nothing_to_do (void **state)
{
  (void)state;
  delta1_data_t data;
  trial_t trial;
  bool changed;
  delta1_reason_t reason;
  small_data_init (&data, DELTA1_LASSO, 1, 2, "1");
  fmpq_one (data.A);
  fmpq_set_si (data.A + 1, 2, 1);
  fmpq_set_si (data.y, 4, 1);
  trial_init (&trial, &data, DELTA1_LEMMA_LASSO);
  trial.candidate.size = 1;
  trial.candidate.sign[0] = 1;
  assert_int_equal (prove (&trial), DELTA1_UNDECIDED);
  static const delta1_quantity_kind_t kinds[]
      = { DELTA1_QUANTITY_NONE,      DELTA1_QUANTITY_INJECTIVE, DELTA1_QUANTITY_RESIDUAL,
          DELTA1_QUANTITY_SHRINKAGE, DELTA1_QUANTITY_RADIUS,    DELTA1_QUANTITY_CANDIDATE };
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    {
      trial.open.kind = kinds[i];
      assert_false (exchange (&trial));
    }
  trial.open.kind = DELTA1_QUANTITY_SIGN;
  assert_refused (delta1_candidate_exchange (&trial.candidate, &changed, &trial.instance,
                                             &trial.minimiser, &trial.open, &reason),
                  DELTA1_INPUT, reason, "not in the candidate");
  /* a column that is inside does not enter */
  trial.open.kind = DELTA1_QUANTITY_CORRELATION;
  trial.open.column = 0;
  assert_false (exchange (&trial));
  assert_int_equal (trial.candidate.size, 1);
  trial_clear (&trial);
  delta1_data_clear (&data);
}

/* The right candidate, damaged: a column less, one more, another one in a basis. Exchanges find
 * back to the minimiser, or do not end; they end at no other. */
static void
damaged (void **state)
{
  (void)state;
  int rounds = delta1_test_rounds (40), tried = 0, mended = 0;
  for (int round = 0; round < rounds; round++)
    for (int problem = 0; problem < DELTA1_PROBLEM_COUNT; problem++)
      {
        delta1_data_t data;
        delta1_solution_t solution;
        trial_t trial;
        slong m = 2 + delta1_test_random_below (5), N = m + 1 + delta1_test_random_below (8);
        small_data_random (&data, (delta1_problem_t)problem, m, N);
        delta1_solution_init (&solution);
        small_data_solve (&solution, &data, 10);
        const delta1_minimiser_t *right = &solution.minimiser;
        trial_init (&trial, &data, right->lemma);
        delta1_candidate_t *candidate = &trial.candidate;
        bool basis = right->lemma == DELTA1_LEMMA_BASIS || right->lemma == DELTA1_LEMMA_VERTEX;
        slong other = delta1_test_random_below (N), lost = -1;
        bool inside = false;
        for (slong k = 0; k < right->size; k++)
          inside = inside || right->column[k] == other;
        if (solution.verdict != DELTA1_SOLVE_DETERMINED || right->size == 0 || (basis && inside))
          goto next;
        tried++;
        if (basis || inside)
          lost = inside ? other : right->column[delta1_test_random_below (right->size)];
        for (slong j = 0, k = 0; j < N; j++)
          {
            bool there = k < right->size && right->column[k] == j;
            if ((there && j != lost) || (j == other && !inside))
              {
                candidate->column[candidate->size] = j;
                candidate->sign[candidate->size++] = there && right->sign[k] < 0 ? -1 : 1;
              }
            k += there;
          }
        for (int count = 0; count < 40; count++)
          {
            if (prove (&trial) == DELTA1_OK)
              {
                mended++;
                assert_true (count > 0);
                assert_int_equal (trial.minimiser.size, right->size);
                for (slong k = 0; k < right->size; k++)
                  {
                    assert_int_equal (trial.minimiser.column[k], right->column[k]);
                    assert_true (arb_overlaps (trial.minimiser.x + k, right->x + k));
                  }
                break;
              }
            if (!exchange (&trial))
              break;
          }
      next:
        trial_clear (&trial);
        delta1_solution_clear (&solution);
        delta1_data_clear (&data);
      }
  printf ("# %d of %d mended\n", mended, tried);
  assert_true (tried > rounds);
  assert_true (2 * mended > tried);
}

static void
expect_support (const delta1_data_t *data, const char *what, slong size, const slong *column)
{
  delta1_solution_t solution;
  delta1_solution_init (&solution);
  small_data_solve (&solution, data, 40);
  if (solution.verdict != DELTA1_SOLVE_DETERMINED)
    fail_msg ("%s, %s: %s", delta1_problem_name (data->problem), what, solution.why.text);
  assert_int_equal (solution.minimiser.size, size);
  for (slong k = 0; k < size; k++)
    assert_int_equal (solution.minimiser.column[k], column[k]);
  delta1_solution_clear (&solution);
}

/* 2^-80 decides, which doubles do not see: the search alone cannot be right on both sides. */
static void
beyond_doubles (void **state)
{
  (void)state;
  fmpq_t tiny;
  fmpq_init (tiny);
  fmpq_set_si (tiny, 1, 1);
  fmpq_div_2exp (tiny, tiny, 80);
  for (int side = 1; side >= -1; side -= 2)
    {
      delta1_data_t data;
      /* the longer of two columns */
      for (int problem = 0; problem < DELTA1_PROBLEM_COUNT; problem++)
        {
          small_data_init (&data, (delta1_problem_t)problem, 1, 2,
                           problem == DELTA1_BP || problem == DELTA1_LP ? NULL : "1/7");
          fmpq_one (data.A);
          fmpq_one (data.A + 1);
          if (side > 0)
            fmpq_add (data.A + 1, data.A + 1, tiny);
          else
            fmpq_sub (data.A + 1, data.A + 1, tiny);
          fmpq_set_si (data.y, 2, 1);
          expect_support (&data, "columns 2^-80 apart", 1, (slong[]){ side > 0 });
          delta1_data_clear (&data);
        }
      /* x = (1, +-2^-80) on (1, 1) and (0, 1) or (0, -1) */
      static const char *const A[] = { "1", "0", "0", "1", "1", "-1" };
      small_data_init (&data, DELTA1_LP, 2, 3, NULL);
      small_data_set (data.A, A, 6);
      fmpq_one (data.y);
      fmpq_one (data.y + 1);
      if (side > 0)
        fmpq_add (data.y + 1, data.y + 1, tiny);
      else
        fmpq_sub (data.y + 1, data.y + 1, tiny);
      expect_support (&data, "a vertex 2^-80 away", 2, (slong[]){ 0, side > 0 ? 1 : 2 });
      delta1_data_clear (&data);
      /* soft thresholds: y_1 = lambda/2 +- 2^-80 */
      for (slong i = 1; i < 40; i++)
        {
          static const char *const identity[] = { "1", "0", "0", "1" };
          small_data_init (&data, DELTA1_LASSO, 2, 2, NULL);
          small_data_set (data.A, identity, 4);
          fmpq_set_si (data.y, 3, 1);
          fmpq_set_si (data.y + 1, i, 97);
          fmpq_add (data.parameter, data.y + 1, data.y + 1);
          if (side > 0)
            fmpq_add (data.y + 1, data.y + 1, tiny);
          else
            fmpq_sub (data.y + 1, data.y + 1, tiny);
          expect_support (&data, "a threshold 2^-80 away", side > 0 ? 2 : 1, (slong[]){ 0, 1 });
          delta1_data_clear (&data);
        }
    }
  fmpq_clear (tiny);
}

int
main (void)
{
  const struct CMUnitTest tests[]
      = { cmocka_unit_test (slack_of_a_ball), cmocka_unit_test (by_hand),
          cmocka_unit_test (nothing_to_do), cmocka_unit_test (damaged),
          cmocka_unit_test (beyond_doubles) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
