/* flint_world: one door to FLINT and Arb.
 *
 * Debian 12 ships FLINT 2.9 with a separate Arb 2.23 (<arb.h>, -lflint-arb); FLINT 3 contains Arb
 * (<flint/arb.h>). Every file that needs balls, rationals or big integers includes this header and
 * no FLINT header directly. */
#ifndef DELTA1_FLINT_WORLD_H
#define DELTA1_FLINT_WORLD_H

#include <gmp.h>
#include <mpfr.h>

#include <flint/flint.h>
#include <flint/fmpq.h>
#include <flint/fmpq_mat.h>
#include <flint/fmpz.h>
#include <flint/fmpz_vec.h>

/* FLINT 3 moved the vectors of rationals out of fmpq.h. */
#if __has_include(<flint/fmpq_vec.h>)
#include <flint/fmpq_vec.h>
#endif

#if __has_include(<flint/arb.h>)
#include <flint/acb.h>
#include <flint/acb_poly.h>
#include <flint/acb_mat.h>
#include <flint/arb.h>
#include <flint/arb_mat.h>
#include <flint/arf.h>
#else
#include <acb.h>
#include <acb_poly.h>
#include <acb_mat.h>
#include <arb.h>
#include <arb_mat.h>
#include <arf.h>
#endif

#endif
