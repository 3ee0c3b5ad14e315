#include "oracles/table.h"

#include "src/table_file.h"

delta1_status_t
delta1_source_create_table (delta1_source_t **source, slong *rows, slong *columns, const char *path,
                            delta1_reason_t *reason)
{
  delta1_table_t table;
  delta1_table_init (&table);
  delta1_status_t status = delta1_table_file_read (&table, path, NULL, reason);
  slong count = table.rows * table.columns;
  if (status == DELTA1_OK && table.im != NULL)
    status = delta1_source_create_gaussian (source, table.re, table.im, count, reason);
  else if (status == DELTA1_OK)
    status = delta1_source_create_rational (source, table.re, count, reason);
  if (status == DELTA1_OK)
    {
      *rows = table.rows;
      *columns = table.columns;
    }
  delta1_table_clear (&table);
  return status;
}
