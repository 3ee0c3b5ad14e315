#include "tests/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/document.h"

static char *
path_of (const char *name)
{
  char *path = NULL;
  assert_true (asprintf (&path, "%s/%s", delta1_test_directory (), name) > 0);
  return path;
}

static void
put (const char *path, const char *text)
{
  FILE *file = fopen (path, "wb");
  assert_non_null (file);
  assert_true (fputs (text, file) >= 0);
  assert_int_equal (fclose (file), 0);
}

/* FIPS 180-4 examples. */
static void
sha256_is_sha256 (void **state)
{
  char text[DELTA1_SHA256_TEXT];
  (void)state;
  delta1_sha256 (text, "abc", 3);
  assert_string_equal (text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  delta1_sha256_t *hash = delta1_sha256_create ();
  assert_non_null (hash);
  delta1_sha256_update (hash, "a", 1);
  delta1_sha256_update (hash, "bc", 2);
  delta1_sha256_finish (text, hash);
  assert_string_equal (text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
a_seal_holds_and_breaks (void **state)
{
  (void)state;
  delta1_reason_t reason;
  json_t *document = json_pack ("{s:i,s:[s,s]}", "b", 1, "a", "x", "\xc3\xa9");
  assert_non_null (document);
  assert_refused (delta1_document_check_seal (document, &reason), DELTA1_INPUT, reason, "no seal");
  assert_ok (delta1_document_seal (document, &reason), reason);
  /* sha256 of {"a":["x","é"],"b":1} */
  assert_string_equal (json_string_value (json_object_get (document, "sha256")),
                       "90ac32b612ce137466bbad9815c11c6080302ace57eb13865be2c0549985e040");
  assert_ok (delta1_document_check_seal (document, &reason), reason);
  assert_int_equal (json_object_set_new (document, "b", json_integer (2)), 0);
  assert_refused (delta1_document_check_seal (document, &reason), DELTA1_INPUT, reason, "seal");
  json_decref (document);
}

static void
a_document_comes_back (void **state)
{
  (void)state;
  delta1_reason_t reason;
  char *path = path_of ("round.json");
  json_t *document = json_pack ("{s:s}", "q", "0x1p-3"), *read = NULL;
  assert_ok (delta1_document_write (document, path, &reason), reason);
  assert_ok (delta1_document_read (&read, path, &reason), reason);
  assert_true (json_equal (document, read));
  json_decref (read);
  json_decref (document);
  assert_int_equal (unlink (path), 0);
  free (path);
}

/* A write that cannot be finished leaves what was there, and nothing else. */
static void
a_failed_write_loses_nothing (void **state)
{
  (void)state;
  delta1_reason_t reason;
  char *path = path_of ("taken");
  json_t *document = json_pack ("{s:i}", "a", 1);
  assert_int_equal (mkdir (path, 0700), 0);
  assert_refused (delta1_document_write (document, path, &reason), DELTA1_SYSTEM, reason, "taken");
  assert_int_equal (rmdir (path), 0);
  char *listing = NULL;
  assert_true (asprintf (&listing, "test -z \"$(ls %s | grep taken)\"", delta1_test_directory ())
               > 0);
  assert_int_equal (system (listing), 0);
  free (listing);
  char *nowhere = path_of ("no/such/place.json");
  assert_refused (delta1_document_write (document, nowhere, &reason), DELTA1_SYSTEM, reason,
                  "place");
  free (nowhere);
  free (path);
  json_decref (document);
}

/* To rename over a device would replace it by a file, as root even /dev/full. */
static void
a_special_file_stays_one (void **state)
{
  (void)state;
  delta1_reason_t reason;
  struct stat status;
  char *link = path_of ("link"), *end = path_of ("end");
  json_t *document = json_pack ("{s:i}", "a", 1), *read = NULL;
  put (end, "x");
  assert_int_equal (symlink (end, link), 0);
  assert_ok (delta1_document_write (document, link, &reason), reason);
  assert_int_equal (lstat (link, &status), 0);
  assert_true (S_ISLNK (status.st_mode));
  assert_ok (delta1_document_read (&read, end, &reason), reason);
  assert_true (json_equal (document, read));
  json_decref (read);
  assert_int_equal (unlink (link), 0);
  if (access ("/dev/full", W_OK) == 0)
    {
      assert_int_equal (symlink ("/dev/full", link), 0);
      assert_refused (delta1_document_write (document, link, &reason), DELTA1_SYSTEM, reason,
                      "No space");
      assert_int_equal (unlink (link), 0);
    }
  assert_int_equal (unlink (end), 0);
  json_decref (document);
  free (link);
  free (end);
}

static void
asking_whether_a_file_can_be_written (void **state)
{
  (void)state;
  delta1_reason_t reason;
  char *path = path_of ("asked"), *nowhere = path_of ("no/such/place.json");
  assert_ok (delta1_document_can_write (path, &reason), reason);
  assert_int_equal (access (path, F_OK), -1);
  put (path, "{}");
  assert_ok (delta1_document_can_write (path, &reason), reason);
  json_t *read = NULL;
  assert_ok (delta1_document_read (&read, path, &reason), reason);
  json_decref (read);
  assert_int_equal (unlink (path), 0);
  assert_refused (delta1_document_can_write (nowhere, &reason), DELTA1_SYSTEM, reason, "place");
  assert_refused (delta1_document_can_write (delta1_test_directory (), &reason), DELTA1_SYSTEM,
                  reason, "directory");
  free (path);
  free (nowhere);
}

static void
bad_files_are_refused (void **state)
{
  (void)state;
  delta1_reason_t reason;
  json_t *document = NULL;
  char *path = path_of ("bad.json");
  assert_refused (delta1_document_read (&document, path, &reason), DELTA1_SYSTEM, reason,
                  "bad.json");
  put (path, "");
  assert_refused (delta1_document_read (&document, path, &reason), DELTA1_INPUT, reason, "line");
  put (path, "[1,2]");
  assert_refused (delta1_document_read (&document, path, &reason), DELTA1_INPUT, reason, "object");
  put (path, "{\"a\":1,\"a\":2}");
  assert_refused (delta1_document_read (&document, path, &reason), DELTA1_INPUT, reason, "line");
  put (path, "{\"a\":1} x");
  assert_refused (delta1_document_read (&document, path, &reason), DELTA1_INPUT, reason, "line");
  assert_refused (delta1_document_read (&document, "/dev/null", &reason), DELTA1_SYSTEM, reason,
                  "regular");
  assert_null (document);
  free (path);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (sha256_is_sha256),
    cmocka_unit_test (a_seal_holds_and_breaks),
    cmocka_unit_test (a_document_comes_back),
    cmocka_unit_test (a_failed_write_loses_nothing),
    cmocka_unit_test (a_special_file_stays_one),
    cmocka_unit_test (asking_whether_a_file_can_be_written),
    cmocka_unit_test (bad_files_are_refused),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
