#include "src/plot.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/file.h"

#define MAX_SERIES 10000
#define LABEL_BYTES 120    /* longer text is cut */
#define LEGEND_BELOW 4     /* as many series have their legend below the picture, more beside it */
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
static void
put_text (FILE *f, const char *text, const char *percent)
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

static void
put_quoted (FILE *f, const char *text)
{
  put_text (f, text, "\\045");
}

/* --- data and script -------------------------------------------------------------------------- */

/* One block a series, two empty lines between blocks: gnuplot's "index". A number that is not there
 * is a '?'; a break of a line is one empty line, never at an end of the block or beside another. */
static void
put_data (FILE *f, const delta1_plot_t *plot)
{
  (void)fputs ("# ", f);
  put_quoted (f, plot->title);
  (void)fputs ("\n# columns: ", f);
  put_quoted (f, plot->x.label);
  (void)fputc (' ', f);
  put_quoted (f, plot->y.label);
  (void)fputc ('\n', f);
  for (slong i = 0; i < plot->count; i++)
    {
      const delta1_plot_series_t *series = plot->series + i;
      (void)fprintf (f, "%s# series %ld: ", i > 0 ? "\n\n" : "", (long)i);
      put_quoted (f, series->title);
      (void)fputc ('\n', f);
      bool begun = false, breaks = false;
      for (slong j = 0; j < series->count; j++)
        {
          if (isnan (series->x[j]) && isnan (series->y[j]))
            {
              breaks = begun;
              continue;
            }
          if (breaks)
            (void)fputc ('\n', f);
          begun = true;
          breaks = false;
          if (isfinite (series->x[j]) && isfinite (series->y[j]))
            (void)fprintf (f, "%.17g %.17g\n", series->x[j], series->y[j]);
          else
            (void)fputs ("? ?\n", f);
        }
      if (!begun) /* gnuplot does not count an empty block */
        (void)fputs ("? ?\n", f);
    }
}

/* Okabe and Ito's palette, told apart by all common kinds of colour vision; without its yellow,
 * which a projector loses. */
static const char *const palette[]
    = { "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000" };
#define COLOURS ((slong)(sizeof palette / sizeof *palette))
static const int point_types[] = { 7, 5, 9, 11, 13, 6, 4, 8, 10, 12 };
#define POINT_TYPES ((slong)(sizeof point_types / sizeof *point_types))

static void
put_axis (FILE *f, char name, const delta1_plot_axis_t *axis)
{
  (void)fprintf (f, "set %clabel ", name);
  put_quoted (f, axis->label);
  (void)fputs (" noenhanced\n", f);
  /* Minor tics of a logarithmic axis over many decades are a smear. */
  if (axis->logarithmic)
    (void)fprintf (f, "set logscale %c\nset format %c '10^{%%L}'\nunset m%ctics\n", name, name,
                   name);
  else if (axis->name != NULL)
    {
      for (slong i = 0; i < axis->names; i++)
        {
          (void)fprintf (f, i == 0 ? "set %ctics (" : ", ", name);
          put_text (f, axis->name[i], "\\045\\045"); /* gnuplot takes it for a format */
          (void)fprintf (f, " %ld", (long)i);
        }
      double low = -0.5, high = (double)axis->names - 0.5;
      (void)fprintf (f, ") noenhanced\nset %crange [%g:%g]\n", name, name == 'y' ? high : low,
                     name == 'y' ? low : high);
    }
}

static void
put_column (FILE *f, int column, const delta1_plot_axis_t *axis)
{
  if (axis->logarithmic)
    (void)fprintf (f, "($%d<%.17g?%.17g:$%d)", column, axis->least, axis->least, column);
  else
    (void)fprintf (f, "%d", column);
}

/* Earlier series get broader lines, so that a line below another one is still seen. */
static double
line_width (slong i, slong count)
{
  return count < 2 ? 3 : 2 + 3 * (double)(count - 1 - i) / (double)(count - 1);
}

static void
put_series (FILE *f, const delta1_plot_t *plot, slong i)
{
  const delta1_plot_series_t *series = plot->series + i;
  slong dash = i / COLOURS % 4 + 1;
  (void)fputs (i == 0 ? "plot \\\n  " : ", \\\n  ", f);
  (void)fprintf (f, "data index %ld using ", (long)i);
  put_column (f, 1, &plot->x);
  (void)fputc (':', f);
  put_column (f, 2, &plot->y);
  (void)fputs (" title ", f);
  put_quoted (f, series->title);
  if (series->style == DELTA1_PLOT_GUIDE)
    {
      (void)fputs (" with lines linecolor rgb '#808080' linewidth 2 dashtype 2", f);
      return;
    }
  if (series->style == DELTA1_PLOT_BAND)
    {
      (void)fputs (" with filledcurves closed linecolor rgb '#D8D8D8'", f);
      return;
    }
  if (series->style == DELTA1_PLOT_HATCH)
    {
      (void)fputs (" with lines linecolor rgb '#B8D4EA' linewidth 1.5 dashtype 1", f);
      return;
    }
  static const char *const styles[] = { [DELTA1_PLOT_LINES] = "lines",
                                        [DELTA1_PLOT_POINTS] = "points",
                                        [DELTA1_PLOT_LINES_POINTS] = "linespoints",
                                        [DELTA1_PLOT_STEPS] = "steps" };
  (void)fprintf (f, " with %s linecolor rgb '%s'", styles[series->style], palette[i % COLOURS]);
  if (series->style != DELTA1_PLOT_POINTS)
    (void)fprintf (f, " linewidth %.1f dashtype %ld", line_width (i, plot->count), (long)dash);
  if (series->style == DELTA1_PLOT_POINTS || series->style == DELTA1_PLOT_LINES_POINTS)
    (void)fprintf (f, " pointtype %d pointsize 0.8", point_types[i % POINT_TYPES]);
}

