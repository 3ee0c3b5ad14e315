/* Certificates of reconstructions: what is written is accepted, by balls or by a run in doubles;
 * every member and every array that is changed is refused, whether it is sealed again or not. */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "firenet/vector_file.h"
#include "tests/firenet/small_run.h"

static const char *
path_of (const char *name)
{
  static char path[4096];
  (void)snprintf (path, sizeof path, "%s/%s", delta1_test_directory (), name);
  return path;
}

static json_t *
written (const small_run_t *run, const char *name)
{
  delta1_reason_t reason;
  json_t *document;
  delta1_reconstruction_t all = small_run_all (run);
  assert_ok (delta1_reconstruction_write (&all, path_of (name), &reason), reason);
  assert_ok (delta1_document_read (&document, path_of (name), &reason), reason);
  return document;
}

static delta1_status_t
verify (json_t *document, delta1_reason_t *reason)
{
  return delta1_reconstruction_verify (document, delta1_test_directory (), reason);
}

/* The member at a path such as claims/gap/objective/1, and the object or list that holds it. */
static json_t *
parent_of (json_t *document, const char *path, char last[64])
{
  json_t *at = document;
  const char *slash;
  while ((slash = strchr (path, '/')) != NULL)
    {
      char name[64];
      (void)snprintf (name, sizeof name, "%.*s", (int)(slash - path), path);
      at = json_object_get (at, name);
      assert_non_null (at);
      path = slash + 1;
    }
  (void)snprintf (last, 64, "%s", path);
  return at;
}

static void
set_at (json_t *document, const char *path, json_t *value)
{
  char last[64];
  json_t *parent = parent_of (document, path, last);
  if (json_is_array (parent))
    assert_int_equal (json_array_set_new (parent, (size_t)atoi (last), value), 0);
  else
    assert_int_equal (json_object_set_new (parent, last, value), 0);
}

static void
not_accepted (json_t *document, const char *what, bool sealed)
{
  delta1_reason_t reason;
  delta1_status_t status = verify (document, &reason);
  if (status == DELTA1_OK || (!sealed && status != DELTA1_FAILED && status != DELTA1_INPUT))
    {
      print_error ("%s (sealed: %d): status %s, '%s'\n", what, sealed, delta1_status_name (status),
                   reason.text);
      fail ();
    }
  assert_null (strchr (reason.text, '\n'));
}

static void
accepted (void **state)
{
  (void)state;
  for (int complex = 0; complex < 2; complex++)
    {
      delta1_reason_t reason;
      small_run_t run;
      small_run_init (&run, complex == 1, 7, 12, 4, 6);
      json_t *document = written (&run, "small.json");
      assert_ok (verify (document, &reason), reason);
      assert_non_null (strstr (reason.text, "phi_n"));
      assert_non_null (strstr (reason.text, "balls of"));
      assert_non_null (strstr (reason.text, "polished"));
      printf ("%s\n", reason.text);
      json_decref (document);
      /* fewer claims */
      delta1_reconstruction_t few = small_run_all (&run);
      few.polished = NULL;
      few.rounding = NULL;
      assert_ok (delta1_reconstruction_write (&few, path_of ("few.json"), &reason), reason);
      assert_ok (delta1_document_read (&document, path_of ("few.json"), &reason), reason);
      assert_ok (verify (document, &reason), reason);
      assert_null (strstr (reason.text, "phi_n"));
      json_decref (document);
      few.dual = NULL;
      assert_ok (delta1_reconstruction_write (&few, path_of ("few.json"), &reason), reason);
      assert_ok (delta1_document_read (&document, path_of ("few.json"), &reason), reason);
      assert_refused (verify (document, &reason), DELTA1_FAILED, reason, "nothing");
      json_decref (document);
      small_run_clear (&run);
      /* too large for balls */
      small_run_init (&run, complex == 1, 60, 80, 80, 30);
      document = written (&run, "large.json");
      assert_ok (verify (document, &reason), reason);
      assert_non_null (strstr (reason.text, "its own rounding bound"));
      printf ("%s\n", reason.text);
      set_at (document, "claims/rounding/radius", json_string ("1e-30"));
      assert_ok (delta1_document_seal (document, &reason), reason);
      not_accepted (document, "a radius that doubles cannot prove", true);
      json_decref (document);
      small_run_clear (&run);
    }
}

