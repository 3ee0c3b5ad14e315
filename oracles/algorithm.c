#include "oracles/algorithm.h"

#include <stdlib.h>

void
delta1_algorithm_free (delta1_algorithm_t *algorithm)
{
  if (algorithm == NULL)
    return;
  if (algorithm->table->free != NULL)
    algorithm->table->free (algorithm->context);
  free (algorithm->label);
  free (algorithm);
}
