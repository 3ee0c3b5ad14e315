/* Certificates of both outcomes: accepted as written, refused when a mutation makes them false,
 * sealed again or not. */
#include "tests/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/box.h"
#include "src/number.h"
#include "src/solve_certificate.h"

/* Six columns, four rows; the last two columns are near each other. */
static const int entries[4][6] = { { 40, -13, 22, 7, 31, 31 },
                                   { -5, 37, 16, -28, 12, 12 },
                                   { 18, 9, -41, 33, -20, -20 },
                                   { 26, -30, 3, 14, 44, 44 } };
static const int values[4] = { 61, 17, -35, 72 };

static void
make_data (delta1_data_t *data, delta1_problem_t problem, const char *radius)
{
  delta1_reason_t reason;
  assert_ok (delta1_data_init (data, problem, 4, 6, &reason), reason);
  for (slong i = 0; i < 4; i++)
    {
      for (slong j = 0; j < 6; j++)
        fmpq_set_si (data->A + i * 6 + j, entries[i][j] * 1000 + (j == 5 ? i - 1 : 0), 16000);
      fmpq_set_si (data->y + i, values[i], 16);
    }
  if (delta1_problem_parameter (problem) != NULL)
    fmpq_set_si (data->parameter, problem == DELTA1_SRLASSO ? 1 : 3, 2);
  if (radius != NULL)
    {
      assert_ok (delta1_number_parse (data->matrix_radius, radius, &reason), reason);
      fmpq_set (data->data_radius, data->matrix_radius);
    }
}

static json_t *
certificate (delta1_data_t *data, slong digits, delta1_solve_verdict_t verdict)
{
  delta1_reason_t reason;
  delta1_solution_t solution;
  delta1_solve_options_t options = delta1_solve_defaults;
  json_t *document;
  options.digits = digits;
  delta1_solution_init (&solution);
  assert_ok (delta1_solve_data (&solution, data, &options, &reason), reason);
  if (solution.verdict != verdict)
    fail_msg ("%s: %s %s", delta1_problem_name (data->problem),
              delta1_solve_verdict_name (solution.verdict), solution.why.text);
  static const char *const names[] = { "a", "b", "c", "d", "e", "f" };
  assert_ok (delta1_solve_certificate (&document, data, &solution, "test", names, &reason), reason);
  assert_true (delta1_solve_certificate_is (document));
  delta1_solution_clear (&solution);
  return document;
}

/* The member at a path such as "minimiser/middle/0". */
static json_t *
at (json_t *document, const char *path)
{
  char copy[200], *rest = copy, *word;
  json_t *value = document;
  (void)snprintf (copy, sizeof copy, "%s", path);
  while ((word = strsep (&rest, "/")) != NULL)
    value = json_is_array (value) ? json_array_get (value, (size_t)atoi (word))
                                  : json_object_get (value, word);
  assert_non_null (value);
  return value;
}

static void
set_at (json_t *document, const char *path, json_t *value)
{
  char parent[200];
  const char *slash = strrchr (path, '/');
  (void)snprintf (parent, sizeof parent, "%s", path);
  json_t *holder = document;
  if (slash != NULL)
    {
      parent[slash - path] = '\0';
      holder = at (document, parent);
    }
  const char *last = slash == NULL ? path : slash + 1;
  if (json_is_array (holder))
    assert_int_equal (json_array_set_new (holder, (size_t)atoi (last), value), 0);
  else
    assert_int_equal (json_object_set_new (holder, last, value), 0);
}

/* The number at path becomes number + change (times factor). */
static void
shift (json_t *document, const char *path, const char *factor, const char *change)
{
  delta1_reason_t reason;
  fmpq_t x, part;
  fmpq_init (x);
  fmpq_init (part);
  assert_ok (delta1_number_parse (x, json_string_value (at (document, path)), &reason), reason);
  assert_ok (delta1_number_parse (part, factor, &reason), reason);
  fmpq_mul (x, x, part);
  assert_ok (delta1_number_parse (part, change, &reason), reason);
  fmpq_add (x, x, part);
  char *text = delta1_number_format (x);
  set_at (document, path, json_string (text));
  free (text);
  fmpq_clear (x);
  fmpq_clear (part);
}

