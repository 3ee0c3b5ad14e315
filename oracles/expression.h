/* expression: real numbers written as text: rationals, pi, sqrt, cos, + - * / and parentheses.
 *
 *   sum     := product (('+' | '-') product)*
 *   product := factor (('*' | '/') factor)*
 *   factor  := '-' factor | '+' factor | number | 'pi' | 'sqrt' '(' sum ')' | 'cos' '(' sum ')' |
 * '(' sum ')' number: as in src/number.h without the p/q form (the '/' is the operator). White
 * space is free between tokens. Nesting (parentheses, signs) is limited to 200, all numbers
 * together to 2^29 bits. */
#ifndef DELTA1_EXPRESSION_H
#define DELTA1_EXPRESSION_H

#include "oracles/source.h"

typedef struct delta1_expression_struct delta1_expression_t;

/* INPUT, with the position, when the text is not of the grammar. */
DELTA1_MUST_USE delta1_status_t delta1_expression_parse (delta1_expression_t **expression,
                                                         const char *text, delta1_reason_t *reason);
void delta1_expression_free (delta1_expression_t *expression); /* NULL allowed */

/* x contains the value, at working precision prec. DOMAIN: division by an exact zero or the root of
 * a number that is certainly negative. A divisor or radicand that balls do not separate from 0
 * gives a ball that is not finite: raise prec. */
DELTA1_MUST_USE delta1_status_t delta1_expression_enclose (arb_t x,
                                                           const delta1_expression_t *expression,
                                                           slong prec, delta1_reason_t *reason);

/* A source of `count` real numbers. The array, from malloc, and the expressions in it become the
 * source's, and are freed also when this fails. An expression of rationals (and square roots of
 * rational squares) is an exact entry, as long as its value has at most 65536 bits or is written as
 * one number. */
DELTA1_MUST_USE delta1_status_t delta1_source_create_expressions (delta1_source_t **source,
                                                                  delta1_expression_t **expressions,
                                                                  slong count,
                                                                  delta1_reason_t *reason);

#endif
