/* delta1-check: re-checks certificates (doc/certificate.md) in rational arithmetic. It shares no
 * code with the programs that write them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checker/sha256.h"
#include "checker/tie.h"
#include "config.h"

#define FILE_LIMIT (INT64_C (1) << 31)

static const char usage[]
    = "Usage: delta1-check [--quiet] FILE...\n"
      "Checks certificates of delta1 in exact rational arithmetic, one line for each file.\n"
      "Exit status: 0 accepted; 1 refused; 2 cannot decide (mixing dct: see `delta1 verify`);\n"
      "3 unreadable or wrong usage. With several files the first of 3, 1, 2, 0 that occurs.\n";

static int hash_text (const char *text, size_t size, void *hash) {
  sha256_update (hash, text, size);
  return 0;
}

_Noreturn static void check_file (check_t *check) {
  char text[SHA256_TEXT];
  const char *format, *kind, *seal;
  json_int_t version;
  json_t *family, *input, *any;
  json_error_t error;
  sha256_t hash;
  tie_t tie = { 0 };
  struct stat status;
  if (stat (check->file, &status) != 0 || !S_ISREG (status.st_mode) || status.st_size > FILE_LIMIT)
    unreadable (check, "not a regular file of at most 2 GiB");
  json_t *root = json_load_file (check->file, JSON_REJECT_DUPLICATES, &error);
  if (root == NULL) unreadable (check, "%s", error.text);
  if (json_unpack (root, "{s:s,s:I,s:s}", "format", &format, "version", &version, "kind", &kind)
      || strcmp (format, "delta1-certificate") != 0 || version != 1
      || (strcmp (kind, "run") != 0 && strcmp (kind, "seeds") != 0))
    unreadable (check, "not a delta1-certificate of version 1 and kind \"run\" or \"seeds\"");
  bool seeds = strcmp (kind, "seeds") == 0;
  unpack (check, root, "certificate",
          seeds ? "{s:s,s:I,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o}"
                : "{s:s,s:I,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o}",
          "format", &format, "version", &version, "kind", &kind, "sha256", &seal, "family", &family,
          "input", &input, "run", &any, "claim", &any, seeds ? "transcripts" : "transcript", &any,
          seeds ? "runs" : "output", &any, "solution", &any);
  json_incref (json_object_get (root, "sha256")); /* seal is its text */
  json_object_del (root, "sha256");
  sha256_init (&hash);
  if (json_dump_callback (root, hash_text, &hash, JSON_COMPACT | JSON_SORT_KEYS) != 0)
    unreadable (check, "out of memory");
  sha256_finish (text, &hash);
  if (strcmp (text, seal) != 0) refuse (check, "sha256, the seal, is not %s", text);
  tie_read (check, &tie, family, input, seeds);
  if (seeds) check_seeds (check, &tie, root);
  check_run (check, &tie, root);
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
    return puts ("delta1-check " PACKAGE_VERSION) < 0 || fclose (stdout) != 0 ? 3 : 0;
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
