/* plot: text that gnuplot does not read as its own, and gnuplot as a process. */
#include "src/plot_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/file.h"

#define LABEL_BYTES 120    /* longer text is cut */
#define DRAWING_SECONDS 60 /* of processor time */

/* --- text from strangers ---------------------------------------------------------------------- */

/* The length of the UTF-8 character at s, 0 when there is none of at most `left` bytes. */
static size_t
character_length (const unsigned char *s, size_t left)
{
  static const struct
  {
    unsigned char mask, lead, low, high; /* low, high: of the second byte, generally */
    size_t length;
  } kinds[] = { { 0x80, 0x00, 0, 0, 1 },
                { 0xe0, 0xc0, 0x80, 0xbf, 2 },
                { 0xf0, 0xe0, 0x80, 0xbf, 3 },
                { 0xf8, 0xf0, 0x80, 0xbf, 4 } };
  for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
    {
      if ((s[0] & kinds[kind].mask) != kinds[kind].lead)
        continue;
      if (kinds[kind].length > left || s[0] == 0xc0 || s[0] == 0xc1 || s[0] > 0xf4)
        return 0;
      for (size_t i = 1; i < kinds[kind].length; i++)
        if (s[i] < kinds[kind].low || s[i] > kinds[kind].high)
          return 0;
      /* overlong, surrogate, above U+10FFFF */
      if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f)
          || (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
      return kinds[kind].length;
    }
  return 0;
}

/* Control characters (C0, DEL, C1) and U+FFFE, U+FFFF, which XML does not have. */
static bool
is_plain (const unsigned char *s, size_t length)
{
  if (length == 1)
    return s[0] >= 0x20 && s[0] != 0x7f;
  if (length == 2)
    return s[0] != 0xc2 || s[1] >= 0xa0;
  return length != 3 || s[0] != 0xef || s[1] != 0xbf || s[2] < 0xbe;
}

/* What could mean something to gnuplot in double quotes, or before it looks for quotes. */
static bool
is_special (char c)
{
  return strchr ("\"\\`'@$%{}!#<|", c) != NULL;
}

/* Writes text in double quotes, what is_special as \ooo, a percent sign as given. What is not plain
 * UTF-8 becomes '?'. (In gnuplot's single quotes a doubled quote does not mean a quote everywhere:
 * not at the beginning.)
 */
void
delta1_plot_put_text (FILE *f, const char *text, const char *percent)
{
  const unsigned char *s = (const unsigned char *)(text != NULL ? text : "");
  size_t left = strlen ((const char *)s), used = 0;
  (void)fputc ('"', f);
  while (left > 0)
    {
      size_t length = character_length (s, left);
      size_t taken = length > 0 ? length : 1;
      if (used + taken > LABEL_BYTES)
        {
          (void)fputs ("...", f);
          break;
        }
      /* gnuplot writes > as it is, and XML allows no ]]> in text. */
      bool ends_section = *s == '>' && used >= 2 && s[-1] == ']' && s[-2] == ']';
      if (length == 0 || !is_plain (s, length) || ends_section)
        (void)fputc ('?', f);
      else if (*s == '%')
        (void)fputs (percent, f);
      else if (is_special ((char)*s))
        (void)fprintf (f, "\\%03o", *s);
      else
        (void)fwrite (s, 1, length, f);
      s += taken;
      left -= taken;
      used += taken;
    }
  (void)fputc ('"', f);
}

void
delta1_plot_put_quoted (FILE *f, const char *text)
{
  delta1_plot_put_text (f, text, "\\045");
}

/* "./NAME" followed by suffix, as gnuplot text; all bytes that are not plain are kept, as \ooo. */
void
delta1_plot_put_path (FILE *f, const char *name, const char *suffix)
{
  (void)fputs ("\"./", f);
  for (const char *c = name; *c != '\0'; c++)
    if (is_special (*c) || (unsigned char)*c >= 0x80)
      (void)fprintf (f, "\\%03o", (unsigned)(unsigned char)*c);
    else
      (void)fputc (*c, f);
  (void)fprintf (f, "%s\"\n", suffix);
}

/* --- drawing ---------------------------------------------------------------------------------- */

#define NOT_FOUND 127
#define PICTURE "picture"