static void
sampled (void **state)
{
  (void)state;
  for (int complex = 0; complex < 2; complex++)
    for (int large = 0; large < 2; large++)
      {
        static const struct
        {
          const char *path, *text;
        } changes[] = { { "operator/kind", "\"none\"" },   { "operator/kind", "\"dense\"" },
                        { "operator/wavelet", "\"db3\"" }, { "operator/wavelet", "\"db9\"" },
                        { "operator/levels", "1" },        { "operator/levels", "99" },
                        { "operator/dimensions", "1" },    { "operator/dimensions", "3" },
                        { "operator/side", "4" },          { "operator/side", "1000000" },
                        { "operator/mask", "null" },       { "operator/other", "0" } };
        delta1_reason_t reason;
        small_run_t run;
        small_run_init_sampled (&run, complex == 1, large ? 64 : 8, large ? 20 : 4, large ? 20 : 6);
        json_t *document = written (&run, "sampled.json");
        assert_ok (verify (document, &reason), reason);
        assert_non_null (strstr (reason.text, large ? "run in doubles" : "balls of"));
        for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
          {
            json_t *copy = json_deep_copy (document);
            set_at (copy, changes[i].path, json_loads (changes[i].text, JSON_DECODE_ANY, NULL));
            assert_ok (delta1_document_seal (copy, &reason), reason);
            not_accepted (copy, changes[i].path, true);
            json_decref (copy);
          }
        /* masks: one sample elsewhere, one more, 1/2 */
        for (int how = 0; how < 3; how++)
          {
            const slong shape[2] = { run.sampled.side, run.sampled.side };
            char sha256[DELTA1_SHA256_TEXT];
            double *mask = calloc ((size_t)run.N, sizeof *mask);
            slong free_place = 1;
            for (slong i = 0; i < run.m; i++)
              {
                mask[run.mask[i]] = 1;
                free_place += run.mask[i] == free_place;
              }
            assert_true (free_place < run.N);
            mask[free_place] = how == 2 ? 0.5 : 1;
            if (how != 1)
              mask[run.mask[0]] = 0;
            assert_ok (delta1_vector_write (sha256, path_of ("sampled-mask.npy"),
                                            &delta1_arithmetic_double, mask, shape, &reason),
                       reason);
            set_at (document, "operator/mask/sha256", json_string (sha256));
            assert_ok (delta1_document_seal (document, &reason), reason);
            if (how == 0)
              not_accepted (document, "mask", true);
            else
              assert_refused (verify (document, &reason), DELTA1_FAILED, reason,
                              how == 1 ? "mask of" : "0 and 1");
            free (mask);
          }
        json_decref (document);
        small_run_clear (&run);
      }
}

