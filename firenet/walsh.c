#include "firenet/transforms.h"

static int
bits_of (slong n)
{
  int bits = 0;
  while (((slong)1 << bits) < n)
    bits++;
  return bits;
}

/* The index, in the natural (Hadamard) order, of the function with s changes of sign: the bits of
 * the Gray code of s in reverse. */
static slong
natural (slong s, slong n)
{
  slong gray = s ^ (s >> 1), index = 0;
  for (int bits = bits_of (n); bits > 0; bits--, gray >>= 1)
    index = index << 1 | (gray & 1);
  return index;
}

slong
delta1_walsh_position (const delta1_plan_t *plan, slong s, bool row)
{
  slong index = natural (s, plan->n);
  return row && plan->n >= 64 ? delta1_row_swap (index) : index;
}

void
delta1_walsh_balls (acb_ptr x, slong step, slong n, bool adjoint, slong prec)
{
  acb_ptr line = _acb_vec_init (n);
  acb_t sum;
  acb_init (sum);
  for (slong s = 0; s < n; s++)
    acb_swap (line + (adjoint ? natural (s, n) : s), x + s * step);
  for (slong half = n / 2; half > 0; half /= 2)
    for (slong i = 0; i < n; i++)
      if ((i & half) == 0)
        {
          acb_add (sum, line + i, line + i + half, prec);
          acb_sub (line + i + half, line + i, line + i + half, prec);
          acb_swap (line + i, sum);
        }
  for (slong s = 0; s < n; s++)
    acb_swap (x + s * step, line + (adjoint ? s : natural (s, n)));
  acb_clear (sum);
  _acb_vec_clear (line, n);
}
