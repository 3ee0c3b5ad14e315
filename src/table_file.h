/* table_file: matrices and vectors from files, every number exactly as it stands there.
 *
 * The format is told from the content:
 *   CSV            text, one row a line; separators ',' ';' tab or blanks (the first of these that
 *                  the first line holds); fields may stand in double quotes ("" is a quote);
 *                  LF or CRLF; a UTF-8 byte order mark; '#' at the start of a line or after a blank
 *                  begins a comment; empty lines are skipped. The first line is a header of column
 *                  names when none of its fields is a number, or when all of its fields are quoted
 *                  and those of the next line are not. A first column whose name is empty, or
 *                  for which the header has no field, holds names of rows and is left out. Numbers:
 * those of src/number.h, also with a leading '+' and with a point at the start or end (.5, 5.): 0.1
 * is 1/10. NPY            versions 1 to 3, C or Fortran order, either byte order, one or two
 * dimensions: float32, float64, complex128, bool and integers of 8 to 64 bits. Matrix Market
 * coordinate or array; real, integer or pattern; general, symmetric or skew-symmetric; an entry
 * that is not listed is 0, one listed twice is refused. MAT            version 5 (MATLAB -v6, -v7),
 * where delta1 was built with libmatio: real numeric arrays of two dimensions, full or sparse.
 * `variable` names the array; NULL means the only one. A binary number is the exact dyadic it
 * stands for. NaN, infinities and missing values are refused with their place. Files are hostile:
 * what a header promises is compared with the size of the file before memory is taken. */
#ifndef DELTA1_TABLE_FILE_H
#define DELTA1_TABLE_FILE_H

#include <stdbool.h>

#include "src/flint_world.h"
#include "src/status.h"

/* Larger files, and tables whose numbers need more bits together, are refused. */
#define DELTA1_TABLE_MAX_BYTES (INT64_C (1) << 31)
#define DELTA1_TABLE_MAX_BITS (INT64_C (1) << 31)

typedef struct
{
  slong rows, columns; /* at least 1; a vector in one dimension has one row */
  bool one_dimension;  /* the file has one dimension (NPY) */
  bool row_names;      /* a column of row names was left out (CSV) */
  fmpq *re, *im;       /* rows x columns, row-major; im is NULL for a real table */
  char **name;         /* of the columns, UTF-8 without control characters; NULL: none are known */
} delta1_table_t;

void delta1_table_init (delta1_table_t *table); /* empty: no rows, no columns */
void delta1_table_clear (delta1_table_t *table);

/* Fills an empty table from the file. SYSTEM: it cannot be read; INPUT: one line that names the
 * file, the place (lines, rows and columns from 1, except NPY and MAT: from 0) and what is allowed.
 * The table stays empty then. variable: for MAT only, INPUT with another format. */
DELTA1_MUST_USE delta1_status_t delta1_table_file_read (delta1_table_t *table, const char *path,
                                                        const char *variable,
                                                        delta1_reason_t *reason);

#endif
