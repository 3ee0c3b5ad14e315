/* An expression is kept as postfix code, not as a tree: a long sum of irrational terms is a deep
 * tree, and code is evaluated without recursion. Only the parser recurses, at most MAX_NESTING
 * deep.
 *
 * Constants are folded while the code is written: two rational operands in a row are always the
 * last two instructions, so an expression of rationals ends as one instruction, and is exact. */
#include "oracles/expression.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "src/number.h"

#define MAX_NESTING 200

/* Rationals above this size are not folded: balls evaluate them in working precision. */
#define MAX_FOLDED_BITS 65536

/* All numbers of one expression together: 64 MiB. */
#define MAX_NUMBER_BITS (WORD (1) << 29)

typedef enum
{
  PUSH_NUMBER,
  PUSH_PI,
  NEGATE,
  SQRT,
  COS,
  ADD,
  SUBTRACT,
  MULTIPLY,
  DIVIDE
} operation_t;

typedef struct
{
  operation_t operation;
  fmpq_t number; /* of PUSH_NUMBER; 0 in the others */
} instruction_t;

struct delta1_expression_struct
{
  instruction_t *code;
  slong length;
  slong room;
  slong depth; /* of the evaluation stack */
};

void
delta1_expression_free (delta1_expression_t *expression)
{
  if (expression == NULL)
    return;
  for (slong i = 0; i < expression->length; i++)
    fmpq_clear (expression->code[i].number);
  free (expression->code);
  free (expression);
}

/* --- parsing ------------------------------------------------------------------------------------
 */

typedef struct
{
  const char *text;
  const char *at;
  delta1_expression_t *expression;
  slong nesting;
  slong stack; /* how many values the code so far leaves */
  slong number_bits;
  delta1_reason_t *reason;
} parser_t;

static void
skip_space (parser_t *parser)
{
  while (isspace ((unsigned char)*parser->at))
    parser->at++;
}

static delta1_status_t
expected (const parser_t *parser, const char *what)
{
  long position = (long)(parser->at - parser->text) + 1;
  if (*parser->at == '\0')
    return delta1_fail (parser->reason, DELTA1_INPUT,
                        "expression: it ends at position %ld, where %s is expected", position,
                        what);
  return delta1_fail (parser->reason, DELTA1_INPUT,
                      "expression: '%c' at position %ld, where %s is expected", *parser->at,
                      position, what);
}

static slong
number_bits (const fmpq_t x)
{
  return (slong)fmpz_bits (fmpq_numref (x)) + (slong)fmpz_bits (fmpq_denref (x));
}

static delta1_status_t
emit (parser_t *parser, operation_t operation)
{
  delta1_expression_t *expression = parser->expression;
  if (expression->length == expression->room)
    {
      slong room = expression->room == 0 ? 4 : 2 * expression->room;
      instruction_t *code = realloc (expression->code, (size_t)room * sizeof *code);
      if (code == NULL)
        return delta1_fail (parser->reason, DELTA1_SYSTEM, "memory is out for an expression");
      expression->code = code;
      expression->room = room;
    }
  instruction_t *made = &expression->code[expression->length++];
  made->operation = operation;
  fmpq_init (made->number);

  if (operation == PUSH_NUMBER || operation == PUSH_PI)
    parser->stack++;
  else if (operation >= ADD)
    parser->stack--;
  if (parser->stack > expression->depth)
    expression->depth = parser->stack;
  return DELTA1_OK;
}

static void
drop_last (parser_t *parser)
{
  delta1_expression_t *expression = parser->expression;
  fmpq_clear (expression->code[--expression->length].number);
}

/* The rational `back` places before the end of the code, or NULL. */
static fmpq *
number_at_end (const parser_t *parser, slong back)
{
  const delta1_expression_t *expression = parser->expression;
  if (expression->length <= back)
    return NULL;
  instruction_t *last = &expression->code[expression->length - 1 - back];
  return last->operation == PUSH_NUMBER ? last->number : NULL;
}

