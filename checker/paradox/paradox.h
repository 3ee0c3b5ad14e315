/* paradox: the data of mathematics.md, Section 7, a network on them, and what a certificate says of
 * it (doc/certificate-paradox.md). */
#ifndef CHECKER_PARADOX_PARADOX_H
#define CHECKER_PARADOX_PARADOX_H

#include "checker/paradox/rational.h"

#define LIMIT_POINTS 1000000
#define LIMIT_WIDTHS 1001
#define LIMIT_WIDTH (1 << 20)
#define LIMIT_WEIGHT_BITS (1 << 20)

enum { RELU, MODULUS, IDENTITY };

typedef struct {
  int64_t before, width;
  mpq_t *weights, *skip; /* width rows of before, and of the inputs; skip may be NULL */
  mpq_t *bias;           /* width; NULL for zeros */
  char *units;           /* width */
} layer_t;

typedef struct {
  int64_t points, inputs, layers, widths[LIMIT_WIDTHS]; /* widths[0 .. layers] */
  int64_t product;                                      /* P, or LIMIT_POINTS when it is more */
  mpq_t delta;
  layer_t *layer;
  mpq_t *input, *value, *next; /* of the evaluation */
} paradox_t;

/* The hash of the object without its member sha256, which seal was; REFUSED when they differ. */
void check_seal (check_t *check, json_t *object, const char *name);
/* paradox = zeros before. */
void family_read (check_t *check, paradox_t *paradox, json_t *family);
/* Refuses a network of another architecture than the widths. */
void network_read (check_t *check, paradox_t *paradox, json_t *network);
/* y = the network at (first, second, 0, ..., 0). */
void network_evaluate (check_t *check, paradox_t *paradox, mpq_t y, const mpq_t first,
                       const mpq_t second);
/* Each checks the claim and prints the verdict. */
_Noreturn void check_counts (check_t *check, paradox_t *paradox, json_t *claim);
_Noreturn void check_stable (check_t *check, paradox_t *paradox, json_t *claim);
_Noreturn void check_training (check_t *check, paradox_t *paradox, json_t *claim,
                               json_t *transcript);

#endif
