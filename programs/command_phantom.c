/* delta1 phantom: a test picture, as a file. */
#include <stdio.h>
#include <string.h>

#include "firenet/phantom.h"
#include "programs/commands.h"
#include "programs/usage.h"
#include "src/npy.h"

#define COMMAND "phantom"

typedef struct
{
  delta1_phantom_t phantom;
  slong side, depth;
  bool depth_given;
  const char *output;
} arguments_t;

static int
list (void)
{
  for (int k = 0; k < DELTA1_PHANTOM_COUNT; k++)
    printf ("%-17s %s\n", delta1_phantom_name ((delta1_phantom_t)k),
            delta1_phantom_summary ((delta1_phantom_t)k));
  return DELTA1_EXIT_OK;
}

static int
help (void)
{
  printf (
      "usage: delta1 phantom [NAME] [OPTION]...\n\n"
      "Writes a test picture, the same pixel by pixel on every machine. NAME, of those of\n"
      "--list: shepp-logan (default; also modified-shepp-logan), shepp-logan-1974, smooth,\n"
      "detail.\n\n"
      "  -N, --side SIDE       pixels along a side, 1 to %d; default 512\n"
      "  -o, --output FILE     FILE.png or FILE.pgm: grey, black is 0 and white 1; FILE.npy: the\n"
      "                        values themselves, as doubles; default NAME.png\n"
      "  --depth BITS          of a grey value, 8 (default) or 16\n"
      "  --list                every phantom, in a line each\n"
      "  -h, --help            this text\n\n"
      "Exit codes: 0 written; 3 wrong usage, or the file cannot be written.\n",
      DELTA1_IMAGE_MAX_SIDE);
  return DELTA1_EXIT_OK;
}

enum
{
  OPT_DEPTH = 256,
  OPT_LIST
};

static bool
take_option (arguments_t *a, int option)
{
  switch (option)
    {
    case 'N':
      return delta1_usage_integer (&a->side, COMMAND, "--side", optarg, 1, DELTA1_IMAGE_MAX_SIDE);
    case 'o':
      a->output = optarg;
      return true;
    default:
      a->depth_given = true;
      if (strcmp (optarg, "8") != 0 && strcmp (optarg, "16") != 0)
        {
          (void)delta1_usage_error (COMMAND, "--depth %.60s: allowed: 8, 16", optarg);
          return false;
        }
      a->depth = optarg[0] == '8' ? 8 : 16;
      return true;
    }
}

/* done: nothing is left to do. */
static int
read_arguments (arguments_t *a, bool *done, int argc, char **argv)
{
  static const struct option options[] = { { "side", required_argument, NULL, 'N' },
                                           { "output", required_argument, NULL, 'o' },
                                           { "depth", required_argument, NULL, OPT_DEPTH },
                                           { "list", no_argument, NULL, OPT_LIST },
                                           { "help", no_argument, NULL, 'h' },
                                           { NULL, 0, NULL, 0 } };
  int option;
  opterr = 0;
  optind = 0;
  while ((option = getopt_long (argc, argv, ":N:o:h", options, NULL)) != -1)
    {
      if (option == '?' || option == ':')
        return delta1_usage_getopt (COMMAND, option, argv);
      if (option == 'h' || option == OPT_LIST)
        {
          *done = true;
          return option == 'h' ? help () : list ();
        }
      if (!take_option (a, option))
        return DELTA1_EXIT_USAGE;
    }
  if (argc - optind > 1)
    return delta1_usage_error (COMMAND, "%d names given; allowed: one", argc - optind);
  if (argc - optind == 1 && !delta1_phantom_find (&a->phantom, argv[optind]))
    return delta1_usage_error (COMMAND,
                               "%.60s: allowed: shepp-logan, modified-shepp-logan, "
                               "shepp-logan-1974, smooth, detail",
                               argv[optind]);
  return DELTA1_EXIT_OK;
}

typedef enum
{
  KIND_PNG,
  KIND_PGM,
  KIND_NPY,
  KIND_COUNT
} kind_t;

/* What the name of the file ends in; KIND_COUNT: something else. */
static kind_t
kind_of (const char *path)
{
  static const char *const end[KIND_COUNT] = { ".png", ".pgm", ".npy" };
  size_t length = strlen (path);
  int kind = 0;
  while (kind < KIND_COUNT && (length <= 4 || strcmp (path + length - 4, end[kind]) != 0))
    kind++;
  return (kind_t)kind;
}

static delta1_status_t
write_picture (const delta1_image_t *image, const arguments_t *a, kind_t kind,
               delta1_reason_t *reason)
{
  static const double window[2] = { 0, 1 };
  const delta1_npy_t array = { .shape = { image->height, image->width }, .values = image->pixel };
  return kind == KIND_PNG ? delta1_image_write (image, a->output, (int)a->depth, window, reason)
         : kind == KIND_PGM
             ? delta1_image_write_pgm (image, a->output, (int)a->depth, window, reason)
             : delta1_npy_write (a->output, &array, NULL, reason);
}

int
delta1_command_phantom (int argc, char **argv)
{
  arguments_t a = { .phantom = DELTA1_PHANTOM_SHEPP_LOGAN, .side = 512, .depth = 8 };
  bool done = false;
  int code = read_arguments (&a, &done, argc, argv);
  if (done || code != DELTA1_EXIT_OK)
    return code;
  char standard[64];
  (void)snprintf (standard, sizeof standard, "%s.png", delta1_phantom_name (a.phantom));
  a.output = a.output == NULL ? standard : a.output;
  kind_t kind = kind_of (a.output);
  if (kind == KIND_COUNT)
    return delta1_usage_error (COMMAND, "--output %.300s: allowed: FILE.png, FILE.pgm, FILE.npy",
                               a.output);
  if (kind == KIND_NPY && a.depth_given)
    return delta1_usage_error (COMMAND, "--depth is of PNG and PGM files; an NPY has doubles");
  if (!delta1_usage_can_write (COMMAND, "--output", a.output))
    return DELTA1_EXIT_USAGE;
  delta1_reason_t reason;
  delta1_image_t image = { .pixel = NULL };
  delta1_status_t status = delta1_phantom_make (&image, a.phantom, a.side, &reason);
  if (status == DELTA1_OK)
    status = write_picture (&image, &a, kind, &reason);
  delta1_image_clear (&image);
  if (status != DELTA1_OK)
    return delta1_usage_error (COMMAND, "%s", reason.text);
  printf ("%s: %s, %ld x %ld\n", a.output, delta1_phantom_name (a.phantom), (long)a.side,
          (long)a.side);
  return DELTA1_EXIT_OK;
}