/* Numbers that are false, each in the place of a true one. */
static void
mutations (void **state)
{
  (void)state;
  static const struct
  {
    const char *path, *text; /* text NULL: null; "" removes; otherwise JSON */
  } changes[] = {
    { "format", "\"other\"" },
    { "version", "2" },
    { "kind", "\"seeds\"" },
    { "kind", "\"other\"" },
    { "run", "{}" },
    { "run", NULL },
    { "run/program", "1" },
    { "run/other", "1" },
    { "other", "1" },
    { "operator", "{}" },
    { "operator/kind", "\"walsh\"" },
    { "operator/kind", "\"other\"" },
    { "operator/rows", "6" },
    { "operator/rows", "0" },
    { "operator/rows", "12345678901234" },
    { "operator/columns", "11" },
    { "operator/columns", "-12" },
    { "operator/complex", "true" },
    { "operator/complex", "1" },
    { "operator/matrix", NULL },
    { "operator/matrix/file", "\"nothing.npy\"" },
    { "operator/matrix/file", "\"./mutated-matrix.npy\"" },
    { "operator/matrix/file", "\"\"" },
    { "operator/matrix/other", "1" },
    { "operator/matrix/sha256", "\"00\"" },
    { "operator/other", "1" },
    { "network/tau", "\"1/3\"" },
    { "network/tau", "\"1000\"" },
    { "network/tau", "\"0\"" },
    { "network/tau", "1" },
    { "network/sigma", "\"1/3\"" },
    { "network/sigma", "\"-1\"" },
    { "network/lambda", "\"1/21\"" },
    { "network/lambda", "\"1/19\"" },
    { "network/weights", NULL },
    { "network/delta", "\"1/999\"" },
    { "network/eps_0", "\"21\"" },
    { "network/upsilon", "\"1/3\"" },
    { "network/upsilon", "\"2\"" },
    { "network/scale", "\"1\"" },
    { "network/inner", "5" },
    { "network/inner", "0" },
    { "network/restarts", "7" },
    { "network/restarts", "9000000000000000000" },
    { "network/other", "1" },
    { "data", NULL },
    { "coefficients", NULL },
    { "dual", NULL },
    { "polished", NULL },
    { "dual/sha256", "\"00\"" },
    { "claims", NULL },
    { "claims/other", "1" },
    { "claims/rounding", "1" },
    { "claims/rounding", "{}" },
    { "claims/rounding/radius", "\"1e-30\"" },
    { "claims/rounding/radius", "\"-1\"" },
    { "claims/rounding/radius", "\"many\"" },
    { "claims/gap/objective/0", "\"1000000\"" },
    { "claims/gap/objective/1", "\"0.0001\"" },
    { "claims/gap/objective", "[]" },
    { "claims/gap/dual", "\"1000\"" },
    { "claims/gap/gap", "\"1e-30\"" },
    { "claims/gap/relative", "\"1e-30\"" },
    { "claims/gap/other", "1" },
    { "claims/polished/objective/0", "\"1000000\"" },
    { "claims/polished/objective/1", "\"0.0001\"" },
    { "claims/polished/dual", "\"1000\"" },
    { "claims/polished/gap", "\"0\"" },
    { "claims/polished/gap", "0" },
    { "claims/polished/relative", "\"1e-30\"" },
    { "claims/polished", "7" },
  };
  delta1_reason_t reason;
  small_run_t run;
  small_run_init (&run, false, 7, 12, 4, 6);
  json_t *document = written (&run, "mutated.json");
  assert_ok (verify (document, &reason), reason);
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
    for (int sealed = 0; sealed < 2; sealed++)
      {
        json_t *copy = json_deep_copy (document);
        set_at (copy, changes[i].path,
                changes[i].text == NULL ? json_null ()
                                        : json_loads (changes[i].text, JSON_DECODE_ANY, NULL));
        if (sealed == 1)
          assert_ok (delta1_document_seal (copy, &reason), reason);
        not_accepted (copy, changes[i].path, sealed == 1);
        json_decref (copy);
      }
  /* every claim a little too good: the stated numbers are sharp */
  static const char *const sharp[]
      = { "claims/gap/objective/1",      "claims/gap/gap",      "claims/gap/relative",
          "claims/polished/objective/1", "claims/polished/gap", "claims/polished/relative" };
  for (size_t i = 0; i < sizeof sharp / sizeof *sharp; i++)
    {
      char last[64], text[64];
      json_t *copy = json_deep_copy (document), *parent = parent_of (copy, sharp[i], last);
      const char *was = json_is_array (parent)
                            ? json_string_value (json_array_get (parent, (size_t)atoi (last)))
                            : json_string_value (json_object_get (parent, last));
      (void)snprintf (text, sizeof text, "%.15e", atof (was) * (1 - 1e-6));
      set_at (copy, sharp[i], json_string (text));
      assert_ok (delta1_document_seal (copy, &reason), reason);
      assert_refused (verify (copy, &reason), DELTA1_FAILED, reason, "at most");
      json_decref (copy);
    }
  /* an unsealed label, a sealed one: it is no claim */
  json_t *copy = json_deep_copy (document);
  set_at (copy, "run/program", json_string ("another"));
  assert_refused (verify (copy, &reason), DELTA1_FAILED, reason, "sha256");
  assert_ok (delta1_document_seal (copy, &reason), reason);
  assert_ok (verify (copy, &reason), reason);
  json_decref (copy);
  json_decref (document);
  small_run_clear (&run);
}

