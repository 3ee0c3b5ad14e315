/* delta1 reconstruct: what it says. */
#include "programs/reconstruct.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "programs/bound_text.h"

#define BITS DELTA1_RECONSTRUCT_BITS
#define USEFUL 10

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
  return s->input != NULL ? s->input : delta1_phantom_name (s->phantom);
}

static const char *
mask_name (const delta1_reconstruct_problem_t *p)
{
  const delta1_reconstruct_setting_t *s = p->setting;
  if (p->input >= DELTA1_RECONSTRUCT_NPY && s->mask == NULL && !s->pattern_given)
    return "nonzero samples";
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
    print_line (f, what, "<=", delta1_bound_quotient (bound, length, 2).text, "conditional");
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

void
delta1_reconstruct_print_problem (FILE *f, const delta1_reconstruct_problem_t *p)
{
  const delta1_reconstruct_setting_t *s = p->setting;
  (void)fprintf (f, "%s, %ld x %ld: %s and %s of %ld levels, %ld samples (%.1f %%), %s\n",
                 source_name (s), (long)p->side, (long)p->side, transform_name (s->transform),
                 wavelet_name (s->wavelet), (long)p->levels, (long)p->samples,
                 100.0 * (double)p->samples / ((double)p->side * (double)p->side), mask_name (p));
  (void)fprintf (
      f, "network: %ld restarts of %ld steps, tau = %g, sigma = %g, lambda = %g, delta = %.4g\n",
      (long)s->restarts, (long)s->inner, s->tau, s->sigma, p->lambda, p->delta);
  if (delta1_reconstruct_is_padded (p))
    (void)fprintf (
        f,
        "padded with black from %ld x %ld: every claim is of the padded picture; what is "
        "written is cropped\n",
        (long)p->frame.width, (long)p->frame.height);
  (void)fprintf (f, "\n");
}

void
delta1_reconstruct_print_claims (FILE *f, const delta1_reconstruct_result_t *r)
{
  const delta1_reconstruct_problem_t *p = r->problem;
  const delta1_reconstruct_setting_t *s = p->setting;
  char number[64];
  delta1_reconstruct_print_problem (f, p);
  print_line (f, "(a) ||computed - phi_n(y)||/||computed||, rounding",
              "<=", delta1_bound_mag (r->radius, r->length, 2).text, "certified");
  if (s->precision > 0)
    {
      arb_t ends[2];
      arb_init (ends[0]);
      arb_div (ends[0], r->enclosure[0], r->length, BITS);
      print_line (f, "    what it really is, in balls", ">=", delta1_bound_lower (ends[0], 2).text,
                  "certified");
      print_line (f, "", "<=", delta1_bound_quotient (r->enclosure[1], r->length, 2).text,
                  "certified");
      arb_clear (ends[0]);
    }
  print_line (f, "(b) ||phi_n(y + e) - phi_n(y)||/||e||, every y and e",
              "<=", delta1_bound_quotient (r->lipschitz, NULL, 2).text, "certified");
  if (r->polished.x != NULL)
    {
      print_line (f, "(c) (F(computed) - F*)/F*",
                  "<=", delta1_bound_mag (r->run.relative, NULL, 2).text, "certified");
      (void)snprintf (number, sizeof number, "    the same after %ld steps of polish",
                      (long)r->polish.made);
      print_line (f, number, "<=", delta1_bound_mag (r->best.relative, NULL, 2).text, "certified");
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

json_t *
delta1_reconstruct_input_json (const delta1_reconstruct_problem_t *p)
{
  const delta1_reconstruct_setting_t *s = p->setting;
  json_t *sparsity = json_array ();
  for (slong k = 0; k < p->levels; k++)
    (void)json_array_append_new (sparsity, json_integer (p->sparsity[k]));
  return json_pack (
      "{s:s,s:I,s:I,s:I,s:b,s:s,s:s,s:I,s:s,s:I,s:I,s:f,s:o,s:f}", "source", source_name (s),
      "side", (json_int_t)p->side, "width", (json_int_t)p->frame.width, "height",
      (json_int_t)p->frame.height, "padded", (int)delta1_reconstruct_is_padded (p), "transform",
      transform_name (s->transform), "wavelet", wavelet_name (s->wavelet), "levels",
      (json_int_t)p->levels, "mask", mask_name (p), "samples", (json_int_t)p->samples, "seed",
      (json_int_t)s->seed, "noise", s->noise, "sparsity", sparsity, "length", p->length);
}

json_t *
delta1_reconstruct_network_json (const delta1_reconstruct_problem_t *p)
{
  const delta1_reconstruct_setting_t *s = p->setting;
  return json_pack ("{s:I,s:I,s:f,s:f,s:f,s:f,s:f,s:s,s:o}", "inner", (json_int_t)s->inner,
                    "restarts", (json_int_t)s->restarts, "tau", s->tau, "sigma", s->sigma, "lambda",
                    p->lambda, "delta", p->delta, "eps_0", p->length, "upsilon", "1/e", "weights",
                    reals (p->level_weight, p->levels));
}

static json_t *
accuracy_json (const delta1_reconstruct_result_t *r)
{
  const delta1_reconstruct_setting_t *s = r->problem->setting;
  return json_pack ("{s:b,s:f,s:f,s:I,s:s,s:s}", "conditional", 1, "rho", s->rho, "gamma", s->gamma,
                    "least_inner", (json_int_t)r->least_inner, "error",
                    delta1_bound_quotient (r->accuracy[0], NULL, 6).text, "error_polished",
                    delta1_bound_quotient (r->accuracy[1], NULL, 6).text);
}

static json_t *
gap_json (const delta1_reconstruct_result_t *r)
{
  if (r->polished.x == NULL)
    return json_null ();
  return json_pack (
      "{s:s,s:s,s:s,s:s,s:s,s:I}", "computed", delta1_bound_mag (r->run.gap, NULL, 6).text,
      "computed_relative", delta1_bound_mag (r->run.relative, NULL, 6).text, "polished",
      delta1_bound_mag (r->best.gap, NULL, 6).text, "polished_relative",
      delta1_bound_mag (r->best.relative, NULL, 6).text, "minimum_at_least",
      delta1_bound_lower (r->best.dual, 9).text, "polish_steps", (json_int_t)r->polish.made);
}

static json_t *
rounding_json (const delta1_reconstruct_result_t *r)
{
  json_t *object = json_pack ("{s:s,s:s}", "radius", delta1_bound_mag (r->radius, NULL, 6).text,
                              "relative", delta1_bound_mag (r->radius, r->length, 6).text);
  if (object != NULL && r->problem->setting->precision > 0)
    (void)json_object_set_new (object, "true",
                               json_pack ("[s,s]", delta1_bound_lower (r->enclosure[0], 6).text,
                                          delta1_bound_quotient (r->enclosure[1], NULL, 6).text));
  return object;
}

json_t *
delta1_reconstruct_json (const delta1_reconstruct_result_t *r)
{
  const delta1_reconstruct_problem_t *p = r->problem;
  double length = p->coefficients == NULL ? NAN : delta1_reconstruct_truth_length (r);
  slong steps = r->trace == NULL ? 0 : delta1_trace_count (r->trace);
  return json_pack (
      "{s:s,s:i,s:o,s:o,s:o,s:{s:s},s:o,s:o,s:{s:o,s:o,s:o},s:{s:f,s:f,s:f,s:f},"
      "s:{s:o,s:o}}",
      "format", "delta1-reconstruct", "version", 1, "input", delta1_reconstruct_input_json (p),
      "network", delta1_reconstruct_network_json (p), "rounding", rounding_json (r), "stability",
      "at_most", delta1_bound_quotient (r->lipschitz, NULL, 6).text, "gap", gap_json (r),
      "accuracy", accuracy_json (r), "error", "computed", real_or_null (r->error / length),
      "polished", real_or_null (r->polished_error / length), "zero_filled",
      real_or_null (r->zero_filled_error / length), "seconds", "network", r->seconds, "trace",
      r->trace_seconds, "polish", r->polish.seconds, "balls", r->enclosure_seconds, "trace",
      "objective", reals (r->trace == NULL ? NULL : delta1_trace_objective (r->trace), steps),
      "error", reals (r->trace == NULL ? NULL : delta1_trace_error (r->trace), steps));
}
