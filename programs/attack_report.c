/* delta1 attack: what it says and writes. */
#include "programs/attack.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "firenet/vector_file.h"
#include "programs/bound_text.h"

#define BITS DELTA1_RECONSTRUCT_BITS
#define PATH 4096

/* Not above lower/bound. */
static void
find_share (arb_t share, const delta1_attack_result_t *result, const delta1_attack_decade_t *decade)
{
  arb_div (share, decade->lower, result->run->lipschitz, BITS);
}

void
delta1_attack_print (const delta1_attack_result_t *result)
{
  const delta1_attack_request_t *request = result->request;
  arb_t percent;
  arb_init (percent);
  delta1_reconstruct_print_problem (stdout, result->run->problem);
  printf (
      "||phi_n(y + e) - phi_n(y)||/||e||: no e has more than the bound (Theorem 6.5, certified);\n"
      "some e has at least what was found, and a random one what it has (certified, of two "
      "runs)\n\n");
  printf ("||e||/||y||  bound      found      of the bound  random     steps\n");
  for (slong i = 0; i < request->norms; i++)
    {
      const delta1_attack_decade_t *decade = result->decade + i;
      find_share (percent, result, decade);
      arb_mul_si (percent, percent, 100, BITS);
      printf ("%-11g  %-9s  %-9s  %10.1f %%  %-9s  %5ld\n", request->norm[i],
              delta1_bound_quotient (result->run->lipschitz, NULL, 2).text,
              delta1_bound_lower (decade->lower, 2).text,
              floor (10 * arf_get_d (arb_midref (percent), ARF_RND_DOWN)) / 10,
              delta1_bound_lower (decade->random, 2).text, (long)decade->steps);
    }
  printf ("\nJacobian at y: norm %.3g in %ld steps, in doubles\n", result->jacobian,
          (long)result->lanczos);
  printf ("seconds: network with its rounding bound %.2f, search %.2f\n", result->run->seconds,
          result->seconds);
  arb_clear (percent);
}

json_t *
delta1_attack_json (const delta1_attack_result_t *result)
{
  const delta1_attack_request_t *request = result->request;
  const delta1_reconstruct_problem_t *p = result->run->problem;
  json_t *search = json_array ();
  arb_t share;
  arb_init (share);
  for (slong i = 0; i < request->norms; i++)
    {
      const delta1_attack_decade_t *decade = result->decade + i;
      find_share (share, result, decade);
      (void)json_array_append_new (
          search, json_pack ("{s:f,s:s,s:s,s:f,s:s,s:s,s:I}", "relative", request->norm[i],
                             "distance", delta1_bound_quotient (decade->length, NULL, 6).text,
                             "at_least", delta1_bound_lower (decade->lower, 6).text, "found",
                             decade->found, "share", delta1_bound_lower (share, 6).text, "random",
                             delta1_bound_lower (decade->random, 6).text, "steps",
                             (json_int_t)decade->steps));
    }
  arb_clear (share);
  return json_pack ("{s:s,s:i,s:o,s:o,s:s,s:{s:f,s:I},s:o,s:{s:f,s:f}}", "format", "delta1-attack",
                    "version", 1, "input", delta1_reconstruct_input_json (p), "network",
                    delta1_reconstruct_network_json (p), "at_most",
                    delta1_bound_quotient (result->run->lipschitz, NULL, 6).text, "jacobian",
                    "norm", result->jacobian, "steps", (json_int_t)result->lanczos, "search",
                    search, "seconds", "network", result->run->seconds, "search", result->seconds);
}

/* --- files ------------------------------------------------------------------------------------ */

/* |W (x - from)| (from NULL: |W x|), white at its largest: what is looked at is the shape, and the
 * table says the size. */
