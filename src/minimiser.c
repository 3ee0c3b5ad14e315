/* The types of enclosure.h. */
#include <stdio.h>
#include <stdlib.h>

#include "src/enclosure_private.h"

void
delta1_quantity_init (delta1_quantity_t *quantity)
{
  *quantity = (delta1_quantity_t){ .column = -1 };
  arb_init (quantity->slack);
}

void
delta1_quantity_clear (delta1_quantity_t *quantity)
{
  arb_clear (quantity->slack);
}

void
delta1_quantity_set (delta1_quantity_t *to, const delta1_quantity_t *from)
{
  to->kind = from->kind;
  to->column = from->column;
  arb_set (to->slack, from->slack);
}

const char *
delta1_quantity_name (delta1_quantity_kind_t kind)
{
  switch (kind)
    {
    case DELTA1_QUANTITY_NONE:
      return "nothing";
    case DELTA1_QUANTITY_SIGN:
      return "the sign of the coefficient";
    case DELTA1_QUANTITY_CORRELATION:
      return "the dual inequality";
    case DELTA1_QUANTITY_INJECTIVE:
      return "the independence of the support's columns, most of all";
    case DELTA1_QUANTITY_RESIDUAL:
      return "the residual of the support's least squares solution";
    case DELTA1_QUANTITY_SHRINKAGE:
      return "the curvature on the support";
    case DELTA1_QUANTITY_RADIUS:
      return "10^-K less the radius of the enclosure";
    case DELTA1_QUANTITY_CANDIDATE:
      return "a basis of as many columns as rows";
    }
  return "?";
}

char *
delta1_quantity_format (const delta1_quantity_t *quantity, const char *name)
{
  char *text = NULL, column[32] = "";
  arf_t low, high;
  arf_init (low);
  arf_init (high);
  arb_get_lbound_arf (low, quantity->slack, 53);
  arb_get_ubound_arf (high, quantity->slack, 53);
  if (quantity->column >= 0 && name == NULL)
    (void)snprintf (column, sizeof column, " of column %ld", (long)quantity->column);
  if (quantity->kind == DELTA1_QUANTITY_CANDIDATE || quantity->kind == DELTA1_QUANTITY_NONE)
    {
      if (asprintf (&text, "%s was not found", delta1_quantity_name (quantity->kind)) < 0)
        text = NULL;
    }
  else if (asprintf (&text, "%s%s%s is in [%.4g, %.4g]", delta1_quantity_name (quantity->kind),
                     quantity->column >= 0 && name != NULL ? " of " : column,
                     quantity->column >= 0 && name != NULL ? name : "",
                     arf_get_d (low, ARF_RND_FLOOR), arf_get_d (high, ARF_RND_CEIL))
           < 0)
    text = NULL;
  arf_clear (low);
  arf_clear (high);
  return text;
}

delta1_status_t
delta1_candidate_init (delta1_candidate_t *candidate, slong room, delta1_reason_t *reason)
{
  *candidate = (delta1_candidate_t){ .room = room };
  candidate->column = calloc ((size_t)room + 1, sizeof *candidate->column);
  candidate->sign = calloc ((size_t)room + 1, sizeof *candidate->sign);
  if (candidate->column == NULL || candidate->sign == NULL)
    {
      candidate->room = 0;
      return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for %ld columns", (long)room);
    }
  return DELTA1_OK;
}

void
delta1_candidate_clear (delta1_candidate_t *candidate)
{
  free (candidate->column);
  free (candidate->sign);
  *candidate = (delta1_candidate_t){ .room = 0 };
}

void
delta1_minimiser_init (delta1_minimiser_t *minimiser)
{
  *minimiser = (delta1_minimiser_t){ .size = 0 };
  arb_init (minimiser->multiplier);
  arb_init (minimiser->radius);
  delta1_quantity_init (&minimiser->sign_least);
  delta1_quantity_init (&minimiser->outside_least);
}

void
delta1_minimiser_release (delta1_minimiser_t *minimiser)
{
  free (minimiser->column);
  free (minimiser->sign);
  if (minimiser->x != NULL)
    _arb_vec_clear (minimiser->x, minimiser->size);
  if (minimiser->dual != NULL)
    _arb_vec_clear (minimiser->dual, minimiser->m);
  minimiser->column = NULL;
  minimiser->sign = NULL;
  minimiser->x = minimiser->dual = NULL;
  minimiser->m = minimiser->size = 0;
}

void
delta1_minimiser_clear (delta1_minimiser_t *minimiser)
{
  delta1_minimiser_release (minimiser);
  arb_clear (minimiser->multiplier);
  arb_clear (minimiser->radius);
  delta1_quantity_clear (&minimiser->sign_least);
  delta1_quantity_clear (&minimiser->outside_least);
}

void
delta1_minimiser_swap (delta1_minimiser_t *a, delta1_minimiser_t *b)
{
  delta1_minimiser_t other = *a;
  *a = *b;
  *b = other;
}
