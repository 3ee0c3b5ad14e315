/* table_file_private: what the readers of the formats share. */
#ifndef DELTA1_TABLE_FILE_PRIVATE_H
#define DELTA1_TABLE_FILE_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "src/table_file.h"

typedef struct
{
  const char *path;
  delta1_reason_t *reason;
  delta1_table_t *table;
  slong count;  /* initialised entries of table->re, and of table->im when there is one */
  slong room;   /* of delta1_table_reader_append */
  int64_t bits; /* of all numbers stored */
} delta1_table_reader_t;

/* "PATH: ...". */
delta1_status_t delta1_table_reader_fail (const delta1_table_reader_t *reader,
                                          delta1_status_t status, const char *format, ...)
    DELTA1_PRINTF (3, 4);

/* rows x columns zeros. SYSTEM: memory is out. The caller has compared the size with the file. */
delta1_status_t delta1_table_reader_size (delta1_table_reader_t *reader, slong rows, slong columns,
                                          bool complex);

/* A sparse file becomes a full table, which may be far larger than the file: INPUT when rows x
 * columns, which does not overflow, is above 2^22 and above 100 for each entry that is listed. */
delta1_status_t delta1_table_reader_full (const delta1_table_reader_t *reader, int64_t rows,
                                          int64_t columns, int64_t listed);

/* One more zero at the end of table->re, as *x, which lives until the next call. */
delta1_status_t delta1_table_reader_append (delta1_table_reader_t *reader, fmpq **x);

/* Adds the size of a stored number to the sum; INPUT above DELTA1_TABLE_MAX_BITS. */
delta1_status_t delta1_table_reader_count (delta1_table_reader_t *reader, const fmpq_t x);

/* x = value, counted. INPUT, naming row and column, when it is not finite. */
delta1_status_t delta1_table_reader_double (delta1_table_reader_t *reader, fmpq_t x, double value,
                                            slong row, slong column);

/* x = the number in text[0..length), not terminated, with the freedoms of CSV. INPUT, in why, when
 * it is none. */
delta1_status_t delta1_table_number (fmpq_t x, const char *text, size_t length,
                                     delta1_reason_t *why);

/* The formats: data is the whole file, size > 0, with a zero byte after it. */
delta1_status_t delta1_table_read_csv (delta1_table_reader_t *reader, const char *data,
                                       size_t size);
delta1_status_t delta1_table_read_npy (delta1_table_reader_t *reader, const char *data,
                                       size_t size);
delta1_status_t delta1_table_read_matrix_market (delta1_table_reader_t *reader, const char *data,
                                                 size_t size);
/* libmatio opens the file again by its path. */
delta1_status_t delta1_table_read_mat (delta1_table_reader_t *reader, const char *data, size_t size,
                                       const char *variable);

#endif
