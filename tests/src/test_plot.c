#include "tests/testing.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/plot.h"
#include "src/plot_page.h"

static char *
content (const char *path)
{
  FILE *file = fopen (path, "rb");
  if (file == NULL)
    fail_msg ("%s is not there", path);
  char *text = calloc (1, 1 << 22);
  assert_non_null (text);
  assert_true (fread (text, 1, (1 << 22) - 1, file) > 0);
  (void)fclose (file);
  return text;
}

static bool
exists (const char *path)
{
  struct stat info;
  return stat (path, &info) == 0;
}

/* Files of the test directory whose names begin with `head`; hidden ones are not allowed at all. */
static int
count_files (const char *head)
{
  int count = 0;
  DIR *directory = opendir (delta1_test_directory ());
  assert_non_null (directory);
  for (struct dirent *entry; (entry = readdir (directory)) != NULL;)
    {
      if (entry->d_name[0] == '.' && strcmp (entry->d_name, ".") != 0
          && strcmp (entry->d_name, "..") != 0)
        fail_msg ("%s is left", entry->d_name);
      count += strncmp (entry->d_name, head, strlen (head)) == 0;
    }
  (void)closedir (directory);
  return count;
}

static const char *
path_of (const char *name)
{
  static char path[8][400];
  static int turn;
  turn = (turn + 1) % 8;
  (void)snprintf (path[turn], sizeof path[turn], "%s/%s", delta1_test_directory (), name);
  return path[turn];
}

static bool
gnuplot_is_installed (void)
{
  return system ("command -v gnuplot >/dev/null 2>&1") == 0;
}

static const double some_x[] = { 1, 2, 3, 4 };
static const double some_y[] = { 0.1, 1e-30, 0, NAN };

static delta1_plot_t
some_plot (const delta1_plot_series_t *series, slong count)
{
  return (delta1_plot_t){ .title = "errors",
                          .x = { .label = "k" },
                          .y = { .label = "error", .logarithmic = true, .least = 1e-20 },
                          .count = count,
                          .series = series };
}

/* Two NaN break a line: one empty line, as two would begin a new block. */
static void
broken_lines (void **state)
{
  (void)state;
  delta1_reason_t reason;
  bool drawn;
  static const double x[] = { NAN, 1, 2, NAN, NAN, 3, 4, NAN },
                      y[] = { NAN, 5, 6, NAN, NAN, 7, NAN, NAN };
  const delta1_plot_series_t series[]
      = { { .title = "a", .style = DELTA1_PLOT_HATCH, .count = 8, .x = x, .y = y },
          { .title = "gap", .count = 1, .x = x, .y = y },
          { .title = "b", .count = 1, .x = x + 1, .y = y + 1 } };
  const delta1_plot_t plot = {
    .title = "t", .x = { .label = "x" }, .y = { .label = "y" }, .count = 3, .series = series
  };
  assert_ok (delta1_plot_write (&drawn, &plot, path_of ("broken"), &reason), reason);
  char *text = content (path_of ("broken.dat"));
  assert_string_equal (text, "# \"t\"\n# columns: \"x\" \"y\"\n# series 0: \"a\"\n"
                             "1 5\n2 6\n\n3 7\n? ?\n"
                             "\n\n# series 1: \"gap\"\n? ?\n"
                             "\n\n# series 2: \"b\"\n1 5\n");
  free (text);
  text = content (path_of ("broken.gp"));
  assert_non_null (strstr (text, "title \"a\" with lines linecolor rgb '#B8D4EA'"));
  free (text);
}

