/* delta1 reconstruct: what it says. */
#include "programs/reconstruct.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BITS DELTA1_RECONSTRUCT_BITS
#define USEFUL 10

/* --- numbers as text -------------------------------------------------------------------------- */

typedef struct
{
  char text[40];
} decimal_t;

/* x with `digits` after the point, rounded up (direction > 0) or down. */
static decimal_t
decimal (const arf_t x, int digits, int direction)
{
  decimal_t d;
  mpfr_t value;
  mpfr_init2 (value, BITS);
  (void)arf_get_mpfr (value, x, direction > 0 ? MPFR_RNDU : MPFR_RNDD);
  if (mpfr_inf_p (value))
    strcpy (d.text, "inf");
  else
    (void)mpfr_snprintf (d.text, sizeof d.text, direction > 0 ? "%.*RUe" : "%.*RDe", digits, value);
  mpfr_clear (value);
  return d;
}

/* The upper end of x/y; y NULL: of x. */
static decimal_t
upper_quotient (const arb_t x, const arb_t y, int digits)
{
  arb_t q;
  arf_t end;
  arb_init (q);
  arf_init (end);
  if (y == NULL)
    arb_set (q, x);
  else
    arb_div (q, x, y, BITS);
  if (arb_is_finite (q))
    arb_get_ubound_arf (end, q, BITS);
  else
    arf_pos_inf (end);
  decimal_t d = decimal (end, digits, 1);
  arb_clear (q);
  arf_clear (end);
  return d;
}

static decimal_t
upper_mag (const mag_t x, const arb_t y, int digits)
{
  arb_t ball;
  arb_init (ball);
  arf_set_mag (arb_midref (ball), x);
  decimal_t d = upper_quotient (ball, y, digits);
  arb_clear (ball);
  return d;
}

static decimal_t
lower_end (const arb_t x, int digits)
{
  arf_t end;
  arf_init (end);
  arb_get_lbound_arf (end, x, BITS);
  decimal_t d = decimal (end, digits, -1);
  arf_clear (end);
  return d;
}

double
delta1_reconstruct_truth_length (const delta1_reconstruct_result_t *r)
{
  const delta1_image_t *image = &r->problem->truth;
  double sum = 0;
  for (slong i = 0; i < image->width * image->height; i++)
    sum += image->pixel[i] * image->pixel[i];
  return sqrt (sum);
}

/* --- names ------------------------------------------------------------------------------------ */

static const char *
transform_name (delta1_transform_t transform)
{
  return transform == DELTA1_TRANSFORM_WALSH ? "walsh" : "fourier";
}

static const char *
wavelet_name (delta1_wavelet_t wavelet)
{
  static const char *const names[] = { "none", "haar", "db2", "db3", "db4" };
  return names[wavelet];
}

static const char *
source_name (const delta1_reconstruct_setting_t *s)
{
  return s->data != NULL ? s->data : s->image != NULL ? s->image : delta1_phantom_name (s->phantom);
}

static const char *
mask_name (const delta1_reconstruct_setting_t *s)
{
  return s->mask != NULL ? s->mask : delta1_pattern_name (s->pattern);
}

/* --- the table -------------------------------------------------------------------------------- */

static void
print_line (FILE *f, const char *what, const char *relation, const char *value, const char *kind)
{
  bool none = strcmp (value, "inf") == 0;
  (void)fprintf (f, "%-54s %2s %-9s %s\n", what, none ? "" : relation, none ? "no bound" : value,
                 none ? "" : kind);
}

/* Bounds above USEFUL times the truth say nothing: then it is said that there is none. */
static void
print_bound (FILE *f, const char *what, const arb_t bound, const arb_t length)
{
  arb_t relative;
  arb_init (relative);
  arb_div (relative, bound, length, BITS);
  arb_sub_si (relative, relative, USEFUL, BITS);
  if (arb_is_negative (relative))
    print_line (f, what, "<=", upper_quotient (bound, length, 2).text, "conditional");
  else
    print_line (f, what, "", "inf", "");
  arb_clear (relative);
}

static void
print_accuracy (FILE *f, const delta1_reconstruct_result_t *r)
{
  const delta1_reconstruct_problem_t *p = r->problem;
  const delta1_reconstruct_setting_t *s = p->setting;
  if (r->least_inner == 0)
    {
      (void)fprintf (f, "(d) no bound with rho = %g, gamma = %g: %s\n", s->rho, s->gamma,
                     r->why.text);
      return;
    }
  arb_t length;
  arb_init (length);
  if (p->coefficients != NULL)
    {
      arb_set_d (length, delta1_reconstruct_truth_length (r));
      print_bound (f, "(d) ||phi_n(y) - x||/||x||", r->accuracy[0], length);
      if (r->polished.x != NULL)
        print_bound (f, "    the same after the polish", r->accuracy[1], length);
    }
  arb_clear (length);
  (void)fprintf (
      f,
      "    (d) assumes the null space property with rho = %g, gamma = %g, which nobody can check "
      "here;\n    the network itself has a bound from --inner %ld\n",
      s->rho, s->gamma, (long)r->least_inner);
}