/* Puts the value of a unary operation in place of its operand; false: it is left to balls. */
static bool
fold_unary (parser_t *parser, operation_t operation)
{
  fmpq *x = number_at_end (parser, 0);
  if (x == NULL)
    return false;
  if (operation == NEGATE)
    {
      fmpq_neg (x, x);
      return true;
    }
  if (operation == COS && fmpq_is_zero (x))
    {
      fmpq_one (x);
      return true;
    }
  /* A fraction in lowest terms is a square iff both its terms are. */
  if (operation == SQRT && fmpq_sgn (x) >= 0 && number_bits (x) <= MAX_FOLDED_BITS
      && fmpz_is_square (fmpq_numref (x)) && fmpz_is_square (fmpq_denref (x)))
    {
      fmpz_sqrt (fmpq_numref (x), fmpq_numref (x));
      fmpz_sqrt (fmpq_denref (x), fmpq_denref (x));
      return true;
    }
  return false;
}

static bool
fold_binary (parser_t *parser, operation_t operation)
{
  fmpq *y = number_at_end (parser, 0);
  fmpq *x = number_at_end (parser, 1);
  if (x == NULL || y == NULL || number_bits (x) + number_bits (y) > MAX_FOLDED_BITS)
    return false;
  if (operation == ADD)
    fmpq_add (x, x, y);
  else if (operation == SUBTRACT)
    fmpq_sub (x, x, y);
  else if (operation == MULTIPLY)
    fmpq_mul (x, x, y);
  else if (fmpq_is_zero (y))
    return false;
  else
    fmpq_div (x, x, y);
  drop_last (parser);
  parser->stack--;
  return true;
}

static delta1_status_t
emit_operation (parser_t *parser, operation_t operation)
{
  bool folded = operation >= ADD ? fold_binary (parser, operation) : fold_unary (parser, operation);
  return folded ? DELTA1_OK : emit (parser, operation);
}

static delta1_status_t parse_sum (parser_t *parser);

/* The characters of a number: letters too, so that '2pi' is one bad number. A sign belongs to it
 * only after the letter of an exponent. */
static size_t
number_length (const char *text)
{
  bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  size_t length = 0;
  for (;; length++)
    {
      char c = text[length];
      if (isalnum ((unsigned char)c) || c == '.')
        continue;
      char before = length == 0 ? '\0' : (char)tolower ((unsigned char)text[length - 1]);
      if ((c == '+' || c == '-') && before == (hex ? 'p' : 'e'))
        continue;
      return length;
    }
}

static delta1_status_t
parse_number (parser_t *parser)
{
  delta1_status_t status = DELTA1_OK;
  delta1_reason_t why;
  size_t length = number_length (parser->at);
  char *copy = strndup (parser->at, length);
  if (copy == NULL)
    return delta1_fail (parser->reason, DELTA1_SYSTEM, "memory is out for a number");

  DELTA1_TRY (emit (parser, PUSH_NUMBER));
  fmpq *x = number_at_end (parser, 0);
  status = delta1_number_parse (x, copy, &why);
  if (status != DELTA1_OK)
    DELTA1_TRY (delta1_fail (parser->reason, status, "expression, position %ld: %.900s",
                             (long)(parser->at - parser->text) + 1, why.text));
  parser->number_bits += number_bits (x);
  if (parser->number_bits > MAX_NUMBER_BITS)
    DELTA1_TRY (
        delta1_fail (parser->reason, DELTA1_INPUT,
                     "expression, position %ld: its numbers together have more than %ld bits",
                     (long)(parser->at - parser->text) + 1, (long)MAX_NUMBER_BITS));
  parser->at += length;
cleanup:
  free (copy);
  return status;
}

