/* cfl: complex arrays in the files of BART, the Berkeley Advanced Reconstruction Toolbox: a text
 * header NAME.hdr, in which the line after "# Dimensions" holds the sizes, and NAME.cfl, the
 * numbers: real and imaginary part as little-endian binary32, the first index fastest. */
#ifndef DELTA1_CFL_H
#define DELTA1_CFL_H

#include <stdbool.h>

#include "src/npy.h"

/* Whether the path means such a pair: it ends in .cfl or .hdr, or nothing has that name and
 * path.hdr can be read. */
bool delta1_cfl_is_name (const char *path);

/* The array of numbers that `path` means (NAME, NAME.cfl or NAME.hdr), with at most `most` numbers,
 * all finite: every binary32 is a double, nothing is rounded. array->shape is that of the first two
 * sizes, the other ones (there are at most 16) are 1; shape[1] = 0, a vector, when the second is 1
 * too; is_complex. The number at (i, j) is values[2 (shape[1] i + j)], and one behind: C order, as
 * delta1_npy_t has it, the first index of the file being the row. The caller frees array->values.
 *
 * The length of NAME.cfl is compared with the sizes before memory is taken. INPUT: no such header,
 * other sizes, a file that is too short or too long, a number that is not finite. SYSTEM: it cannot
 * be read, memory is out. *array is untouched then. */
DELTA1_MUST_USE delta1_status_t delta1_cfl_read (delta1_npy_t *array, const char *path, slong most,
                                                 delta1_reason_t *reason);

#endif
