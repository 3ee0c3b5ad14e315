/* testing: what every test shares: cmocka, a seeded random state, and a multiplier.
 *
 * DELTA1_TEST_SEED chooses the seed (printed at the start of every test program);
 * DELTA1_TEST_MULTIPLIER makes random tests run that many times longer. */
#ifndef DELTA1_TESTING_H
#define DELTA1_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/flint_world.h"
#include "src/status.h"

/* The number of rounds a random test makes: base times the multiplier. */
int delta1_test_rounds (int base);

/* A random 64-bit number / one in [0, bound). Not cryptographic; sequence fixed by the seed. */
uint64_t delta1_test_random (void);
slong delta1_test_random_below (slong bound);

/* A random rational with numerator and denominator up to `bits` bits. */
void delta1_test_random_rational (fmpq_t x, slong bits);

/* Fails the test with the reason when status is not OK. */
#define assert_ok(status, reason) delta1_test_assert_ok ((status), &(reason), __FILE__, __LINE__)
void delta1_test_assert_ok (delta1_status_t status, const delta1_reason_t *reason, const char *file,
                            int line);

/* Fails unless status == expected, and unless the reason is one line that contains `word`. */
#define assert_refused(status, expected, reason, word)                                             \
  delta1_test_assert_refused ((status), (expected), &(reason), (word), __FILE__, __LINE__)
void delta1_test_assert_refused (delta1_status_t status, delta1_status_t expected,
                                 const delta1_reason_t *reason, const char *word, const char *file,
                                 int line);

/* Seconds of a clock that only runs forwards. */
double delta1_test_now (void);

/* How much more time and memory a test may take than in a plain build: the address sanitizer keeps
 * freed memory in quarantine. */
#define DELTA1_TEST_SLOWNESS 1
#if defined(__SANITIZE_ADDRESS__)
#undef DELTA1_TEST_SLOWNESS
#define DELTA1_TEST_SLOWNESS 5
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#undef DELTA1_TEST_SLOWNESS
#define DELTA1_TEST_SLOWNESS 5
#endif
#endif

/* A new empty directory that is removed, with its files, when the test program ends; static
 * storage. */
const char *delta1_test_directory (void);

#endif