/* What was computed is in the data file, unchanged by the picture's limits. */
static void
data_and_script (void **state)
{
  (void)state;
  delta1_reason_t reason;
  bool drawn;
  const delta1_plot_series_t series[]
      = { { .title = "a", .count = 4, .x = some_x, .y = some_y },
          { .title = "nothing", .count = 0, .x = some_x, .y = some_y },
          { .title = "b's", .style = DELTA1_PLOT_STEPS, .count = 1, .x = some_x, .y = some_x } };
  const delta1_plot_t plot = some_plot (series, 3);
  assert_ok (delta1_plot_write (&drawn, &plot, path_of ("one"), &reason), reason);
  char *text = content (path_of ("one.dat"));
  assert_string_equal (text, "# \"errors\"\n# columns: \"k\" \"error\"\n# series 0: \"a\"\n"
                             "1 0.10000000000000001\n2 1.0000000000000001e-30\n3 0\n? ?\n"
                             "\n\n# series 1: \"nothing\"\n? ?\n"
                             "\n\n# series 2: \"b\\047s\"\n1 1\n");
  free (text);
  text = content (path_of ("one.gp"));
  assert_non_null (strstr (text, "data = \"./one.dat\"\n"));
  assert_non_null (strstr (text, "set logscale y\n"));
  assert_null (strstr (text, "set logscale x"));
  assert_non_null (
      strstr (text, "data index 0 using 1:($2<9.9999999999999995e-21?9.9999999999999995e-21:$2) "
                    "title \"a\" with lines"));
  assert_non_null (strstr (text, "title \"b\\047s\" with steps"));
  free (text);
  assert_int_equal (drawn, gnuplot_is_installed ());
  assert_int_equal (count_files ("one"), drawn ? 4 : 2);
  if (drawn)
    {
      text = content (path_of ("one.png"));
      assert_memory_equal (text, "\x89PNG", 4);
      free (text);
      text = content (path_of ("one.svg"));
      assert_non_null (strstr (text, "</svg>"));
      free (text);
    }
}

/* A curve, or a polygon of a band, ends where both numbers are missing: one empty line, however
 * many are missing, and none at the ends. */
static void
curves_end (void **state)
{
  (void)state;
  delta1_reason_t reason;
  bool drawn;
  const double x[] = { NAN, 1, 2, 2, NAN, NAN, 3, 4, 4, NAN },
               y[] = { NAN, 1, 1, 2, NAN, NAN, 1, 1, 2, NAN };
  const delta1_plot_series_t series
      = { .title = "b", .style = DELTA1_PLOT_BAND, .count = 10, .x = x, .y = y };
  const delta1_plot_t plot = {
    .title = "t", .x = { .label = "k" }, .y = { .label = "e" }, .count = 1, .series = &series
  };
  assert_ok (delta1_plot_write (&drawn, &plot, path_of ("band"), &reason), reason);
  char *text = content (path_of ("band.dat"));
  assert_string_equal (text, "# \"t\"\n# columns: \"k\" \"e\"\n# series 0: \"b\"\n"
                             "1 1\n2 1\n2 2\n\n3 1\n4 1\n4 2\n");
  free (text);
  text = content (path_of ("band.gp"));
  assert_non_null (strstr (text, "with filledcurves closed"));
  free (text);
  assert_int_equal (drawn, gnuplot_is_installed ());
}

static void
without_gnuplot (void **state)
{
  (void)state;
  delta1_reason_t reason;
  bool drawn = true;
  const delta1_plot_series_t series = { .title = "a", .count = 4, .x = some_x, .y = some_y };
  const delta1_plot_t plot = some_plot (&series, 1);
  char *path = strdup (getenv ("PATH"));
  assert_int_equal (setenv ("PATH", "/nonexistent", 1), 0);
  delta1_status_t status = delta1_plot_write (&drawn, &plot, path_of ("absent"), &reason);
  assert_int_equal (setenv ("PATH", path, 1), 0);
  free (path);
  assert_ok (status, reason);
  assert_false (drawn);
  assert_non_null (strstr (reason.text, "gnuplot is not installed"));
  assert_non_null (strstr (reason.text, "absent.dat"));
  assert_int_equal (count_files ("absent"), 2);
}

static bool
says_python (const char *program, const char *argument)
{
  char command[1000];
  const char *python = getenv ("PYTHON3");
  (void)snprintf (command, sizeof command, "%s -c '%s' '%s'",
                  python != NULL ? python : "/usr/bin/python3", program, argument);
  return system (command) == 0;
}