static delta1_status_t
parse_parentheses (parser_t *parser)
{
  skip_space (parser);
  if (*parser->at != '(')
    return expected (parser, "'('");
  parser->at++;
  delta1_status_t status = parse_sum (parser);
  if (status != DELTA1_OK)
    return status;
  if (*parser->at != ')')
    return expected (parser, "')' or an operator");
  parser->at++;
  return DELTA1_OK;
}

static bool
take_word (parser_t *parser, const char *word)
{
  size_t length = strlen (word);
  if (strncmp (parser->at, word, length) != 0 || isalnum ((unsigned char)parser->at[length]))
    return false;
  parser->at += length;
  return true;
}

static delta1_status_t
parse_factor (parser_t *parser)
{
  delta1_status_t status = DELTA1_OK;
  skip_space (parser);
  if (parser->nesting == MAX_NESTING)
    return delta1_fail (parser->reason, DELTA1_INPUT,
                        "expression: parentheses and signs at position %ld are nested more than %d "
                        "deep",
                        (long)(parser->at - parser->text) + 1, MAX_NESTING);
  parser->nesting++;
  char first = *parser->at;
  if (first == '-' || first == '+')
    {
      parser->at++;
      DELTA1_TRY (parse_factor (parser));
      if (first == '-')
        DELTA1_TRY (emit_operation (parser, NEGATE));
    }
  else if (first == '(')
    DELTA1_TRY (parse_parentheses (parser));
  else if (isdigit ((unsigned char)first) || first == '.')
    DELTA1_TRY (parse_number (parser));
  else if (take_word (parser, "pi"))
    DELTA1_TRY (emit (parser, PUSH_PI));
  else if (take_word (parser, "sqrt"))
    {
      DELTA1_TRY (parse_parentheses (parser));
      DELTA1_TRY (emit_operation (parser, SQRT));
    }
  else if (take_word (parser, "cos"))
    {
      DELTA1_TRY (parse_parentheses (parser));
      DELTA1_TRY (emit_operation (parser, COS));
    }
  else
    DELTA1_TRY (expected (parser, "a number, pi, sqrt(, cos(, a sign or '('"));
cleanup:
  parser->nesting--;
  return status;
}

static delta1_status_t
parse_product (parser_t *parser)
{
  delta1_status_t status = parse_factor (parser);
  while (status == DELTA1_OK)
    {
      skip_space (parser);
      char sign = *parser->at;
      if (sign != '*' && sign != '/')
        break;
      parser->at++;
      DELTA1_TRY (parse_factor (parser));
      DELTA1_TRY (emit_operation (parser, sign == '*' ? MULTIPLY : DIVIDE));
    }
cleanup:
  return status;
}

static delta1_status_t
parse_sum (parser_t *parser)
{
  delta1_status_t status = parse_product (parser);
  while (status == DELTA1_OK)
    {
      skip_space (parser);
      char sign = *parser->at;
      if (sign != '+' && sign != '-')
        break;
      parser->at++;
      DELTA1_TRY (parse_product (parser));
      DELTA1_TRY (emit_operation (parser, sign == '+' ? ADD : SUBTRACT));
    }
cleanup:
  return status;
}

delta1_status_t
delta1_expression_parse (delta1_expression_t **expression, const char *text,
                         delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_expression_t *made = calloc (1, sizeof *made);
  parser_t parser = { .text = text, .at = text, .expression = made, .reason = reason };
  if (made == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "memory is out for an expression"));
  DELTA1_TRY (parse_sum (&parser));
  if (*parser.at != '\0')
    DELTA1_TRY (expected (&parser, "an operator or the end"));
  *expression = made;
  made = NULL;
cleanup:
  delta1_expression_free (made);
  return status;
}

/* --- evaluation ---------------------------------------------------------------------------------
 */