/* Unsealed: refused. Sealed again: `expected`. Takes the document over. */
static void
judge (json_t *document, delta1_status_t expected, const char *what)
{
  delta1_reason_t reason = { "" };
  delta1_status_t status = delta1_solve_certificate_verify (document, &reason);
  if (status == DELTA1_OK)
    fail_msg ("%s: accepted though the seal is broken", what);
  assert_ok (delta1_document_seal (document, &reason), reason);
  status = delta1_solve_certificate_verify (document, &reason);
  if (status != expected)
    fail_msg ("%s: %s (%s), expected %s", what, delta1_status_name (status), reason.text,
              delta1_status_name (expected));
  json_decref (document);
}

#define MUTATE(what, expected, ...)                                                                \
  do                                                                                               \
    {                                                                                              \
      json_t *d = json_deep_copy (original);                                                       \
      __VA_ARGS__;                                                                                 \
      judge (d, expected, what);                                                                   \
    }                                                                                              \
  while (0)

static void
common_mutations (json_t *original)
{
  MUTATE ("label", DELTA1_OK, set_at (d, "program", json_string ("other")));
  MUTATE ("no names", DELTA1_OK, set_at (d, "names", json_null ()));
  MUTATE ("too few names", DELTA1_FAILED, json_array_remove (at (d, "names"), 0));
  MUTATE ("a name that is none", DELTA1_INPUT, set_at (d, "names/1", json_integer (3)));
  MUTATE ("extra member", DELTA1_FAILED, set_at (d, "extra", json_true ()));
  MUTATE ("extra in the problem", DELTA1_FAILED, set_at (d, "problem/extra", json_true ()));
  MUTATE ("extra in the data", DELTA1_FAILED, set_at (d, "data/extra", json_true ()));
  MUTATE ("extra in the claim", DELTA1_FAILED, set_at (d, "claim/extra", json_true ()));
  MUTATE ("version", DELTA1_INPUT, set_at (d, "version", json_integer (2)));
  MUTATE ("format", DELTA1_INPUT, set_at (d, "format", json_string ("delta1-certificate")));
  MUTATE ("kind", DELTA1_INPUT, set_at (d, "kind", json_string ("certain")));
  MUTATE ("problem", DELTA1_FAILED, set_at (d, "problem/name", json_string ("ridge")));
  MUTATE ("no data", DELTA1_INPUT, json_object_del (d, "data"); set_at (d, "dat", json_null ()));
  MUTATE ("rows", DELTA1_INPUT, json_array_remove (at (d, "data/matrix"), 0));
  MUTATE ("m", DELTA1_INPUT, set_at (d, "problem/m", json_integer (5)));
  MUTATE ("huge", DELTA1_FAILED, set_at (d, "problem/m", json_integer (1000000000)));
  MUTATE ("N", DELTA1_INPUT, json_object_del (d, "names"); set_at (d, "names", json_null ());
          set_at (d, "problem/N", json_integer (5)));
  MUTATE ("negative radius", DELTA1_FAILED, set_at (d, "data/matrix_radius", json_string ("-1")));
  MUTATE ("a number that is none", DELTA1_INPUT,
          set_at (d, "data/vector/0", json_string ("about 3")));
  MUTATE ("digits as text", DELTA1_INPUT, set_at (d, "claim/digits", json_string ("3")));
  MUTATE ("ten million digits", DELTA1_FAILED, set_at (d, "claim/digits", json_integer (10000000)));
  MUTATE ("weights", DELTA1_FAILED, set_at (d, "problem/weights", json_string ("two")));
  MUTATE ("intercept", DELTA1_INPUT, set_at (d, "problem/intercept", json_integer (0)));
}