/* Labels that would run commands, end strings, or break XML, if anybody read them. */
static void
hostile_labels (void **state)
{
  (void)state;
  delta1_reason_t reason;
  bool drawn;
  char long_label[1000];
  memset (long_label, 'x', sizeof long_label);
  for (size_t i = 100; i + 1 < sizeof long_label; i += 2)
    memcpy (long_label + i, "\xc3\xa9", 2);
  long_label[sizeof long_label - 1] = '\0';
  static const char *const labels[] = { "'; system('touch pwned'); '",
                                        "",
                                        "\"; system(\"touch pwned\"); \"",
                                        "`touch pwned`",
                                        "'.system(\"touch pwned\").'",
                                        "a\n! touch pwned\nb\\",
                                        "\\",
                                        "{/=100 x}^_@&~ $0 \"q\" %s %n",
                                        "<script>&amp; ]]> \x01\x7f\xff\xc2\x80 é \xed\xa0\x80",
                                        "" };
  for (size_t i = 0; i <= sizeof labels / sizeof *labels; i++)
    {
      const char *label = i < sizeof labels / sizeof *labels ? labels[i] : long_label;
      const delta1_plot_series_t series[]
          = { { .title = label, .count = 3, .x = some_x, .y = some_x },
              { .title = "fine", .count = 3, .x = some_x, .y = some_x } };
      delta1_plot_t plot = some_plot (series, 2);
      plot.title = plot.x.label = plot.y.label = label;
      const char *const names[] = { "fine", label, label };
      if (i % 2 == 1)
        plot.y = (delta1_plot_axis_t){ .label = label, .name = names, .names = 3 };
      assert_ok (delta1_plot_write (&drawn, &plot, path_of ("hostile"), &reason), reason);
      assert_int_equal (drawn, gnuplot_is_installed ());
      assert_false (exists (path_of ("pwned")));
      assert_false (exists ("pwned"));
      if (drawn)
        assert_true (says_python ("import sys, xml.dom.minidom as m; m.parse(sys.argv[1])",
                                  path_of ("hostile.svg")));
      char *text = content (path_of ("hostile.gp"));
      for (const char *c = text; *c != '\0'; c++)
        assert_true (*c == '\n' || (unsigned char)*c >= 0x20);
      assert_null (strstr (text, "\xc2\x80"));
      assert_null (strstr (text, "\xc3...")); /* cut between characters */
      free (text);
    }
}

/* File names too. */
static void
hostile_names (void **state)
{
  (void)state;
  delta1_reason_t reason;
  bool drawn;
  const delta1_plot_series_t series = { .title = "a", .count = 4, .x = some_x, .y = some_y };
  const delta1_plot_t plot = some_plot (&series, 1);
  static const char *const names[]
      = { "<touch pwned", "|touch pwned", "it's", "'", "''x''", "-e", "`x`", "a b" };
  char here[400];
  assert_non_null (getcwd (here, sizeof here));
  assert_int_equal (chdir (delta1_test_directory ()), 0);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    {
      char svg[100];
      (void)snprintf (svg, sizeof svg, "%s.svg", names[i]);
      assert_ok (delta1_plot_write (&drawn, &plot, names[i], &reason), reason);
      assert_int_equal (exists (svg), drawn);
      assert_int_equal (drawn, gnuplot_is_installed ());
      assert_false (exists ("pwned"));
    }
  assert_int_equal (chdir (here), 0);
}

static void
refusals (void **state)
{
  (void)state;
  delta1_reason_t reason;
  bool drawn;
  const delta1_plot_series_t series = { .title = "a", .count = 4, .x = some_x, .y = some_y };
  delta1_plot_t plot = some_plot (&series, 1);
  assert_refused (delta1_plot_write (&drawn, &plot, "/nonexistent/x", &reason), DELTA1_SYSTEM,
                  reason, "/nonexistent/x.dat");
  assert_refused (delta1_plot_write (&drawn, &plot, path_of (""), &reason), DELTA1_INPUT, reason,
                  "file name");
  assert_refused (delta1_plot_write (&drawn, &plot, path_of ("a\nb"), &reason), DELTA1_INPUT,
                  reason, "control characters");
  plot.width = 50;
  assert_refused (delta1_plot_write (&drawn, &plot, path_of ("no"), &reason), DELTA1_INPUT, reason,
                  "50 by 600");
  plot.width = 0;
  plot.count = 0;
  assert_refused (delta1_plot_write (&drawn, &plot, path_of ("no"), &reason), DELTA1_INPUT, reason,
                  "0 series");
  assert_int_equal (count_files ("no"), 0);
}