/* An array is changed: one element by 2^-20 of itself, or 0 by 2^-20, or twice as large. */
static void
arrays (void **state)
{
  (void)state;
  static const struct
  {
    const char *path, *file;
    double factor;
  } all[] = { { "operator/matrix", "arrays-matrix.npy", 1 + 0x1p-20 },
              { "network/weights", "arrays-weights.npy", 1 + 0x1p-20 },
              { "network/weights", "arrays-weights.npy", -1 },
              { "network/weights", "arrays-weights.npy", INFINITY },
              { "data", "arrays-data.npy", 1 + 0x1p-20 },
              { "coefficients", "arrays-coefficients.npy", 1 + 0x1p-20 },
              { "coefficients", "arrays-coefficients.npy", NAN },
              { "dual", "arrays-dual.npy", 1.5 },
              { "polished", "arrays-polished.npy", 1.5 } };
  delta1_reason_t reason;
  small_run_t run;
  small_run_init (&run, false, 7, 12, 4, 6);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    {
      json_t *document = written (&run, "arrays.json");
      assert_ok (verify (document, &reason), reason);
      const char *path = path_of (all[i].file);
      char *bytes = NULL, sha256[DELTA1_SHA256_TEXT], member[64];
      FILE *file = fopen (path, "r+b");
      assert_non_null (file);
      assert_int_equal (fseek (file, 0, SEEK_END), 0);
      long size = ftell (file);
      bytes = malloc ((size_t)size);
      rewind (file);
      assert_int_equal (fread (bytes, 1, (size_t)size, file), size);
      /* the largest element */
      long at = size - 8;
      double largest = 0, value;
      for (long j = 128; j < size; j += 8)
        {
          memcpy (&value, bytes + j, sizeof value);
          if (fabs (value) > largest)
            {
              largest = fabs (value);
              at = j;
            }
        }
      memcpy (&value, bytes + at, sizeof value);
      value *= all[i].factor;
      memcpy (bytes + at, &value, sizeof value);
      rewind (file);
      assert_int_equal (fwrite (bytes, 1, (size_t)size, file), size);
      assert_int_equal (fclose (file), 0);
      if (isfinite (value))
        assert_refused (verify (document, &reason), DELTA1_FAILED, reason, "SHA-256");
      else
        assert_refused (verify (document, &reason), DELTA1_INPUT, reason, "finite");
      delta1_sha256 (sha256, bytes, (size_t)size);
      (void)snprintf (member, sizeof member, "%s/sha256", all[i].path);
      set_at (document, member, json_string (sha256));
      assert_refused (verify (document, &reason), DELTA1_FAILED, reason, "sha256");
      assert_ok (delta1_document_seal (document, &reason), reason);
      if (all[i].factor < 0)
        assert_refused (verify (document, &reason), DELTA1_FAILED, reason, "weight");
      not_accepted (document, all[i].file, true);
      /* one byte less, one more, another header */
      for (int how = 0; how < 3; how++)
        {
          long less = how == 0 ? size - 1 : size;
          file = fopen (path, "wb");
          bytes[11] = how == 2 ? 'X' : bytes[11];
          assert_int_equal (fwrite (bytes, 1, (size_t)less, file), less);
          if (how == 1)
            assert_int_equal (fputc (0, file), 0);
          assert_int_equal (fclose (file), 0);
          if (how == 2)
            {
              delta1_sha256 (sha256, bytes, (size_t)size);
              set_at (document, member, json_string (sha256));
              assert_ok (delta1_document_seal (document, &reason), reason);
            }
          assert_refused (verify (document, &reason), DELTA1_INPUT, reason, ".npy");
        }
      assert_int_equal (unlink (path), 0);
      assert_refused (verify (document, &reason), DELTA1_SYSTEM, reason, all[i].file);
      free (bytes);
      json_decref (document);
    }
  small_run_clear (&run);
}