static void
determined (void **state)
{
  (void)state;
  static const char *const radii[] = { NULL, "1e-9" };
  for (int problem = 0; problem < DELTA1_PROBLEM_COUNT; problem++)
    for (int r = 0; r < 2; r++)
      {
        delta1_data_t data;
        make_data (&data, (delta1_problem_t)problem, radii[r]);
        slong digits = r == 0 ? 20 : 2;
        json_t *original = certificate (&data, digits, DELTA1_SOLVE_DETERMINED);
        slong size = (slong)json_array_size (at (original, "minimiser/columns"));
        assert_true (size >= 1);
        common_mutations (original);
        MUTATE ("digits", DELTA1_FAILED,
                set_at (d, "claim/digits", json_integer ((json_int_t)digits + 30)));
        MUTATE ("fewer digits", DELTA1_OK,
                set_at (d, "claim/digits", json_integer ((json_int_t)digits - 1)));
        for (slong k = 0; k < size; k++)
          {
            char path[64], text[64];
            (void)snprintf (path, sizeof path, "minimiser/signs/%ld", (long)k);
            json_int_t sign = json_integer_value (at (original, path));
            if (sign != 0)
              MUTATE ("sign", DELTA1_FAILED, set_at (d, path, json_integer (-sign)));
            MUTATE ("sign 2", DELTA1_FAILED, set_at (d, path, json_integer (2)));
            MUTATE ("sign as text", DELTA1_INPUT, set_at (d, path, json_string ("1")));
            (void)snprintf (path, sizeof path, "minimiser/middle/%ld", (long)k);
            (void)snprintf (text, sizeof text, "minimiser/radius/%ld", (long)k);
            MUTATE ("middle", DELTA1_FAILED, {
              char shifted[DELTA1_REASON_SIZE];
              delta1_reason_t reason;
              fmpq_t step;
              fmpq_init (step);
              assert_ok (delta1_number_parse (step, json_string_value (at (d, text)), &reason),
                         reason);
              fmpq_mul_si (step, step, 3);
              char *number = delta1_number_format (step);
              (void)snprintf (shifted, sizeof shifted, "%s", number);
              free (number);
              fmpq_clear (step);
              shift (d, path, "1", shifted);
            });
            MUTATE ("radius too small", DELTA1_FAILED, shift (d, text, "1e-9", "0"));
            MUTATE ("radius 0", DELTA1_FAILED, set_at (d, text, json_string ("0")));
            MUTATE ("radius negative", DELTA1_FAILED, shift (d, text, "-1", "0"));
            MUTATE ("radius too large", DELTA1_FAILED, shift (d, text, "1", "1/10"));
            MUTATE ("middle 1 more", DELTA1_FAILED, shift (d, path, "1", "1"));
          }
        MUTATE ("a column less", DELTA1_FAILED, {
          json_array_remove (at (d, "minimiser/columns"), 0);
          json_array_remove (at (d, "minimiser/signs"), 0);
          json_array_remove (at (d, "minimiser/middle"), 0);
          json_array_remove (at (d, "minimiser/radius"), 0);
        });
        if (size >= 2)
          MUTATE (
              "a column twice", DELTA1_FAILED,
              set_at (d, "minimiser/columns/1", json_deep_copy (at (d, "minimiser/columns/0"))));
        MUTATE ("a column beyond", DELTA1_FAILED,
                set_at (d, "minimiser/columns/0", json_integer (6)));
        MUTATE ("a column before", DELTA1_FAILED,
                set_at (d, "minimiser/columns/0", json_integer (-1)));
        static const char *const lemmas[] = { "4.1", "4.2", "4.3", "4.4", "4.5" };
        const char *lemma = json_string_value (at (original, "minimiser/lemma"));
        for (int l = 0; l < 5; l++)
          if (strcmp (lemmas[l], lemma) != 0)
            {
              json_t *d = json_deep_copy (original);
              delta1_reason_t reason;
              set_at (d, "minimiser/lemma", json_string (lemmas[l]));
              assert_ok (delta1_document_seal (d, &reason), reason);
              assert_int_not_equal (delta1_solve_certificate_verify (d, &reason), DELTA1_OK);
              json_decref (d);
            }
        MUTATE ("lemma", DELTA1_FAILED, set_at (d, "minimiser/lemma", json_string ("4.6")));
        for (int i = 0; i < 4; i++)
          {
            char path[64];
            (void)snprintf (path, sizeof path, "data/vector/%d", i);
            MUTATE ("datum", DELTA1_FAILED, shift (d, path, "1", "1"));
            for (slong k = 0; k < size; k++)
              {
                (void)snprintf (path, sizeof path, "minimiser/columns/%ld", (long)k);
                slong j = (slong)json_integer_value (at (original, path));
                (void)snprintf (path, sizeof path, "data/matrix/%d/%ld", i, (long)j);
                MUTATE ("entry", DELTA1_FAILED, shift (d, path, "1", "1"));
              }
          }
        MUTATE ("accuracy", DELTA1_FAILED, set_at (d, "data/matrix_radius", json_string ("1/10")));
        MUTATE ("accuracy of y", DELTA1_FAILED,
                set_at (d, "data/vector_radius", json_string ("1/10")));
        if (problem == DELTA1_LASSO || problem == DELTA1_QCBP)
          MUTATE ("parameter", DELTA1_FAILED, shift (d, "problem/parameter", "1", "1/100"));
        if (delta1_problem_parameter (data.problem) != NULL)
          {
            MUTATE ("parameter 0", DELTA1_FAILED,
                    set_at (d, "problem/parameter", json_string ("0")));
            MUTATE ("no parameter", DELTA1_INPUT, set_at (d, "problem/parameter", json_null ()));
          }
        else
          MUTATE ("a parameter", DELTA1_FAILED, set_at (d, "problem/parameter", json_string ("1")));
        if (problem == DELTA1_LASSO)
          {
            MUTATE ("deviation", DELTA1_FAILED,
                    set_at (d, "problem/weights", json_string ("deviation")));
            MUTATE ("weights given", DELTA1_FAILED,
                    set_at (d, "problem/weights",
                            json_pack ("[ssssss]", "2", "1", "2", "1", "2", "1")));
            MUTATE ("the same weights", DELTA1_OK,
                    set_at (d, "problem/weights",
                            json_pack ("[ssssss]", "1", "1", "1", "1", "1", "1")));
            MUTATE ("with intercept", DELTA1_FAILED, set_at (d, "problem/intercept", json_true ()));
            MUTATE ("another problem", DELTA1_FAILED,
                    set_at (d, "problem/name", json_string ("srlasso")));
          }
        json_decref (original);
        delta1_data_clear (&data);
      }
}