/* A gnuplot that fails: the reason has its last words; what was there before stays. */
static void
gnuplot_fails (void **state)
{
  (void)state;
  delta1_reason_t reason;
  bool drawn;
  const delta1_plot_series_t series = { .title = "a", .count = 4, .x = some_x, .y = some_y };
  const delta1_plot_t plot = some_plot (&series, 1);
  assert_int_equal (mkdir (path_of ("bin"), 0700), 0);
  static const char *const scripts[] = { "#!/bin/sh\necho 'no font' >&2\nexit 1\n",
                                         "#!/bin/sh\nkill -9 $$\n", "#!/bin/sh\nexit 0\n" };
  static const char *const words[] = { "no font", "Killed", "drew no" };
  char *path = strdup (getenv ("PATH")), *with_fake = NULL;
  assert_true (asprintf (&with_fake, "%s:%s", path_of ("bin"), path) > 0);
  for (int i = 0; i < 3; i++)
    {
      FILE *file = fopen (path_of ("bin/gnuplot"), "w");
      assert_non_null (file);
      assert_true (fputs (scripts[i], file) >= 0 && fclose (file) == 0);
      assert_int_equal (chmod (path_of ("bin/gnuplot"), 0700), 0);
      file = fopen (path_of ("fails.svg"), "w");
      assert_true (file != NULL && fputs ("before", file) >= 0 && fclose (file) == 0);
      assert_int_equal (setenv ("PATH", with_fake, 1), 0);
      delta1_status_t status = delta1_plot_write (&drawn, &plot, path_of ("fails"), &reason);
      assert_int_equal (setenv ("PATH", path, 1), 0);
      assert_refused (status, DELTA1_FAILED, reason, words[i]);
      char *text = content (path_of ("fails.svg"));
      assert_string_equal (text, "before");
      free (text);
      assert_int_equal (count_files ("fails"), 3);
    }
  free (path);
  free (with_fake);
}

/* Short titles in two columns, below; long ones, which would be cut, one in a line. */
static void
legends (void **state)
{
  (void)state;
  delta1_reason_t reason;
  bool drawn;
  char title[61];
  static const struct
  {
    slong count;
    size_t length;
    int width;
    const char *expected;
  } cases[] = { { 4, 10, 0, "set key bmargin left vertical maxrows 2 " },
                { 3, 36, 0, "set key bmargin left vertical maxrows 2 " },
                { 2, 10, 0, "set key bmargin left vertical maxrows 1 " },
                { 4, 60, 0, "set key bmargin left vertical maxrows 4 " },
                { 4, 10, 300, "set key bmargin left vertical maxrows 4 " },
                { 5, 10, 0, "set key outside right top " } };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      delta1_plot_series_t series[5];
      memset (title, 'W', sizeof title - 1);
      title[cases[i].length] = '\0';
      for (int j = 0; j < 5; j++)
        series[j] = (delta1_plot_series_t){
          .title = j == 1 ? title : "a", .count = 3, .x = some_x, .y = some_x
        };
      delta1_plot_t plot = some_plot (series, cases[i].count);
      plot.width = cases[i].width;
      assert_ok (delta1_plot_write (&drawn, &plot, path_of ("legend"), &reason), reason);
      char *text = content (path_of ("legend.gp"));
      if (strstr (text, cases[i].expected) == NULL)
        fail_msg ("case %zu has not: %s", i, cases[i].expected);
      free (text);
      if (drawn)
        {
          text = content (path_of ("legend.svg"));
          assert_non_null (strstr (text, title));
          free (text);
        }
    }
}

/* --- pages ------------------------------------------------------------------------------------ */