/* Arrays of another shape or kind, with the right hash. */
static void
shapes (void **state)
{
  (void)state;
  static const slong all[][2] = { { 11, 0 }, { 1, 0 }, { 12, 1 }, { 6, 2 }, { 13, 0 }, { 6, 0 } };
  delta1_reason_t reason;
  small_run_t run;
  small_run_init (&run, false, 7, 12, 4, 6);
  json_t *document = written (&run, "shapes.json");
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    {
      bool complex = i == 5;
      const delta1_arithmetic_t *use
          = complex ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double;
      void *v = use->create (13, 53);
      char sha256[DELTA1_SHA256_TEXT];
      assert_ok (delta1_vector_write (sha256, path_of ("shapes-coefficients.npy"), use, v, all[i],
                                      &reason),
                 reason);
      set_at (document, "coefficients/sha256", json_string (sha256));
      assert_ok (delta1_document_seal (document, &reason), reason);
      assert_refused (verify (document, &reason), DELTA1_INPUT, reason, "shapes-coefficients");
      use->free (v, 13);
    }
  void *v = delta1_arithmetic_mpfr.create (2, 53);
  char sha256[DELTA1_SHA256_TEXT];
  assert_refused (delta1_vector_write (sha256, path_of ("shapes-x.npy"), &delta1_arithmetic_mpfr, v,
                                       all[1], &reason),
                  DELTA1_INPUT, reason, "MPFR");
  delta1_arithmetic_mpfr.free (v, 2);
  json_decref (document);
  small_run_clear (&run);
}

static void
refused_writing (void **state)
{
  (void)state;
  delta1_reason_t reason;
  small_run_t run;
  small_run_init (&run, false, 3, 4, 2, 2);
  delta1_reconstruction_t all = small_run_all (&run);
  char path[4096];
  (void)snprintf (path, sizeof path, "%s/no/such/place.json", delta1_test_directory ());
  assert_refused (delta1_reconstruction_write (&all, path, &reason), DELTA1_SYSTEM, reason, "no");
  arb_t kept;
  arb_init (kept);
  arb_set (kept, run.network.steps.lambda);
  arb_sqrt (run.network.steps.lambda, run.network.steps.lambda, 100);
  all.rounding = NULL;
  all.dual = NULL;
  assert_refused (delta1_reconstruction_write (&all, path_of ("none.json"), &reason), DELTA1_INPUT,
                  reason, "lambda");
  arb_set (run.network.steps.lambda, kept);
  arb_sqrt (run.weights + 2, run.weights + 2, 100);
  arb_add_error_2exp_si (run.weights + 2, -90);
  assert_refused (delta1_reconstruction_write (&all, path_of ("none.json"), &reason), DELTA1_INPUT,
                  reason, "weight 2");
  arb_one (run.weights + 2);
  /* what is not feasible is not written */
  all.dual = run.y;
  assert_refused (delta1_reconstruction_write (&all, path_of ("none.json"), &reason), DELTA1_DOMAIN,
                  reason, "dual");
  assert_int_equal (access (path_of ("none.json"), F_OK), -1);
  arb_clear (kept);
  small_run_clear (&run);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (accepted), cmocka_unit_test (sampled), cmocka_unit_test (mutations),
    cmocka_unit_test (arrays),   cmocka_unit_test (shapes),  cmocka_unit_test (refused_writing),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