static void
not_determined (void **state)
{
  (void)state;
  static const delta1_problem_t problems[] = { DELTA1_LASSO, DELTA1_BP, DELTA1_LP, DELTA1_QCBP };
  for (size_t p = 0; p < sizeof problems / sizeof problems[0]; p++)
    {
      delta1_data_t data;
      make_data (&data, problems[p], "1/100");
      json_t *original = certificate (&data, 3, DELTA1_SOLVE_NOT_DETERMINED);
      common_mutations (original);
      MUTATE ("more digits", DELTA1_OK, set_at (d, "claim/digits", json_integer (4)));
      MUTATE ("the same witness twice", DELTA1_FAILED,
              set_at (d, "witnesses/1", json_deep_copy (at (d, "witnesses/0"))));
      MUTATE ("exchanged", DELTA1_OK, {
        json_t *first = json_deep_copy (at (d, "witnesses/0"));
        set_at (d, "witnesses/0", json_deep_copy (at (d, "witnesses/1")));
        set_at (d, "witnesses/1", first);
      });
      MUTATE ("one witness", DELTA1_INPUT, json_array_remove (at (d, "witnesses"), 1));
      MUTATE ("better data", DELTA1_FAILED,
              set_at (d, "data/matrix_radius", json_string ("1/200")));
      if (problems[p] == DELTA1_LASSO)
        MUTATE ("better y", DELTA1_FAILED, set_at (d, "data/vector_radius", json_string ("1/200")));
      MUTATE ("exact data", DELTA1_FAILED, {
        set_at (d, "data/matrix_radius", json_string ("0"));
        set_at (d, "data/vector_radius", json_string ("0"));
      });
      MUTATE ("outside", DELTA1_FAILED, shift (d, "witnesses/0/data/vector/1", "1", "1/25"));
      MUTATE ("outside", DELTA1_FAILED, shift (d, "witnesses/1/data/matrix/1/2", "1", "1/25"));
      MUTATE ("minimisers exchanged", DELTA1_FAILED, {
        json_t *first = json_deep_copy (at (d, "witnesses/0/minimiser"));
        set_at (d, "witnesses/0/minimiser", json_deep_copy (at (d, "witnesses/1/minimiser")));
        set_at (d, "witnesses/1/minimiser", first);
      });
      MUTATE ("a box moved", DELTA1_FAILED,
              shift (d, "witnesses/1/minimiser/middle/0", "1", "1/10"));
      MUTATE ("extra", DELTA1_FAILED, set_at (d, "witnesses/0/extra", json_true ()));
      MUTATE ("extra", DELTA1_FAILED, set_at (d, "witnesses/0/data/extra", json_true ()));
      MUTATE ("extra", DELTA1_FAILED, set_at (d, "witnesses/0/minimiser/extra", json_true ()));
      MUTATE ("determined", DELTA1_INPUT, set_at (d, "kind", json_string ("determined")));
      json_decref (original);
      delta1_data_clear (&data);
    }
}