static delta1_status_t
write_modulus (const delta1_reconstruct_problem_t *p, const void *x, const void *from,
               const char *path, delta1_reason_t *reason)
{
  slong count = p->frame.height * p->frame.width, parts = p->A->use->is_complex ? 2 : 1;
  double window[2] = { 0, 0 }, *a = NULL, *b = NULL;
  delta1_image_t image = { .pixel = NULL };
  delta1_status_t status = DELTA1_OK;
  DELTA1_TRY (delta1_reconstruct_pixels (&a, p, x, reason));
  if (from != NULL)
    DELTA1_TRY (delta1_reconstruct_pixels (&b, p, from, reason));
  DELTA1_TRY (delta1_image_init (&image, p->frame.width, p->frame.height, reason));
  for (slong i = 0; b != NULL && i < parts * count; i++)
    a[i] -= b[i];
  for (slong i = 0; i < count; i++)
    {
      image.pixel[i] = parts == 2 ? hypot (a[2 * i], a[2 * i + 1]) : fabs (a[i]);
      window[1] = fmax (window[1], image.pixel[i]);
    }
  if (!(window[1] > 0)) /* all black */
    window[1] = 1;
  DELTA1_TRY (delta1_image_write (&image, path, 8, window, reason));
cleanup:
  free (a);
  free (b);
  delta1_image_clear (&image);
  return status;
}

/* The perturbation as a picture: W A* e, e = datum - y. */
static delta1_status_t
write_perturbation (const delta1_reconstruct_problem_t *p, const void *datum, const char *path,
                    delta1_reason_t *reason)
{
  const delta1_operator_t *A = p->A;
  delta1_status_t status = DELTA1_OK;
  void *perturbed = A->use->create (A->N, A->bits), *clean = A->use->create (A->N, A->bits);
  if (perturbed == NULL || clean == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a picture"));
  delta1_operator_adjoint (A, perturbed, datum);
  delta1_operator_adjoint (A, clean, p->y);
  DELTA1_TRY (write_modulus (p, perturbed, clean, path, reason));
cleanup:
  A->use->free (perturbed, A->N);
  A->use->free (clean, A->N);
  return status;
}

static delta1_status_t
write_decade (const delta1_attack_result_t *result, slong i, const char *directory,
              delta1_reason_t *reason)
{
  const delta1_reconstruct_problem_t *p = result->run->problem;
  const delta1_attack_decade_t *decade = result->decade + i;
  const slong shape[2] = { p->A->m, 0 };
  double norm = result->request->norm[i];
  char path[PATH], sha256[DELTA1_SHA256_TEXT];
  delta1_status_t status = DELTA1_OK;
  (void)snprintf (path, sizeof path, "%s/data-%g.npy", directory, norm);
  DELTA1_TRY (delta1_vector_write (sha256, path, p->A->use, decade->datum, shape, reason));
  (void)snprintf (path, sizeof path, "%s/perturbation-%g.png", directory, norm);
  DELTA1_TRY (write_perturbation (p, decade->datum, path, reason));
  (void)snprintf (path, sizeof path, "%s/reconstruction-%g.png", directory, norm);
  DELTA1_TRY (delta1_reconstruct_write_picture (p, decade->x, path, reason));
  (void)snprintf (path, sizeof path, "%s/change-%g.png", directory, norm);
  DELTA1_TRY (write_modulus (p, decade->x, result->run->x, path, reason));
cleanup:
  return status;
}

delta1_status_t
delta1_attack_write (const delta1_attack_result_t *result, const char *directory,
                     delta1_reason_t *reason)
{
  const delta1_reconstruct_problem_t *p = result->run->problem;
  const slong shape[2] = { p->A->m, 0 };
  char path[PATH], sha256[DELTA1_SHA256_TEXT];
  delta1_status_t status = DELTA1_OK;
  (void)snprintf (path, sizeof path, "%s/mask.png", directory);
  DELTA1_TRY (delta1_image_write_mask (p->mask, p->side, path, reason));
  (void)snprintf (path, sizeof path, "%s/data.npy", directory);
  DELTA1_TRY (delta1_vector_write (sha256, path, p->A->use, p->y, shape, reason));
  (void)snprintf (path, sizeof path, "%s/reconstruction.png", directory);
  DELTA1_TRY (delta1_reconstruct_write_picture (p, result->run->x, path, reason));
  for (slong i = 0; i < result->request->norms; i++)
    DELTA1_TRY (write_decade (result, i, directory, reason));
cleanup:
  return status;
}
