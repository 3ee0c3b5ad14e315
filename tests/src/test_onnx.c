#include "tests/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/network_evaluate.h"
#include "src/onnx.h"
#include "tests/src/random_network.h"

/* A random network of the subset. */
static delta1_network_t *
random_relu (random_weights_t weights)
{
  delta1_reason_t reason;
  delta1_network_t *network;
  slong layers = 1 + delta1_test_random_below (4), widths[4];
  for (slong j = 0; j < layers; j++)
    widths[j] = 1 + delta1_test_random_below (6);
  assert_ok (
      delta1_network_create (&network, 1 + delta1_test_random_below (6), layers, widths, &reason),
      reason);
  for (slong j = 0; j < layers; j++)
    {
      fmpq_mat_struct *W = delta1_network_edit_weights (network, j);
      for (slong i = 0; i < fmpq_mat_nrows (W); i++)
        for (slong k = 0; k < fmpq_mat_ncols (W); k++)
          random_weight (fmpq_mat_entry (W, i, k), weights);
      if (delta1_test_random () & 1)
        random_weight (fmpq_mat_entry (delta1_network_edit_bias (network, j), 0, 0), weights);
      if (delta1_test_random () & 1)
        assert_ok (delta1_network_set_units (network, j, 0, widths[j], DELTA1_RELU, &reason),
                   reason);
    }
  return network;
}

static void
a_network_comes_back (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int round = 0; round < delta1_test_rounds (200); round++)
    {
      delta1_network_t *back, *network = random_relu (RANDOM_WEIGHTS_DYADIC);
      void *data;
      size_t size;
      assert_ok (delta1_onnx_encode (&data, &size, network, false, &reason), reason);
      assert_ok (delta1_onnx_decode (&back, data, size, &reason), reason);
      assert_true (delta1_network_equal (network, back));
      free (data);
      delta1_network_free (back);
      delta1_network_free (network);
    }
}

/* Cut at every byte, and with random bytes changed: a network or one line, and never a crash. */
static void
broken_models_are_refused (void **state)
{
  (void)state;
  delta1_reason_t reason;
  slong refused = 0;
  for (int round = 0; round < delta1_test_rounds (20); round++)
    {
      delta1_network_t *back, *network = random_relu (RANDOM_WEIGHTS_DYADIC);
      void *data;
      size_t size;
      assert_ok (delta1_onnx_encode (&data, &size, network, false, &reason), reason);
      for (size_t cut = 0; cut < size; cut++)
        {
          delta1_status_t status = delta1_onnx_decode (&back, data, cut, &reason);
          if (status != DELTA1_OK)
            {
              assert_int_equal (status, DELTA1_INPUT);
              assert_null (back);
            }
          delta1_network_free (back);
        }
      unsigned char *copy = malloc (size);
      assert_non_null (copy);
      for (int change = 0; change < 300; change++)
        {
          memcpy (copy, data, size);
          for (int i = 0; i < 3; i++)
            copy[delta1_test_random_below ((slong)size)] = (unsigned char)delta1_test_random ();
          delta1_status_t status = delta1_onnx_decode (&back, copy, size, &reason);
          refused += status == DELTA1_INPUT;
          assert_true (status == DELTA1_OK || status == DELTA1_INPUT);
          delta1_network_free (back);
        }
      free (copy);
      free (data);
      delta1_network_free (network);
    }
  assert_true (refused > 1000);
}