/* A certificate of five columns with a sixth put beside them: true when the column is short, false
 * when it is y itself, whose dual inequality fails. Only the inequalities outside the support tell.
 */
static void
one_column_more (void **state)
{
  (void)state;
  for (int problem = 0; problem < DELTA1_PROBLEM_COUNT; problem++)
    {
      delta1_data_t data;
      make_data (&data, (delta1_problem_t)problem, NULL);
      for (slong i = 0; i < 4; i++)
        fmpq_zero (data.A + 6 * i + 5);
      json_t *original = certificate (&data, 5, DELTA1_SOLVE_DETERMINED);
      MUTATE ("a short column", DELTA1_OK, {
        for (int i = 0; i < 4; i++)
          {
            char path[64];
            (void)snprintf (path, sizeof path, "data/matrix/%d/5", i);
            set_at (d, path, json_string ("1/100000"));
          }
      });
      MUTATE ("a column along y", DELTA1_FAILED, {
        for (int i = 0; i < 4; i++)
          {
            char path[64], number[64];
            (void)snprintf (path, sizeof path, "data/matrix/%d/5", i);
            (void)snprintf (number, sizeof number, "%d", values[i]);
            set_at (d, path, json_string (number));
          }
      });
      json_decref (original);
      delta1_data_clear (&data);
    }
}

/* min |x_0| + |x_1| + (x_0 + 9/10 x_1 - 2)^2: x_0 = 3/2, r = 1/2. Around it every box is mapped
 * into itself (the system is linear); signs and dual inequalities must hold over all of it. */
static void
boxes (void **state)
{
  (void)state;
  static const struct
  {
    const char *middle, *radius;
    bool holds;
  } tried[] = { { "3/2", "1/50", true },
                { "3/2", "1/10", false }, /* 0.9 * 0.6 > 1/2 */
                { "3/2", "2", false },
                { "151/100", "1/50", true },
                { "153/100", "1/50", false } };
  for (size_t i = 0; i < sizeof tried / sizeof tried[0]; i++)
    for (int with_residual = 0; with_residual < 2; with_residual++)
      {
        delta1_data_t data;
        delta1_box_t box;
        delta1_reason_t reason;
        assert_ok (delta1_data_init (&data, DELTA1_LASSO, 1, 2, &reason), reason);
        fmpq_set_si (data.A, 1, 1);
        fmpq_set_si (data.A + 1, 9, 10);
        fmpq_set_si (data.y, 2, 1);
        fmpq_set_si (data.parameter, 1, 1);
        assert_ok (delta1_box_init (&box, DELTA1_LEMMA_LASSO, 1, with_residual, &reason), reason);
        box.candidate.sign[0] = 1;
        assert_ok (delta1_number_parse (box.middle, tried[i].middle, &reason), reason);
        assert_ok (delta1_number_parse (box.radius, tried[i].radius, &reason), reason);
        if (with_residual)
          {
            fmpq_set_si (box.middle + 1, 1, 2);
            fmpq_set (box.radius + 1, box.radius);
          }
        assert_int_equal (delta1_box_prove (&box, &data, 100, &reason),
                          tried[i].holds ? DELTA1_OK : DELTA1_UNDECIDED);
        delta1_box_clear (&box);
        delta1_data_clear (&data);
      }
}

/* Boxes into which the Newton step from the middle leads, and not the solutions. One column (1) or
 * (1, 0): only I - R F'(Z), over the whole box and all data, refuses them.
 *   bp: A in 1 +- 1/4, y = 2: the step sees 2 +- 1/2, the solutions reach 8/3.
 *   qcbp: kappa = r = y - x, r^2 = 1, y = 10: the step from 2 leads to 5/4, the solution is 1.
 *   srlasso: kappa = y_1 - x = t, (16/25) t^2 = (9/25) 16: the step from 6 leads to 3.75, t = 3. */