/* In the child: gnuplot in `directory`, its pictures and words in `hidden`, a name of ours. */
static void
become_gnuplot (const char *directory, const char *hidden, const char *script)
{
  char out[128], words[128];
  (void)snprintf (out, sizeof out, "out='./%s/" PICTURE "'", hidden);
  (void)snprintf (words, sizeof words, "%s/words", hidden);
  const struct rlimit limit = { DRAWING_SECONDS, DRAWING_SECONDS };
  (void)setrlimit (RLIMIT_CPU, &limit);
  if (chdir (directory) != 0)
    _exit (126);
  int null = open ("/dev/null", O_RDWR);
  int errors = open (words, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (null < 0 || errors < 0 || dup2 (null, 0) < 0 || dup2 (null, 1) < 0 || dup2 (errors, 2) < 0)
    _exit (126);
  /* -d: without the user's own start files. */
  (void)execlp ("gnuplot", "gnuplot", "-d", "-e", out, script, (char *)NULL);
  _exit (errno == ENOENT ? NOT_FOUND : 126);
}

/* The last line that gnuplot wrote to standard error that is not a caret. */
static void
last_words (char *text, size_t size, const char *path)
{
  char line[256];
  (void)snprintf (text, size, "it does not say why");
  FILE *file = fopen (path, "r");
  if (file == NULL)
    return;
  while (fgets (line, sizeof line, file) != NULL)
    if (strspn (line, " \t^\n") < strlen (line))
      {
        line[strcspn (line, "\n")] = '\0';
        (void)snprintf (text, size, "%s", line);
      }
  (void)fclose (file);
}

static const char *const picture_suffixes[] = { ".svg", ".png" };

static delta1_status_t
move_pictures (const char *hidden, const char *prefix, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  for (int i = 0; i < 2 && status == DELTA1_OK; i++)
    {
      char *from = NULL, *to = NULL;
      struct stat info;
      if (asprintf (&from, "%s/" PICTURE "%s", hidden, picture_suffixes[i]) < 0)
        from = NULL;
      if (asprintf (&to, "%s%s", prefix, picture_suffixes[i]) < 0)
        to = NULL;
      if (from == NULL || to == NULL)
        status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name");
      else if (stat (from, &info) != 0 || info.st_size == 0)
        status = delta1_fail (reason, DELTA1_FAILED, "gnuplot drew no %.300s", to);
      else if (rename (from, to) != 0)
        status = delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", to, strerror (errno));
      free (from);
      free (to);
    }
  return status;
}

static void
remove_hidden (const char *hidden)
{
  static const char *const names[] = { "words", PICTURE ".svg", PICTURE ".png" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    {
      char *path = NULL;
      if (asprintf (&path, "%s/%s", hidden, names[i]) >= 0)
        {
          (void)unlink (path);
          free (path);
        }
    }
  (void)rmdir (hidden);
}

static delta1_status_t
draw (bool *drawn, const char *directory, const char *name, const char *prefix,
      delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  char *hidden = NULL, *script = NULL, *words = NULL;
  char said[256];
  bool made = false;
  int ended = 0;
  if (asprintf (&hidden, "%s/.plot-XXXXXX", directory) < 0)
    hidden = NULL;
  if (asprintf (&script, "./%s.gp", name) < 0)
    script = NULL;
  if (hidden == NULL || script == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name"));
  made = mkdtemp (hidden) != NULL;
  if (!made || asprintf (&words, "%s/words", hidden) < 0)
    {
      words = NULL;
      DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", hidden, strerror (errno)));
    }
  pid_t child = fork ();
  if (child == 0)
    become_gnuplot (directory, strrchr (hidden, '/') + 1, script);
  if (child < 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "gnuplot: %s", strerror (errno)));
  while (waitpid (child, &ended, 0) < 0)
    if (errno != EINTR)
      DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "gnuplot: %s", strerror (errno)));
  if (WIFEXITED (ended) && WEXITSTATUS (ended) == NOT_FOUND)
    (void)delta1_fail (reason, DELTA1_OK,
                       "gnuplot is not installed (Debian: gnuplot-nox): no picture; data in "
                       "%.300s.dat, script in %.300s.gp",
                       prefix, prefix);
  else if (!WIFEXITED (ended) || WEXITSTATUS (ended) != 0)
    {
      last_words (said, sizeof said, words);
      status = delta1_fail (reason, DELTA1_FAILED, "gnuplot could not draw %.300s.gp: %s", prefix,
                            WIFSIGNALED (ended) ? strsignal (WTERMSIG (ended)) : said);
    }
  else
    {
      DELTA1_TRY (move_pictures (hidden, prefix, reason));
      *drawn = true;
    }
cleanup:
  if (made)
    remove_hidden (hidden);
  free (hidden);
  free (script);
  free (words);
  return status;
}

static delta1_status_t
check_prefix (const char *prefix, const char *name, delta1_reason_t *reason)
{
  if (*name == '\0')
    return delta1_fail (reason, DELTA1_INPUT,
                        "the prefix of a picture, '%.200s', must end in a file name", prefix);
  for (const char *c = prefix; *c != '\0'; c++)
    if ((unsigned char)*c < 0x20 || *c == 0x7f)
      return delta1_fail (reason, DELTA1_INPUT,
                          "the prefix of a picture must not contain control characters");
  return DELTA1_OK;
}

delta1_status_t
delta1_plot_check_size (int width, int height, delta1_reason_t *reason)
{
  if (width < 100 || width > 10000 || height < 100 || height > 10000)
    return delta1_fail (reason, DELTA1_INPUT,
                        "a picture of %d by %d pixels; allowed: 100 to 10000 each way", width,
                        height);
  return DELTA1_OK;
}

static delta1_status_t
write_input (const delta1_plot_input_t *input, const char *prefix, const char *name,
             const void *context, delta1_reason_t *reason)
{
  delta1_file_t file;
  char *path = NULL;
  if (asprintf (&path, "%s%s", prefix, input->suffix) < 0)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name");
  delta1_status_t status = delta1_file_open (&file, path, reason);
  free (path);
  if (status != DELTA1_OK)
    return status;
  input->put (file.stream, context, name);
  return delta1_file_close (&file, true, reason);
}

delta1_status_t
delta1_plot_produce (bool *drawn, const char *prefix, const delta1_plot_input_t *inputs, int count,
                     const void *context, delta1_reason_t *reason)
{
  const char *slash = strrchr (prefix, '/');
  const char *name = slash != NULL ? slash + 1 : prefix;
  delta1_status_t status = check_prefix (prefix, name, reason);
  for (int i = 0; i < count && status == DELTA1_OK; i++)
    status = write_input (inputs + i, prefix, name, context, reason);
  if (status != DELTA1_OK)
    return status;
  char *directory = slash == NULL     ? strdup (".")
                    : slash == prefix ? strdup ("/")
                                      : strndup (prefix, (size_t)(slash - prefix));
  if (directory == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name");
  status = draw (drawn, directory, name, prefix, reason);
  free (directory);
  return status;
}
