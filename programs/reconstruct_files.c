/* delta1 reconstruct: the files of a directory. */
#include "programs/reconstruct.h"

#include <math.h>
#include <stdio.h>

#include "firenet/reconstruction.h"
#include "firenet/vector_file.h"
#include "src/file.h"

/* Grey windows of pictures: 0 is black, 1 white; of differences, a tenth is white. */
static const double window[2] = { 0, 1 };
static const double difference_window[2] = { 0, 0.1 };

typedef struct
{
  const delta1_reconstruct_result_t *result;
  const char *directory;
  char path[4096];
} out_t;

static const char *
path_of (out_t *out, const char *name)
{
  (void)snprintf (out->path, sizeof out->path, "%s/%s", out->directory, name);
  return out->path;
}

static delta1_status_t
write_array (out_t *out, const char *name, const void *v, slong count, delta1_reason_t *reason)
{
  char sha256[DELTA1_SHA256_TEXT];
  const slong shape[2] = { count, 0 };
  return delta1_vector_write (sha256, path_of (out, name), out->result->problem->A->use, v, shape,
                              reason);
}

/* The picture of x; and, where the truth is known and a name is given, of |x - truth|. */
static delta1_status_t
write_picture (out_t *out, const char *name, const char *difference, const void *x,
               delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_reconstruct_problem_t *p = out->result->problem;
  delta1_image_t image = { .pixel = NULL };
  DELTA1_TRY (delta1_reconstruct_image (&image, p, x, reason));
  DELTA1_TRY (delta1_image_write (&image, path_of (out, name), 8, window, reason));
  if (difference != NULL && p->truth.pixel != NULL)
    {
      for (slong i = 0; i < image.width * image.height; i++)
        image.pixel[i] = fabs (image.pixel[i] - p->truth.pixel[i]);
      DELTA1_TRY (
          delta1_image_write (&image, path_of (out, difference), 8, difference_window, reason));
    }
cleanup:
  delta1_image_clear (&image);
  return status;
}

static delta1_status_t
write_zero_filled (out_t *out, delta1_reason_t *reason)
{
  const delta1_reconstruct_problem_t *p = out->result->problem;
  void *x = p->A->use->create (p->A->N, p->A->bits);
  if (x == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for an image");
  delta1_operator_adjoint (p->A, x, p->y);
  delta1_status_t status = write_picture (out, "zero-filled.png", NULL, x, reason);
  p->A->use->free (x, p->A->N);
  return status;
}

delta1_status_t
delta1_reconstruct_write_trace (const delta1_reconstruct_result_t *r, const char *path,
                                delta1_reason_t *reason)
{
  delta1_file_t file;
  const delta1_trace_t *trace = r->trace;
  const double *objective = delta1_trace_objective (trace), *error = delta1_trace_error (trace);
  delta1_status_t status = delta1_file_open (&file, path, reason);
  if (status != DELTA1_OK)
    return status;
  (void)fputs ("step,restart,objective,error\r\n", file.stream);
  for (slong k = 0; k < delta1_trace_count (trace); k++)
    {
      (void)fprintf (file.stream, "%ld,%ld,%.17g,", (long)k + 1,
                     (long)(k / r->problem->network.inner) + 1, objective[k]);
      if (error != NULL)
        (void)fprintf (file.stream, "%.17g", error[k]);
      (void)fputs ("\r\n", file.stream);
    }
  return delta1_file_close (&file, true, reason);
}

delta1_status_t
delta1_reconstruct_write_picture (const delta1_reconstruct_problem_t *p, const void *x,
                                  const char *path, delta1_reason_t *reason)
{
  delta1_image_t image = { .pixel = NULL };
  delta1_status_t status = delta1_reconstruct_image (&image, p, x, reason);
  if (status == DELTA1_OK)
    status = delta1_image_write (&image, path, 8, window, reason);
  delta1_image_clear (&image);
  return status;
}

delta1_status_t
delta1_reconstruct_write_npy (const delta1_reconstruct_problem_t *p, const void *x,
                              const char *path, delta1_reason_t *reason)
{
  delta1_npy_t array
      = { .shape = { p->frame.height, p->frame.width }, .is_complex = p->A->use->is_complex };
  delta1_status_t status = delta1_reconstruct_pixels (&array.values, p, x, reason);
  if (status == DELTA1_OK)
    status = delta1_npy_write (path, &array, NULL, reason);
  free (array.values);
  return status;
}

delta1_status_t
delta1_reconstruct_write (const delta1_reconstruct_result_t *r, const char *directory,
                          delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_reconstruct_problem_t *p = r->problem;
  out_t out = { .result = r, .directory = directory };
  if (p->truth.pixel != NULL)
    DELTA1_TRY (delta1_image_write (&p->truth, path_of (&out, "truth.png"), 8, window, reason));
  DELTA1_TRY (delta1_image_write_mask (p->mask, p->side, path_of (&out, "mask.png"), reason));
  DELTA1_TRY (write_zero_filled (&out, reason));
  DELTA1_TRY (write_picture (&out, "reconstruction.png", "difference.png", r->x, reason));
  DELTA1_TRY (write_array (&out, "data.npy", p->y, p->A->m, reason));
  DELTA1_TRY (write_array (&out, "coefficients.npy", r->x, p->A->N, reason));
  if (r->polished.x != NULL)
    {
      DELTA1_TRY (
          write_picture (&out, "polished.png", "polished-difference.png", r->polished.x, reason));
      DELTA1_TRY (write_array (&out, "polished.npy", r->polished.x, p->A->N, reason));
      DELTA1_TRY (write_array (&out, "dual.npy", r->polished.u, p->A->m, reason));
    }
  if (r->trace != NULL)
    DELTA1_TRY (delta1_reconstruct_write_trace (r, path_of (&out, "trace.csv"), reason));
  DELTA1_TRY (delta1_reconstruct_draw (r, path_of (&out, "page"), reason));
cleanup:
  return status;
}

delta1_status_t
delta1_reconstruct_certify (const delta1_reconstruct_result_t *r, const char *path,
                            delta1_reason_t *reason)
{
  const delta1_reconstruct_problem_t *p = r->problem;
  delta1_sampled_t sampled;
  delta1_reconstruct_sampled (&sampled, p);
  const delta1_reconstruction_t reconstruction = { .A = p->A,
                                                   .sampled = &sampled,
                                                   .network = &p->network,
                                                   .y = p->y,
                                                   .x = r->x,
                                                   .rounding = r->rounding,
                                                   .dual = r->polished.u,
                                                   .polished = r->polished.x,
                                                   .program = "delta1 reconstruct" };
  return delta1_reconstruction_write (&reconstruction, path, reason);
}
