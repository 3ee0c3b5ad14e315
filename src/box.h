/* box: a box that contains the minimiser, proved by a Krawczyk operator (mathematics.md, Theorem
 * 4.10).
 *
 * The unknowns of the optimality system on a support B are x_B, and with them kappa for srlasso
 * with a residual and for qcbp. The box Z = middle +- radius is right when K(Z) = z - R F(z) + (I -
 * R F'(Z))(Z - z), z its middle, lies in its interior for every input the data allow: then each
 * input has exactly one solution in Z. This is the second proof, of other formulas than those of
 * enclosure.h, and with other arithmetic; certificates are verified by it. */
#ifndef DELTA1_BOX_H
#define DELTA1_BOX_H

#include "src/enclosure.h"

typedef struct
{
  delta1_candidate_t candidate; /* the lemma, B and its signs: 0 for the intercept, and, in a basis,
                                   where the box contains 0 */
  bool with_residual;    /* not in a basis: r = y - A x is among the unknowns, which is sharper */
  slong unknowns;        /* x_B; kappa where the lemma has one; r (m) */
  fmpq *middle, *radius; /* unknowns */
} delta1_box_t;

/* Room for a box on `size` columns; residual: 0, or m for one with r. SYSTEM: memory; cleared also
 * when it failed. */
DELTA1_MUST_USE delta1_status_t delta1_box_init (delta1_box_t *box, delta1_lemma_t lemma,
                                                 slong size, slong residual,
                                                 delta1_reason_t *reason);
void delta1_box_clear (delta1_box_t *box);

/* Whether the lemma's system has the unknown kappa. */
bool delta1_lemma_has_multiplier (delta1_lemma_t lemma);

/* OK: for every input the data allow the minimiser is unique, vanishes outside B, and lies in the
 * box, with the signs. UNDECIDED: not proved with prec bits (the reason says what). INPUT: the box
 * does not fit the data. SYSTEM: memory. */
DELTA1_MUST_USE delta1_status_t delta1_box_prove (const delta1_box_t *box,
                                                  const delta1_data_t *data, slong prec,
                                                  delta1_reason_t *reason);

#endif