static double wide_pixel[] = { 0, 0.5, 1, 2, -1, 0.25 };
static const delta1_image_t wide = { .width = 3, .height = 2, .pixel = wide_pixel };
static const delta1_image_t nothing = { .pixel = NULL };

/* Bytes of all pictures row by row, what is outside the window cut off; blocks of all plots; where
 * each begins; and what is said. */
static void
page_files (void **state)
{
  (void)state;
  delta1_reason_t reason;
  bool drawn;
  const delta1_plot_picture_t pictures[] = { { .title = "one", .image = &wide, .window = { 0, 1 } },
                                             { .title = "none", .image = &nothing },
                                             { .title = "two",
                                               .image = &wide,
                                               .window = { -1, 2 },
                                               .colours = DELTA1_PLOT_HEAT,
                                               .scale = true } };
  const delta1_plot_series_t series[] = { { .title = "a", .count = 1, .x = some_x, .y = some_x },
                                          { .title = "b", .count = 1, .x = some_x, .y = some_x } };
  const delta1_plot_t plots[] = { some_plot (series, 2), some_plot (series, 1) };
  static const char *const lines[] = { "(a) 1 %", "  (b) \"2\"" };
  const delta1_plot_page_t page = { .title = "page",
                                    .columns = 2,
                                    .pictures = 3,
                                    .picture = pictures,
                                    .plots = 2,
                                    .plot = plots,
                                    .lines = 2,
                                    .line = lines };
  assert_ok (delta1_plot_page_write (&drawn, &page, path_of ("page"), &reason), reason);
  assert_int_equal (drawn, gnuplot_is_installed ());
  assert_int_equal (count_files ("page"), drawn ? 5 : 3);
  struct stat info;
  assert_int_equal (stat (path_of ("page.bin"), &info), 0);
  assert_int_equal (info.st_size, 12);
  char *text = content (path_of ("page.bin"));
  assert_memory_equal (text, "\x00\x80\xff\xff\x00\x40\x55\x80\xaa\xff\x00\x6a", 12);
  free (text);
  text = content (path_of ("page.dat"));
  const char *second = strstr (text, "\n\n\n# \"errors\"\n");
  assert_non_null (second);
  assert_non_null (strstr (text, "\n\n# series 1: \"b\"\n1 1\n"));
  free (text);
  text = content (path_of ("page.gp"));
  static const char *const expected[] = { "set label \"page\" at screen",
                                          "set label \"(a) 1 \\045\" at screen",
                                          "set label \"  (b) \\0422\\042\" at screen",
                                          "skip=0 array=(3,2) format='%uchar' flip=y",
                                          "skip=6 array=(3,2) format='%uchar' flip=y",
                                          "set cbtics ('-1' 0, '0.5' 127.5, '2' 255)",
                                          "data index 0 ",
                                          "data index 1 ",
                                          "data index 2 ",
                                          "unset colorbox",
                                          "6 '#FCFFA4'" };
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
    if (strstr (text, expected[i]) == NULL)
      fail_msg ("not in the script: %s", expected[i]);
  assert_null (strstr (text, "skip=12"));
  free (text);
  if (drawn)
    {
      text = content (path_of ("page.svg"));
      assert_non_null (strstr (text, "<image "));
      assert_non_null (strstr (text, ">(a) 1 %<"));
      free (text);
    }
}

/* Large images are drawn from means of blocks, also at their edges. */
static void
page_of_a_large_image (void **state)
{
  (void)state;
  delta1_reason_t reason;
  bool drawn;
  delta1_image_t image;
  assert_ok (delta1_image_init (&image, 2049, 3, &reason), reason);
  for (slong i = 0; i < 2049 * 3; i++)
    image.pixel[i] = (double)(i % 2049) / 2049;
  image.pixel[2 * 2049 + 2048] = 0.5;
  const delta1_plot_picture_t picture = { .title = "p", .image = &image, .window = { 0, 1 } };
  const delta1_plot_page_t page = { .columns = 1, .pictures = 1, .picture = &picture };
  assert_ok (delta1_plot_page_write (&drawn, &page, path_of ("large"), &reason), reason);
  delta1_image_clear (&image);
  struct stat info;
  assert_int_equal (stat (path_of ("large.bin"), &info), 0);
  assert_int_equal (info.st_size, 683);
  char *text = content (path_of ("large.bin"));
  assert_int_equal ((unsigned char)text[0], 0);
  assert_int_equal ((unsigned char)text[341], 127); /* 255 1024/2049 */
  assert_int_equal ((unsigned char)text[682],
                    241); /* 255 ((2 (2046 + 2047 + 2048) + 2046 + 2047)/2049 + 1/2)/9 */
  free (text);
}

