/* table: a source read from a file of exact numbers. */
#ifndef DELTA1_TABLE_H
#define DELTA1_TABLE_H

#include "oracles/source.h"

/* *source: the rows x columns numbers, row-major, of a file in a format of src/table_file.h, whose
 * statuses these are; a MAT file must hold one array. */
DELTA1_MUST_USE delta1_status_t delta1_source_create_table (delta1_source_t **source, slong *rows,
                                                            slong *columns, const char *path,
                                                            delta1_reason_t *reason);

#endif
