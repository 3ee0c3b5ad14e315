/* stability: how far phi_n(y') can be from phi_n(y) (mathematics.md 6.2, Theorem 6.5). *Certified*
 * upper bounds on the exact network; a lower bound is for firenet/attack.h to find. */
#ifndef DELTA1_STABILITY_H
#define DELTA1_STABILITY_H

#include "firenet/accuracy.h"

/* constant (exact) >= (n(p-1)/2) sqrt(tau sigma): ||phi_n(y) - phi_n(y')|| <= constant ||y - y'||
 * for all y, y'. It needs tau sigma ||A||^2 <= 1, which firenet/iteration.h checks, and nothing
 * else of A. */
void delta1_stability_lipschitz (arb_t constant, const delta1_restart_t *network, slong precision);

/* bound (exact) >= ||phi_n(y + e) - phi_n(y)|| for all ||e|| <= radius: the smaller of constant
 * radius, and, when data are not NULL, of ||phi_n(y + e) - x|| + ||phi_n(y) - x|| by Corollary
 * 6.3b for the datum (x, y). *by_accuracy: the second is smaller; it is then conditional where the
 * accuracy is. Statuses as delta1_accuracy_follow,
 * and SYSTEM: memory is out. */
typedef struct
{
  const delta1_accuracy_t *accuracy;
  const delta1_levels_t *levels;
  const delta1_datum_t *datum;
} delta1_stability_data_t;

DELTA1_MUST_USE delta1_status_t delta1_stability_difference (
    arb_t bound, bool *by_accuracy, const delta1_restart_t *network, const arb_t radius,
    const delta1_stability_data_t *data, slong precision, delta1_reason_t *reason);

#endif
