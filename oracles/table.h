/* table: a source read from a file of exact numbers.
 *
 * Text: numbers of src/number.h separated by white space or commas, one row a line, '#' starts a
 * comment; all rows have the same length. NPY: version 1, 2 or 3, C or Fortran order, dtype <f8,
 * >f8, <f4, >f4, <c16, >c16, one (a row) or two dimensions; every double is taken as the exact
 * dyadic it is; NaN and infinity are refused, with their place. A .npy ending or the NPY magic
 * selects NPY.
 */
#ifndef DELTA1_TABLE_H
#define DELTA1_TABLE_H

#include "oracles/source.h"

/* *source: the rows x columns numbers, row-major. SYSTEM: cannot be read; INPUT: one line that
 * names the file, the place and what is allowed. A header that promises more than the file holds is
 * refused before any memory is taken; so is a table whose numbers need more than 2^31 bits
 * together. */
DELTA1_MUST_USE delta1_status_t delta1_source_create_table (delta1_source_t **source, slong *rows,
                                                            slong *columns, const char *path,
                                                            delta1_reason_t *reason);

#endif
