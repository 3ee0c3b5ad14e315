/* training_transcript: a transcript of training data as text and JSON (doc/certificate.md).
 *
 * One answer is ["A", i, j, n, "q"] or ["y", k, i, n, "q"]; its line is the five items separated by
 * spaces. Real oracles only. */
#ifndef DELTA1_TRAINING_TRANSCRIPT_H
#define DELTA1_TRAINING_TRANSCRIPT_H

#include "oracles/training_data.h"
#include "oracles/transcript.h"
#include "src/document.h"

/* The SHA-256 of the lines of all answers. */
DELTA1_MUST_USE delta1_status_t delta1_training_transcript_sha256 (
    char text[DELTA1_SHA256_TEXT], const delta1_transcript_t *transcript,
    const delta1_shape_t *shape, delta1_reason_t *reason);

/* *object = {"sha256": ..., "answers": [...]}. */
DELTA1_MUST_USE delta1_status_t
delta1_training_transcript_write (json_t **object, const delta1_transcript_t *transcript,
                                  const delta1_shape_t *shape, delta1_reason_t *reason);

/* Reads what was written. INPUT: not of this form; FAILED: well formed, but the SHA-256 is wrong,
 * an entry is not one of the shape, or an answer is not a dyadic of its level. */
DELTA1_MUST_USE delta1_status_t delta1_training_transcript_read (delta1_transcript_t **transcript,
                                                                 const json_t *object,
                                                                 const delta1_shape_t *shape,
                                                                 delta1_reason_t *reason);

#endif
