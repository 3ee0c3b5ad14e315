/* tie: the tie family and one input of it, or its c candidates (mathematics.md, Section 3). */
#ifndef CHECKER_TIE_H
#define CHECKER_TIE_H

#include "checker/json.h"

#define LIMIT_M 4096
#define LIMIT_N 1000000
#define LIMIT_DIGITS EXPONENT_LIMIT /* of digits and samples */
#define LIMIT_PRECISION 100000000

enum { NONE, DCT, RATIONAL };

typedef struct {
  int problem, mixing, tier;
  json_int_t m, N, R, digits, samples; /* digits is K, samples is L */
  int64_t C, c;                        /* the columns; the tied ones */
  int64_t *places, *canonical;         /* C: canonical column -> place, and back */
  int64_t alpha, b;                    /* alpha* = alpha B, B = 2^b; with dct b is not known */
  int64_t column;                      /* canonical; -1 on the tie and for the candidates */
  number_t minus_gap;                  /* 0 on the tie */
  number_t *scales, *data;             /* R: s_k and t_k */
  mpz_t D; /* U[i, k] = columns[k][i] / D; columns are made when needed */
  mpz_t **columns;
  int64_t reflections;
  mpz_t **vectors; /* each m integers, and the sum of their squares */
} tie_t;

extern const char *const problem_names[];
/* tie = zeros before. Refuses what is outside the class. */
void tie_read (check_t *check, tie_t *tie, json_t *family, json_t *input, bool candidates);
/* Refuses the answer ["A", i, j, n, q] or ["y", k, i, n, q] unless it is legal for the input, or
 * for every candidate. With dct only its form and its q in D_n are checked. */
void tie_check_answer (check_t *check, tie_t *tie, json_t *answer, bool candidates);
/* What the certificate says of transcripts, outputs and errors: prints the verdict. In claim.c. */
_Noreturn void check_run (check_t *check, tie_t *tie, json_t *root);
_Noreturn void check_seeds (check_t *check, tie_t *tie, json_t *root);

#endif