/* "./NAME" followed by suffix, as gnuplot text; all bytes that are not plain are kept, as \ooo. */
static void
put_path (FILE *f, const char *name, const char *suffix)
{
  (void)fputs ("\"./", f);
  for (const char *c = name; *c != '\0'; c++)
    if (is_special (*c) || (unsigned char)*c >= 0x80)
      (void)fprintf (f, "\\%03o", (unsigned)(unsigned char)*c);
    else
      (void)fputc (*c, f);
  (void)fprintf (f, "%s\"\n", suffix);
}

/* `out`, when it is set before, is where the pictures go. */
static void
put_script (FILE *f, const delta1_plot_t *plot, const char *name, int width, int height)
{
  (void)fputs ("set encoding utf8\nset datafile missing '?'\nif (!exists('out')) out = ", f);
  put_path (f, name, "");
  (void)fputs ("data = ", f);
  put_path (f, name, ".dat");
  (void)fputs ("set title ", f);
  put_quoted (f, plot->title);
  (void)fputs (" noenhanced\n", f);
  put_axis (f, 'x', &plot->x);
  put_axis (f, 'y', &plot->y);
  (void)fputs ("set border 3 linecolor rgb '#404040' linewidth 1.5\n"
               "set tics nomirror out\n"
               "set grid ytics linecolor rgb '#D8D8D8' linewidth 1 dashtype 1\n"
               "set autoscale xfix\nset autoscale yfix\n"
               "set offsets graph 0.02, graph 0.02, graph 0.05, graph 0.05\n",
               f);
  bool below = plot->y.name == NULL && plot->count <= LEGEND_BELOW;
  (void)fprintf (f, "set key %s noenhanced Left reverse samplen 2.5 spacing 1.15\n",
                 plot->y.name != NULL ? "above center horizontal"
                 : below              ? "bmargin left vertical maxrows 4"
                                      : "outside right top");
  if (below) /* else the legend begins in the line of the label */
    (void)fputs ("set xlabel offset 0,0.6\n", f);
  for (int png = 0; png < 2; png++)
    {
      int scale = png + 1;
      if (png == 0)
        (void)fprintf (f,
                       "set terminal svg size %d,%d enhanced font 'DejaVu Sans,17' background "
                       "'white'\nset output out.'.svg'\n",
                       width, height);
      else
        (void)fprintf (f,
                       "set terminal pngcairo size %d,%d enhanced font 'DejaVu Sans,12' fontscale "
                       "2 linewidth 2 pointscale 2\nset output out.'.png'\n",
                       scale * width, scale * height);
      for (slong i = 0; i < plot->count; i++)
        put_series (f, plot, i);
      (void)fputs ("\nset output\n", f);
    }
}

static delta1_status_t
write_inputs (const delta1_plot_t *plot, const char *prefix, const char *name, int width,
              int height, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  for (int script = 0; script < 2 && status == DELTA1_OK; script++)
    {
      delta1_file_t file;
      char *path = NULL;
      if (asprintf (&path, "%s%s", prefix, script ? ".gp" : ".dat") < 0)
        return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name");
      status = delta1_file_open (&file, path, reason);
      free (path);
      if (status != DELTA1_OK)
        return status;
      if (script)
        put_script (file.stream, plot, name, width, height);
      else
        put_data (file.stream, plot);
      status = delta1_file_close (&file, true, reason);
    }
  return status;
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
check (const delta1_plot_t *plot, const char *prefix, int width, int height,
       delta1_reason_t *reason)
{
  const char *name = strrchr (prefix, '/') != NULL ? strrchr (prefix, '/') + 1 : prefix;
  if (*name == '\0')
    return delta1_fail (reason, DELTA1_INPUT,
                        "the prefix of a picture, '%.200s', must end in a file name", prefix);
  for (const char *c = prefix; *c != '\0'; c++)
    if ((unsigned char)*c < 0x20 || *c == 0x7f)
      return delta1_fail (reason, DELTA1_INPUT,
                          "the prefix of a picture must not contain control characters");
  if (plot->count < 1 || plot->count > MAX_SERIES)
    return delta1_fail (reason, DELTA1_INPUT, "a picture of %ld series; allowed: 1 to %d",
                        (long)plot->count, MAX_SERIES);
  if (width < 100 || width > 10000 || height < 100 || height > 10000)
    return delta1_fail (reason, DELTA1_INPUT,
                        "a picture of %d by %d pixels; allowed: 100 to 10000 each way", width,
                        height);
  return DELTA1_OK;
}

delta1_status_t
delta1_plot_write (bool *drawn, const delta1_plot_t *plot, const char *prefix,
                   delta1_reason_t *reason)
{
  int width = plot->width == 0 ? 960 : plot->width;
  int height = plot->height == 0 ? 600 : plot->height;
  const char *slash = strrchr (prefix, '/');
  const char *name = slash != NULL ? slash + 1 : prefix;
  *drawn = false;
  delta1_status_t status = check (plot, prefix, width, height, reason);
  if (status == DELTA1_OK)
    status = write_inputs (plot, prefix, name, width, height, reason);
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