typedef struct
{
  delta1_problem_t problem;
  delta1_lemma_t lemma;
  slong m;
  const char *parameter, *matrix_radius, *y[2];
  const char *x, *kappa, *r[2], *radius;
  bool holds;
} newton_box_t;

static const newton_box_t newton_boxes[] = {
  { DELTA1_BP, DELTA1_LEMMA_BASIS, 1, NULL, "1/4", { "2" }, "2", NULL, { NULL }, "51/100", false },
  { DELTA1_BP, DELTA1_LEMMA_BASIS, 1, NULL, "1/4", { "2" }, "2", NULL, { NULL }, "67/100", true },
  { DELTA1_LP, DELTA1_LEMMA_VERTEX, 1, NULL, "1/4", { "2" }, "2", NULL, { NULL }, "51/100", false },
  { DELTA1_QCBP, DELTA1_LEMMA_QCBP, 1, "1", "0", { "10" }, "8", "2", { "2" }, "4/5", false },
  { DELTA1_QCBP, DELTA1_LEMMA_QCBP, 1, "1", "0", { "10" }, "9", "1", { "1" }, "1/10", true },
  { DELTA1_SRLASSO,
    DELTA1_LEMMA_SRLASSO,
    2,
    "3/5",
    "0",
    { "17", "4" },
    "11",
    "6",
    { "6", "4" },
    "12/5",
    false },
  { DELTA1_SRLASSO,
    DELTA1_LEMMA_SRLASSO,
    2,
    "3/5",
    "0",
    { "17", "4" },
    "14",
    "3",
    { "3", "4" },
    "1/10",
    true },
};

static void
set_number (fmpq_t x, const char *text)
{
  delta1_reason_t reason;
  assert_ok (delta1_number_parse (x, text, &reason), reason);
}

static void
boxes_of_newton (void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof newton_boxes / sizeof newton_boxes[0]; i++)
    for (int with_residual = 0; with_residual < 2; with_residual++)
      {
        const newton_box_t *t = &newton_boxes[i];
        delta1_data_t data;
        delta1_box_t box;
        delta1_reason_t reason;
        slong at = 0;
        if (with_residual && t->r[0] == NULL)
          continue;
        assert_ok (delta1_data_init (&data, t->problem, t->m, 1, &reason), reason);
        fmpq_one (data.A);
        for (slong k = 0; k < t->m; k++)
          set_number (data.y + k, t->y[k]);
        set_number (data.matrix_radius, t->matrix_radius);
        if (t->parameter != NULL)
          set_number (data.parameter, t->parameter);
        assert_ok (delta1_box_init (&box, t->lemma, 1, with_residual ? t->m : 0, &reason), reason);
        box.candidate.sign[0] = 1;
        set_number (box.middle + at++, t->x);
        if (t->kappa != NULL)
          set_number (box.middle + at++, t->kappa);
        for (slong k = 0; k < t->m && with_residual; k++)
          set_number (box.middle + at++, t->r[k]);
        assert_int_equal (at, box.unknowns);
        for (slong k = 0; k < at; k++)
          set_number (box.radius + k, t->radius);
        delta1_status_t status = delta1_box_prove (&box, &data, 200, &reason);
        if (status != (t->holds ? DELTA1_OK : DELTA1_UNDECIDED))
          fail_msg ("box %zu, residual %d: %s %s", i, with_residual, delta1_status_name (status),
                    reason.text);
        delta1_box_clear (&box);
        delta1_data_clear (&data);
      }
}

static void
undecided (void **state)
{
  (void)state;
  delta1_data_t data;
  delta1_solution_t solution;
  delta1_reason_t reason;
  json_t *document;
  make_data (&data, DELTA1_LASSO, NULL);
  delta1_solution_init (&solution);
  assert_refused (delta1_solve_certificate (&document, &data, &solution, "test", NULL, &reason),
                  DELTA1_INPUT, reason, "undecided");
  assert_null (document);
  delta1_solution_clear (&solution);
  delta1_data_clear (&data);
}

int
main (void)
{
  const struct CMUnitTest tests[]
      = { cmocka_unit_test (determined),      cmocka_unit_test (not_determined),
          cmocka_unit_test (one_column_more), cmocka_unit_test (boxes),
          cmocka_unit_test (boxes_of_newton), cmocka_unit_test (undecided) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
