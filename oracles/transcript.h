/* transcript: what an algorithm asked and what it was told, in order.
 *
 * An answer is kept as the dyadic number q = m 2^-n, without trailing zeros: long precisions of
 * short numbers cost no memory. */
#ifndef DELTA1_TRANSCRIPT_H
#define DELTA1_TRANSCRIPT_H

#include "oracles/oracle.h"

typedef struct
{
  slong entry;
  slong precision;
  arf_t re, im; /* the answer; im = 0 for a real oracle */
} delta1_answer_t;

typedef struct delta1_transcript_struct delta1_transcript_t;

DELTA1_MUST_USE delta1_status_t delta1_transcript_create (delta1_transcript_t **transcript,
                                                          delta1_reason_t *reason);
void delta1_transcript_free (delta1_transcript_t *transcript);  /* NULL allowed */
void delta1_transcript_reset (delta1_transcript_t *transcript); /* forget all answers */

/* Records the answer (re + i im) 2^-n; im may be NULL. */
DELTA1_MUST_USE delta1_status_t delta1_transcript_append (delta1_transcript_t *transcript,
                                                          slong entry, slong precision,
                                                          const fmpz_t re, const fmpz *im,
                                                          delta1_reason_t *reason);

slong delta1_transcript_count (const delta1_transcript_t *transcript);
const delta1_answer_t *delta1_transcript_get (const delta1_transcript_t *transcript, slong t);

/* The audit: any two answers q_m, q_n of one entry must satisfy |q_m - q_n| <= 2^-m + 2^-n.
 * OK, or FAILED with the two offending answers named in the reason and in first, second (which may
 * be NULL). Real transcripts cost O(count log count) dyadic operations, complex ones O(count^2). */
DELTA1_MUST_USE delta1_status_t delta1_transcript_audit (const delta1_transcript_t *transcript,
                                                         slong *first, slong *second,
                                                         delta1_reason_t *reason);

/* OK when every answer is legal for the source (Lemma 1.1); FAILED, naming the answer, when one is
 * not; UNDECIDED, naming it, when balls do not decide. */
DELTA1_MUST_USE delta1_status_t delta1_transcript_legal (const delta1_transcript_t *transcript,
                                                         const delta1_source_t *source,
                                                         delta1_reason_t *reason);

/* An oracle that repeats the transcript, which must outlive it: a question it holds gets the answer
 * it holds (an answer at a higher precision is not rounded; of two answers the earlier); any other
 * question is INPUT. Answers appended later are not seen. */
DELTA1_MUST_USE delta1_status_t delta1_oracle_create_replay (delta1_oracle_t **oracle,
                                                             const delta1_transcript_t *transcript,
                                                             slong count, bool complex,
                                                             delta1_reason_t *reason);

#endif
