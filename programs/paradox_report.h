/* paradox_report: what delta1 paradox prints, writes and draws. */
#ifndef DELTA1_PARADOX_REPORT_H
#define DELTA1_PARADOX_REPORT_H

#include "constructions/paradox_game.h"

/* The data and what is proved of them. */
void delta1_paradox_print_data (const delta1_paradox_t *paradox);

/* One line of counts. */
void delta1_paradox_print_verdict (const char *name, const delta1_paradox_t *paradox,
                                   const delta1_paradox_verdict_t *verdict);

/* One line of a run of the training game. */
void delta1_paradox_print_run (const char *name, const delta1_paradox_run_t *run,
                               const delta1_paradox_play_t *play);

/* PREFIX-unstable and PREFIX-stable: where the two networks have class 1 around the points with the
 * largest x_1, with the data, and the data that are moved by (0, -delta) on top of the first. */
DELTA1_MUST_USE delta1_status_t delta1_paradox_draw (const delta1_paradox_t *paradox,
                                                     const delta1_network_t *unstable,
                                                     const delta1_network_t *stable,
                                                     const char *prefix, delta1_reason_t *reason);

#endif
