#include "config.h"

#include "src/table_file_private.h"

#ifdef HAVE_MATIO

#include <matio.h>
#include <stdio.h>
#include <string.h>

/* A compressed array may be so many times larger than its file; a small one in any case. */
#define MAX_EXPANSION 100
#define SMALL_ARRAY (INT64_C (1) << 22)

static bool
is_numeric (const matvar_t *variable)
{
  switch (variable->class_type)
    {
    case MAT_C_DOUBLE:
    case MAT_C_SINGLE:
    case MAT_C_INT8:
    case MAT_C_UINT8:
    case MAT_C_INT16:
    case MAT_C_UINT16:
    case MAT_C_INT32:
    case MAT_C_UINT32:
    case MAT_C_INT64:
    case MAT_C_UINT64:
    case MAT_C_SPARSE:
      return true;
    default:
      return false;
    }
}

/* x = number k of the array at data. */
static delta1_status_t
set_entry (delta1_table_reader_t *reader, fmpq_t x, enum matio_types type, const void *data,
           size_t k, slong place)
{
  const slong columns = reader->table->columns;
  switch (type)
    {
    case MAT_T_DOUBLE:
      return delta1_table_reader_double (reader, x, ((const double *)data)[k], place / columns,
                                         place % columns);
    case MAT_T_SINGLE:
      return delta1_table_reader_double (reader, x, (double)((const float *)data)[k],
                                         place / columns, place % columns);
    case MAT_T_INT8:
      fmpz_set_si (fmpq_numref (x), ((const mat_int8_t *)data)[k]);
      break;
    case MAT_T_UINT8:
      fmpz_set_ui (fmpq_numref (x), ((const mat_uint8_t *)data)[k]);
      break;
    case MAT_T_INT16:
      fmpz_set_si (fmpq_numref (x), ((const mat_int16_t *)data)[k]);
      break;
    case MAT_T_UINT16:
      fmpz_set_ui (fmpq_numref (x), ((const mat_uint16_t *)data)[k]);
      break;
    case MAT_T_INT32:
      fmpz_set_si (fmpq_numref (x), ((const mat_int32_t *)data)[k]);
      break;
    case MAT_T_UINT32:
      fmpz_set_ui (fmpq_numref (x), ((const mat_uint32_t *)data)[k]);
      break;
    case MAT_T_INT64:
      fmpz_set_si (fmpq_numref (x), ((const mat_int64_t *)data)[k]);
      break;
    case MAT_T_UINT64:
      fmpz_set_ui (fmpq_numref (x), ((const mat_uint64_t *)data)[k]);
      break;
    default:
      return delta1_table_reader_fail (reader, DELTA1_INPUT, "MAT: numbers of an unknown type");
    }
  return delta1_table_reader_count (reader, x);
}

static delta1_status_t
take_sparse (delta1_table_reader_t *reader, const matvar_t *variable)
{
  delta1_table_t *table = reader->table;
  const mat_sparse_t *sparse = variable->data;
  const slong rows = (slong)variable->dims[0], columns = (slong)variable->dims[1];
  delta1_status_t status = DELTA1_OK;
  if (sparse->njc != (size_t)columns + 1 || sparse->jc[0] != 0 || sparse->jc[columns] > sparse->nir
      || sparse->jc[columns] > sparse->ndata || (sparse->ndata > 0 && sparse->data == NULL))
    DELTA1_TRY (delta1_table_reader_fail (
        reader, DELTA1_INPUT, "MAT: the sparse array '%.60s' is broken", variable->name));
  DELTA1_TRY (delta1_table_reader_full (reader, rows, columns, sparse->jc[columns]));
  DELTA1_TRY (delta1_table_reader_size (reader, rows, columns, false));
  for (slong j = 0; j < columns; j++)
    {
      if (sparse->jc[j] > sparse->jc[j + 1] || sparse->jc[j + 1] > sparse->jc[columns])
        DELTA1_TRY (delta1_table_reader_fail (
            reader, DELTA1_INPUT, "MAT: the columns of '%.60s' are out of order", variable->name));
      for (size_t k = sparse->jc[j]; k < sparse->jc[j + 1]; k++)
        {
          slong i = (slong)sparse->ir[k];
          /* Rows ascend: so no entry is listed twice. */
          if (i >= rows || (k > sparse->jc[j] && sparse->ir[k] <= sparse->ir[k - 1]))
            DELTA1_TRY (delta1_table_reader_fail (
                reader, DELTA1_INPUT, "MAT: the rows of '%.60s' are out of order", variable->name));
          slong place = i * columns + j;
          DELTA1_TRY (
              set_entry (reader, table->re + place, variable->data_type, sparse->data, k, place));
        }
    }
cleanup:
  return status;
}

static delta1_status_t
take_full (delta1_table_reader_t *reader, const matvar_t *variable)
{
  const slong rows = (slong)variable->dims[0], columns = (slong)variable->dims[1];
  delta1_status_t status = delta1_table_reader_size (reader, rows, columns, false);
  for (slong k = 0; status == DELTA1_OK && k < rows * columns; k++)
    {
      slong place = k % rows * columns + k / rows;
      status = set_entry (reader, reader->table->re + place, variable->data_type, variable->data,
                          (size_t)k, place);
    }
  return status;
}