static void
print_attack (FILE *f, const delta1_reconstruct_result_t *r)
{
  for (int i = 0; r->problem->setting->attack && i < DELTA1_RECONSTRUCT_ATTACKS; i++)
    {
      char what[80];
      arb_t length;
      arb_init (length);
      arb_set_d (length, r->problem->length);
      (void)snprintf (what, sizeof what, "    found by search at ||e||/||y|| = %s",
                      upper_quotient (r->attack[i].length, length, 1).text);
      print_line (f, what, ">=", lower_end (r->attack[i].lower, 2).text, "certified");
      arb_clear (length);
    }
}

void
delta1_reconstruct_print_claims (FILE *f, const delta1_reconstruct_result_t *r)
{
  const delta1_reconstruct_problem_t *p = r->problem;
  const delta1_reconstruct_setting_t *s = p->setting;
  char number[64];
  (void)fprintf (f, "%s, %ld x %ld: %s and %s of %ld levels, %ld samples (%.1f %%), %s\n",
                 source_name (s), (long)p->side, (long)p->side, transform_name (s->transform),
                 wavelet_name (s->wavelet), (long)p->levels, (long)p->samples,
                 100.0 * (double)p->samples / ((double)p->side * (double)p->side), mask_name (s));
  (void)fprintf (
      f, "network: %ld restarts of %ld steps, tau = %g, sigma = %g, lambda = %g, delta = %.4g\n\n",
      (long)s->restarts, (long)s->inner, s->tau, s->sigma, p->lambda, p->delta);
  print_line (f, "(a) ||computed - phi_n(y)||/||computed||, rounding",
              "<=", upper_mag (r->radius, r->length, 2).text, "certified");
  if (s->precision > 0)
    {
      arb_t ends[2];
      arb_init (ends[0]);
      arb_div (ends[0], r->enclosure[0], r->length, BITS);
      print_line (f, "    what it really is, in balls", ">=", lower_end (ends[0], 2).text,
                  "certified");
      print_line (f, "", "<=", upper_quotient (r->enclosure[1], r->length, 2).text, "certified");
      arb_clear (ends[0]);
    }
  print_line (f, "(b) ||phi_n(y + e) - phi_n(y)||/||e||, every y and e",
              "<=", upper_quotient (r->lipschitz, NULL, 2).text, "certified");
  print_attack (f, r);
  if (r->polished.x != NULL)
    {
      print_line (f, "(c) (F(computed) - F*)/F*", "<=", upper_mag (r->run.relative, NULL, 2).text,
                  "certified");
      (void)snprintf (number, sizeof number, "    the same after %ld steps of polish",
                      (long)r->polish.made);
      print_line (f, number, "<=", upper_mag (r->best.relative, NULL, 2).text, "certified");
    }
  print_accuracy (f, r);
  if (p->coefficients != NULL)
    {
      double length = delta1_reconstruct_truth_length (r);
      (void)snprintf (number, sizeof number, "%.3g", r->error / length);
      print_line (f, "(e) ||computed - x||/||x||, the truth being known", "=", number, "measured");
      if (r->polished.x != NULL)
        {
          (void)snprintf (number, sizeof number, "%.3g", r->polished_error / length);
          print_line (f, "    the same after the polish", "=", number, "measured");
        }
      (void)snprintf (number, sizeof number, "%.3g", r->zero_filled_error / length);
      print_line (f, "    the same of zero filling", "=", number, "measured");
    }
}

static void
print_seconds (FILE *f, const delta1_reconstruct_result_t *r)
{
  const delta1_reconstruct_setting_t *s = r->problem->setting;
  (void)fprintf (f, "\nseconds: network with (a) %.2f", r->seconds);
  if (r->trace != NULL)
    (void)fprintf (f, ", trace %.2f", r->trace_seconds);
  if (r->polished.x != NULL)
    (void)fprintf (f, ", polish %.2f", r->polish.seconds);
  if (s->precision > 0)
    (void)fprintf (f, ", balls %.2f", r->enclosure_seconds);
  if (s->attack)
    (void)fprintf (f, ", search %.2f", r->attack_seconds);
  (void)fprintf (f, "\n");
}