static void
what_onnx_cannot_hold_is_refused (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const slong widths[1] = { 2 };
  delta1_network_t *network, *back;
  void *data;
  size_t size;
  assert_ok (delta1_network_create (&network, 1, 1, widths, &reason), reason);
  fmpq *w = fmpq_mat_entry (delta1_network_edit_weights (network, 0), 0, 0);
  fmpq_set_si (w, 1, 3);
  assert_refused (delta1_onnx_encode (&data, &size, network, false, &reason), DELTA1_DOMAIN, reason,
                  "not a double");
  assert_ok (delta1_onnx_encode (&data, &size, network, true, &reason), reason);
  assert_ok (delta1_onnx_decode (&back, data, size, &reason), reason);
  fmpq_set_si (w, 6004799503160661, UWORD (1) << 54);
  fmpq_canonicalise (w);
  assert_true (delta1_network_equal (network, back));
  delta1_network_free (back);
  free (data);
  fmpq_set_si (w, 1, 1);
  fmpq_mul_2exp (w, w, 1024);
  assert_refused (delta1_onnx_encode (&data, &size, network, true, &reason), DELTA1_DOMAIN, reason,
                  "beyond");
  fmpq_one (w);
  assert_ok (delta1_network_set_units (network, 0, 1, 1, DELTA1_RELU, &reason), reason);
  assert_refused (delta1_onnx_encode (&data, &size, network, true, &reason), DELTA1_INPUT, reason,
                  "layer 0");
  assert_ok (delta1_network_set_units (network, 0, 0, 2, DELTA1_RELU, &reason), reason);
  delta1_network_edit_skip (network, 0);
  assert_refused (delta1_onnx_encode (&data, &size, network, true, &reason), DELTA1_INPUT, reason,
                  "skip");
  assert_null (data);
  assert_refused (delta1_onnx_read (&back, "/nonexistent.onnx", &reason), DELTA1_SYSTEM, reason,
                  "nonexistent");
  assert_refused (delta1_onnx_read (&back, "/dev/zero", &reason), DELTA1_SYSTEM, reason, "regular");
  delta1_network_free (network);
}

/* Runs onnx_reference.py; skips the test when there is no onnx package. */
static void
reference (const char *verb, const char *path, char *line, size_t size)
{
  const char *python = getenv ("PYTHON3"), *top = getenv ("top_srcdir");
  char *command = NULL;
  assert_true (asprintf (&command, "%s %s/tests/src/onnx_reference.py %s %s 2>/dev/null",
                         python == NULL ? "/usr/bin/python3" : python, top == NULL ? "." : top,
                         verb, path)
               > 0);
  FILE *pipe = popen (command, "r");
  assert_non_null (pipe);
  if (fgets (line, (int)size, pipe) == NULL)
    line[0] = '\0';
  int status = pclose (pipe);
  free (command);
  if (status == 77 << 8)
    skip ();
  assert_int_equal (status, 0);
}

static void
the_onnx_package_agrees (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_network_t *network;
  char line[256], *path = NULL;
  assert_true (asprintf (&path, "%s/model.onnx", delta1_test_directory ()) > 0);
  reference ("write", path, line, sizeof line);
  assert_ok (delta1_onnx_read (&network, path, &reason), reason);
  /* y = (2, 1): (2.25, -1, 0) + (0.5, -0.125, 0) -> (2.75, 0, 0); 2 * 2.75 + 8/2 = 9.5 */
  fmpq *y = _fmpq_vec_init (2), *x = _fmpq_vec_init (1);
  fmpq_set_si (y, 2, 1);
  fmpq_set_si (y + 1, 1, 1);
  assert_ok (delta1_network_evaluate (x, network, y, &reason), reason);
  fmpq_set_si (y, 19, 2);
  assert_true (fmpq_equal (x, y));
  assert_ok (delta1_onnx_write (network, path, false, &reason), reason);
  reference ("check", path, line, sizeof line);
  /* weights 1.75 + 0.375 + 2 * 7 + 4 */
  assert_string_equal (line, "Gemm Relu Gemm 20.125\n");
  _fmpq_vec_clear (y, 2);
  _fmpq_vec_clear (x, 1);
  delta1_network_free (network);
  free (path);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_network_comes_back),
    cmocka_unit_test (broken_models_are_refused),
    cmocka_unit_test (what_onnx_cannot_hold_is_refused),
    cmocka_unit_test (the_onnx_package_agrees),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