/* Before its numbers are read. */
static delta1_status_t
check_shape (const delta1_table_reader_t *reader, const matvar_t *variable, size_t size)
{
  int64_t count;
  if (variable->isComplex)
    return delta1_table_reader_fail (
        reader, DELTA1_INPUT, "MAT: '%.60s' is complex; real numbers are allowed", variable->name);
  if (variable->rank != 2 || variable->dims[0] < 1 || variable->dims[1] < 1
      || variable->dims[0] > (size_t)WORD_MAX || variable->dims[1] > (size_t)WORD_MAX
      || __builtin_mul_overflow ((int64_t)variable->dims[0], (int64_t)variable->dims[1], &count))
    return delta1_table_reader_fail (
        reader, DELTA1_INPUT,
        "MAT: '%.60s' is empty, huge or has not two dimensions; a table is due", variable->name);
  if (variable->class_type != MAT_C_SPARSE && count > SMALL_ARRAY
      && (variable->compression == MAT_COMPRESSION_NONE ? count > (int64_t)size
                                                        : count / MAX_EXPANSION > (int64_t)size))
    return delta1_table_reader_fail (reader, DELTA1_INPUT,
                                     "MAT: '%.60s' promises %lld numbers, too many for %lld bytes",
                                     variable->name, (long long)count, (long long)size);
  return DELTA1_OK;
}

/* *found: the variable of that name, or the only numeric array. Its numbers are not read yet. */
static delta1_status_t
find (matvar_t **found, const delta1_table_reader_t *reader, mat_t *file, const char *name)
{
  delta1_reason_t names = { "" };
  size_t length = 0;
  bool several = false;
  matvar_t *variable;
  while ((variable = Mat_VarReadNextInfo (file)) != NULL)
    {
      const char *called = variable->name == NULL ? "" : variable->name;
      bool wanted = is_numeric (variable) && variable->name != NULL
                    && (name == NULL || strcmp (called, name) == 0);
      if (length < 300)
        length += (size_t)snprintf (names.text + length, sizeof names.text - length, " %.60s%s",
                                    called, is_numeric (variable) ? "" : " (no numbers)");
      several = several || (wanted && *found != NULL);
      if (wanted && *found == NULL)
        *found = variable;
      else
        Mat_VarFree (variable);
    }
  if (*found == NULL && name == NULL)
    return delta1_table_reader_fail (reader, DELTA1_INPUT, "MAT: it holds no numeric array%s%s",
                                     length == 0 ? "" : "; it holds:", names.text);
  if (*found == NULL)
    return delta1_table_reader_fail (reader, DELTA1_INPUT,
                                     "MAT: it holds no numeric array '%.60s'; it holds:%s", name,
                                     names.text);
  if (several && name == NULL)
    return delta1_table_reader_fail (reader, DELTA1_INPUT,
                                     "MAT: it holds several arrays, name one (FILE.mat:NAME):%s",
                                     names.text);
  return DELTA1_OK;
}

/* The header of 128 bytes ends with the version, 1, and the letters that tell the byte order. What
 * else libmatio would open (version 4, HDF5) it is not given. */
static bool
is_version_5 (const char *data, size_t size)
{
  return size >= 128
         && (memcmp (data + 124, "\0\1IM", 4) == 0 || memcmp (data + 124, "\1\0MI", 4) == 0);
}

delta1_status_t
delta1_table_read_mat (delta1_table_reader_t *reader, const char *data, size_t size,
                       const char *variable)
{
  delta1_status_t status = DELTA1_OK;
  matvar_t *found = NULL;
  mat_t *file = is_version_5 (data, size) ? Mat_Open (reader->path, MAT_ACC_RDONLY) : NULL;
  if (file == NULL || Mat_GetVersion (file) != MAT_FT_MAT5)
    DELTA1_TRY (delta1_table_reader_fail (
        reader, DELTA1_INPUT,
        "it is no MAT file of version 5: save with -v6 or -v7, or as NPY, CSV or Matrix Market"));
  DELTA1_TRY (find (&found, reader, file, variable));
  DELTA1_TRY (check_shape (reader, found, size));
  if (Mat_VarReadDataAll (file, found) != 0 || found->data == NULL)
    DELTA1_TRY (delta1_table_reader_fail (
        reader, DELTA1_INPUT, "MAT: the numbers of '%.60s' cannot be read", found->name));
  if (found->class_type == MAT_C_SPARSE)
    DELTA1_TRY (take_sparse (reader, found));
  else
    DELTA1_TRY (take_full (reader, found));
cleanup:
  Mat_VarFree (found);
  if (file != NULL)
    (void)Mat_Close (file);
  return status;
}

#else

delta1_status_t
delta1_table_read_mat (delta1_table_reader_t *reader, const char *data, size_t size,
                       const char *variable)
{
  (void)data;
  (void)size;
  (void)variable;
  return delta1_table_reader_fail (reader, DELTA1_INPUT,
                                   "this delta1 was built without libmatio and reads no MAT files; "
                                   "NPY, CSV and Matrix Market are read");
}

#endif