static delta1_status_t
apply (arb_ptr top, operation_t operation, slong prec, delta1_reason_t *reason)
{
  arb_ptr below = top - 1;
  switch (operation)
    {
    case NEGATE:
      arb_neg (top, top);
      break;
    case SQRT:
      if (arb_is_negative (top))
        return delta1_fail (reason, DELTA1_DOMAIN, "expression: sqrt of a negative number");
      arb_sqrt (top, top, prec);
      break;
    case COS:
      arb_cos (top, top, prec);
      break;
    case ADD:
      arb_add (below, below, top, prec);
      break;
    case SUBTRACT:
      arb_sub (below, below, top, prec);
      break;
    case MULTIPLY:
      arb_mul (below, below, top, prec);
      break;
    case DIVIDE:
      if (arb_is_zero (top))
        return delta1_fail (reason, DELTA1_DOMAIN, "expression: division by zero");
      arb_div (below, below, top, prec);
      break;
    case PUSH_NUMBER:
    case PUSH_PI:
      break;
    }
  return DELTA1_OK;
}

delta1_status_t
delta1_expression_enclose (arb_t x, const delta1_expression_t *expression, slong prec,
                           delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong height = 0;
  arb_ptr stack = NULL;
  if (prec < 2)
    return delta1_fail (reason, DELTA1_INPUT, "working precision %ld: it must be at least 2",
                        (long)prec);
  stack = calloc ((size_t)expression->depth, sizeof *stack);
  if (stack == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "memory is out for an expression of depth %ld",
                        (long)expression->depth);
  for (slong i = 0; i < expression->depth; i++)
    arb_init (stack + i);

  for (slong i = 0; i < expression->length; i++)
    {
      const instruction_t *instruction = &expression->code[i];
      if (instruction->operation == PUSH_NUMBER)
        arb_set_fmpq (stack + height++, instruction->number, prec);
      else if (instruction->operation == PUSH_PI)
        arb_const_pi (stack + height++, prec);
      else
        {
          DELTA1_TRY (apply (stack + height - 1, instruction->operation, prec, reason));
          if (instruction->operation >= ADD)
            height--;
        }
    }
  arb_swap (x, stack);
cleanup:
  for (slong i = 0; i < expression->depth; i++)
    arb_clear (stack + i);
  free (stack);
  return status;
}

/* --- a source of expressions --------------------------------------------------------------------
 */

typedef struct
{
  delta1_expression_t **expression;
  slong count;
} expressions_t;

static bool
expressions_exact (const void *context, fmpq_t re, fmpq_t im, slong j)
{
  const expressions_t *expressions = context;
  const delta1_expression_t *expression = expressions->expression[j];
  if (expression->length != 1 || expression->code[0].operation != PUSH_NUMBER)
    return false;
  fmpq_set (re, expression->code[0].number);
  fmpq_zero (im);
  return true;
}

static delta1_status_t
expressions_enclose (const void *context, acb_t z, slong j, slong prec, delta1_reason_t *reason)
{
  const expressions_t *expressions = context;
  arb_zero (acb_imagref (z));
  return delta1_expression_enclose (acb_realref (z), expressions->expression[j], prec, reason);
}

static void
expressions_free (void *context)
{
  expressions_t *expressions = context;
  for (slong j = 0; j < expressions->count; j++)
    delta1_expression_free (expressions->expression[j]);
  free (expressions->expression);
  free (expressions);
}

static const delta1_source_table_t expressions_table
    = { "expressions", expressions_exact, expressions_enclose, expressions_free };

delta1_status_t
delta1_source_create_expressions (delta1_source_t **source, delta1_expression_t **expressions,
                                  slong count, delta1_reason_t *reason)
{
  expressions_t *made = malloc (sizeof *made);
  if (made == NULL)
    {
      for (slong j = 0; j < count; j++)
        delta1_expression_free (expressions[j]);
      free (expressions);
      return delta1_fail (reason, DELTA1_SYSTEM, "memory is out for a source");
    }
  *made = (expressions_t){ expressions, count };
  return delta1_source_create (source, &expressions_table, made, count, false, reason);
}
