/* table_files: what the tests of the readers share: files of given bytes, and what must come of
 * them. */
#ifndef DELTA1_TABLE_FILES_H
#define DELTA1_TABLE_FILES_H

#include "src/table_file.h"
#include "tests/testing.h"

/* A file of the test directory; static storage until the next call. */
const char *table_write (const char *name, const void *data, size_t size);
const char *table_write_text (const char *name, const char *text);

/* An NPY file: magic, version, length and text of the header, then the bytes. */
const char *table_write_npy (const char *name, int version, const char *head, const void *data,
                             size_t size);

/* The other byte order. */
void table_reverse (void *item, size_t width);

/* The whole file, from malloc. */
unsigned char *table_load (const char *path, size_t *size);

/* The file holds these numbers (in the grammar of src/number.h), row by row. */
void table_expect (const char *path, slong rows, slong columns, const char *const *numbers);

/* It is refused, in one line that names the file and holds the word; the table stays empty. */
void table_refuse (const char *path, delta1_status_t status, const char *word);

/* The file cut at every length, and with bytes changed at random: read, or refused as INPUT in one
 * line. At least `refused` of the cuts are refused. name: of the broken files. */
void table_break (const char *path, const char *name, size_t refused);

#endif