void
delta1_reconstruct_print (const delta1_reconstruct_result_t *r)
{
  delta1_reconstruct_print_claims (stdout, r);
  print_seconds (stdout, r);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static json_t *
real_or_null (double x)
{
  return isfinite (x) ? json_real (x) : json_null ();
}

static json_t *
reals (const double *x, slong count)
{
  json_t *array = json_array ();
  for (slong i = 0; x != NULL && i < count; i++)
    (void)json_array_append_new (array, real_or_null (x[i]));
  return array;
}

static json_t *
input_json (const delta1_reconstruct_problem_t *p)
{
  const delta1_reconstruct_setting_t *s = p->setting;
  json_t *sparsity = json_array ();
  for (slong k = 0; k < p->levels; k++)
    (void)json_array_append_new (sparsity, json_integer (p->sparsity[k]));
  return json_pack ("{s:s,s:I,s:s,s:s,s:I,s:s,s:I,s:I,s:f,s:o,s:f}", "source", source_name (s),
                    "side", (json_int_t)p->side, "transform", transform_name (s->transform),
                    "wavelet", wavelet_name (s->wavelet), "levels", (json_int_t)p->levels, "mask",
                    mask_name (s), "samples", (json_int_t)p->samples, "seed", (json_int_t)s->seed,
                    "noise", s->noise, "sparsity", sparsity, "length", p->length);
}

static json_t *
network_json (const delta1_reconstruct_problem_t *p)
{
  const delta1_reconstruct_setting_t *s = p->setting;
  return json_pack ("{s:I,s:I,s:f,s:f,s:f,s:f,s:f,s:s,s:o}", "inner", (json_int_t)s->inner,
                    "restarts", (json_int_t)s->restarts, "tau", s->tau, "sigma", s->sigma, "lambda",
                    p->lambda, "delta", p->delta, "eps_0", p->length, "upsilon", "1/e", "weights",
                    reals (p->level_weight, p->levels));
}

static json_t *
attack_json (const delta1_reconstruct_result_t *r)
{
  json_t *array = json_array ();
  for (int i = 0; r->problem->setting->attack && i < DELTA1_RECONSTRUCT_ATTACKS; i++)
    (void)json_array_append_new (
        array, json_pack ("{s:s,s:s,s:f,s:s}", "distance",
                          upper_quotient (r->attack[i].length, NULL, 6).text, "at_least",
                          lower_end (r->attack[i].lower, 6).text, "found", r->attack[i].found,
                          "at_most", upper_quotient (r->attack[i].upper, NULL, 6).text));
  return array;
}

static json_t *
accuracy_json (const delta1_reconstruct_result_t *r)
{
  const delta1_reconstruct_setting_t *s = r->problem->setting;
  return json_pack ("{s:b,s:f,s:f,s:I,s:s,s:s}", "conditional", 1, "rho", s->rho, "gamma", s->gamma,
                    "least_inner", (json_int_t)r->least_inner, "error",
                    upper_quotient (r->accuracy[0], NULL, 6).text, "error_polished",
                    upper_quotient (r->accuracy[1], NULL, 6).text);
}

static json_t *
gap_json (const delta1_reconstruct_result_t *r)
{
  if (r->polished.x == NULL)
    return json_null ();
  return json_pack ("{s:s,s:s,s:s,s:s,s:s,s:I}", "computed", upper_mag (r->run.gap, NULL, 6).text,
                    "computed_relative", upper_mag (r->run.relative, NULL, 6).text, "polished",
                    upper_mag (r->best.gap, NULL, 6).text, "polished_relative",
                    upper_mag (r->best.relative, NULL, 6).text, "minimum_at_least",
                    lower_end (r->best.dual, 9).text, "polish_steps", (json_int_t)r->polish.made);
}

static json_t *
rounding_json (const delta1_reconstruct_result_t *r)
{
  json_t *object = json_pack ("{s:s,s:s}", "radius", upper_mag (r->radius, NULL, 6).text,
                              "relative", upper_mag (r->radius, r->length, 6).text);
  if (object != NULL && r->problem->setting->precision > 0)
    (void)json_object_set_new (object, "true",
                               json_pack ("[s,s]", lower_end (r->enclosure[0], 6).text,
                                          upper_quotient (r->enclosure[1], NULL, 6).text));
  return object;
}

json_t *
delta1_reconstruct_json (const delta1_reconstruct_result_t *r)
{
  const delta1_reconstruct_problem_t *p = r->problem;
  double length = p->coefficients == NULL ? NAN : delta1_reconstruct_truth_length (r);
  slong steps = r->trace == NULL ? 0 : delta1_trace_count (r->trace);
  return json_pack (
      "{s:s,s:i,s:o,s:o,s:o,s:{s:s,s:o},s:o,s:o,s:{s:o,s:o,s:o},s:{s:f,s:f,s:f,s:f,s:f},"
      "s:{s:o,s:o}}",
      "format", "delta1-reconstruct", "version", 1, "input", input_json (p), "network",
      network_json (p), "rounding", rounding_json (r), "stability", "at_most",
      upper_quotient (r->lipschitz, NULL, 6).text, "search", attack_json (r), "gap", gap_json (r),
      "accuracy", accuracy_json (r), "error", "computed", real_or_null (r->error / length),
      "polished", real_or_null (r->polished_error / length), "zero_filled",
      real_or_null (r->zero_filled_error / length), "seconds", "network", r->seconds, "trace",
      r->trace_seconds, "polish", r->polish.seconds, "balls", r->enclosure_seconds, "search",
      r->attack_seconds, "trace", "objective",
      reals (r->trace == NULL ? NULL : delta1_trace_objective (r->trace), steps), "error",
      reals (r->trace == NULL ? NULL : delta1_trace_error (r->trace), steps));
}
