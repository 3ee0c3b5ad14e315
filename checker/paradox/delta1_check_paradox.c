/* delta1-check-paradox: re-checks certificates of the stability paradox
 * (doc/certificate-paradox.md) in rational arithmetic. It shares code with delta1-check, and none
 * with the programs that write them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checker/paradox/paradox.h"
#include "checker/sha256.h"
#include "config.h"

#define FILE_LIMIT (INT64_C (1) << 31)

static const char usage[]
    = "Usage: delta1-check-paradox [--quiet] FILE...\n"
      "Checks certificates of `delta1 paradox` in exact rational arithmetic, one line for each.\n"
      "Exit status: 0 accepted; 1 refused; 3 unreadable or wrong usage. With several files the\n"
      "first of 3, 1, 0 that occurs.\n";

static int hash_text (const char *text, size_t size, void *hash) {
  sha256_update (hash, text, size);
  return 0;
}

void check_seal (check_t *check, json_t *object, const char *name) {
  char text[SHA256_TEXT];
  sha256_t hash;
  json_t *seal = json_incref (json_object_get (object, "sha256"));
  if (!json_is_string (seal)) unreadable (check, "%s: sha256 is not a string", name);
  json_object_del (object, "sha256");
  sha256_init (&hash);
  if (json_dump_callback (object, hash_text, &hash, JSON_COMPACT | JSON_SORT_KEYS) != 0)
    unreadable (check, "out of memory");
  sha256_finish (text, &hash);
  if (strcmp (text, json_string_value (seal)) != 0)
    refuse (check, "%s: sha256, the seal, is not %s", name, text);
  json_object_set_new (object, "sha256", seal);
}

_Noreturn static void check_file (check_t *check) {
  const char *format, *kind, *program, *seal;
  json_int_t version;
  json_t *family, *network, *claim, *transcript = NULL;
  json_error_t error;
  paradox_t *paradox = allocate (check, 1, sizeof *paradox);
  struct stat status;
  if (stat (check->file, &status) != 0 || !S_ISREG (status.st_mode) || status.st_size > FILE_LIMIT)
    unreadable (check, "not a regular file of at most 2 GiB");
  json_t *root = json_load_file (check->file, JSON_REJECT_DUPLICATES, &error);
  if (root == NULL) unreadable (check, "%s", error.text);
  if (json_unpack (root, "{s:s,s:I,s:s}", "format", &format, "version", &version, "kind", &kind)
      || strcmp (format, "delta1-certificate") != 0 || version != 1
      || strcmp (kind, "paradox") != 0)
    unreadable (check, "not a delta1-certificate of version 1 and kind \"paradox\"");
  unpack (check, root, "certificate", "{s:s,s:I,s:s,s:s,s:o,s:s,s:o,s:o,s?o}", "format", &format,
          "version", &version, "kind", &kind, "sha256", &seal, "family", &family, "program",
          &program, "network", &network, "claim", &claim, "transcript", &transcript);
  check_seal (check, root, "certificate");
  const char *verdict = json_string_value (json_object_get (claim, "verdict"));
  if (verdict == NULL) unreadable (check, "claim.verdict is not a string");
  bool training = strcmp (verdict, "not minimal") == 0;
  if (training && transcript == NULL) unreadable (check, "there is no transcript");
  if (!training && transcript != NULL) refuse (check, "transcript does not belong to this verdict");
  family_read (check, paradox, family);
  network_read (check, paradox, network);
  if (training) check_training (check, paradox, claim, transcript);
  if (strcmp (verdict, "stable") == 0) check_stable (check, paradox, claim);
  check_counts (check, paradox, claim);
}

/* GMP would abort. */
static void *gmp_reallocate (void *old, size_t old_size, size_t size) {
  void *p = realloc (old, size);
  (void)old_size;
  if (p == NULL) _exit (UNREADABLE + 1);
  return p;
}

static void *gmp_allocate (size_t size) { return gmp_reallocate (NULL, 0, size); }

int main (int argc, char **argv) {
  bool seen[4] = { false };
  check_t check = { 0 };
  int first = 1;
  mp_set_memory_functions (gmp_allocate, gmp_reallocate, NULL);
  if (argc == 2 && strcmp (argv[1], "--help") == 0)
    return fputs (usage, stdout) < 0 || fclose (stdout) != 0 ? UNREADABLE : ACCEPTED;
  if (argc == 2 && strcmp (argv[1], "--version") == 0)
    return puts ("delta1-check-paradox " PACKAGE_VERSION) < 0 || fclose (stdout) != 0 ? 3 : 0;
  if (argc > 1 && strcmp (argv[1], "--quiet") == 0) check.quiet = first++;
  if (first >= argc || argv[first][0] == '-') return fputs (usage, stderr), UNREADABLE;
  for (int t = first; t < argc; t++) {
    int status = 0;
    check.file = argv[t];
    pid_t child = fork ();
    if (child == 0) check_file (&check);
    bool done = child > 0 && waitpid (child, &status, 0) == child && WIFEXITED (status)
                && WEXITSTATUS (status) <= UNREADABLE;
    if (!done && !check.quiet)
      printf ("%s: unreadable: out of memory, or the check was stopped\n", check.file);
    fflush (stdout);
    seen[done ? WEXITSTATUS (status) : UNREADABLE] = true;
  }
  return seen[3] || ferror (stdout) ? 3 : seen[1] ? 1 : seen[2] ? 2 : 0;
}