static void
page_refusals (void **state)
{
  (void)state;
  delta1_reason_t reason;
  bool drawn;
  double bad_pixel[] = { 0, NAN };
  const delta1_image_t bad = { .width = 2, .height = 1, .pixel = bad_pixel };
  const delta1_plot_picture_t good = { .title = "p", .image = &wide, .window = { 0, 1 } };
  delta1_plot_picture_t picture = good;
  const delta1_plot_page_t plain = { .columns = 1, .pictures = 1, .picture = &picture };
  delta1_plot_page_t page = plain;
#define REFUSED(word)                                                                              \
  assert_refused (delta1_plot_page_write (&drawn, &page, path_of ("bad"), &reason), DELTA1_INPUT,  \
                  reason, word);                                                                   \
  page = plain;                                                                                    \
  picture = good
  picture.image = &bad;
  REFUSED ("pixel 1 is not finite");
  picture.image = &nothing;
  REFUSED ("neither");
  page.pictures = 0;
  REFUSED ("neither");
  page.pictures = 65;
  REFUSED ("65 pictures; allowed: 0 to 64");
  page.columns = 0;
  REFUSED ("0 columns; allowed: 1 to 8");
  page.columns = 9;
  REFUSED ("9 columns");
  page.lines = 101;
  REFUSED ("101 lines");
  page.plots = 9;
  REFUSED ("9 plots");
  page.width = 399;
  REFUSED ("399");
  page.width = 10001;
  REFUSED ("10001");
  picture.window[1] = 0;
  REFUSED ("window from 0 to 0");
  picture.window[0] = NAN;
  REFUSED ("window");
  const delta1_plot_t empty = some_plot (NULL, 0);
  page.plots = 1;
  page.plot = &empty;
  REFUSED ("0 series");
#undef REFUSED
  assert_int_equal (count_files ("bad"), 0);
  assert_refused (delta1_plot_page_write (&drawn, &page, "/nonexistent/x", &reason), DELTA1_SYSTEM,
                  reason, "/nonexistent/x.bin");
}

static void
page_without_gnuplot (void **state)
{
  (void)state;
  delta1_reason_t reason;
  bool drawn = true;
  const delta1_plot_picture_t picture = { .title = "p", .image = &wide, .window = { 0, 1 } };
  const delta1_plot_page_t page = { .columns = 1, .pictures = 1, .picture = &picture };
  char *path = strdup (getenv ("PATH"));
  assert_int_equal (setenv ("PATH", "/nonexistent", 1), 0);
  delta1_status_t status = delta1_plot_page_write (&drawn, &page, path_of ("lone"), &reason);
  assert_int_equal (setenv ("PATH", path, 1), 0);
  free (path);
  assert_ok (status, reason);
  assert_false (drawn);
  assert_non_null (strstr (reason.text, "gnuplot is not installed"));
  assert_int_equal (count_files ("lone"), 3);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (data_and_script),
    cmocka_unit_test (broken_lines),
    cmocka_unit_test (curves_end),
    cmocka_unit_test (without_gnuplot),
    cmocka_unit_test (hostile_labels),
    cmocka_unit_test (hostile_names),
    cmocka_unit_test (refusals),
    cmocka_unit_test (gnuplot_fails),
    cmocka_unit_test (legends),
    cmocka_unit_test (page_files),
    cmocka_unit_test (page_of_a_large_image),
    cmocka_unit_test (page_refusals),
    cmocka_unit_test (page_without_gnuplot),
  };
  return cmocka_run_group_tests_name ("plot", tests, NULL, NULL);
}
