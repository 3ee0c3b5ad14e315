/* network_document: a network as JSON with exact numbers; the format is doc/network.md. */
#ifndef DELTA1_NETWORK_DOCUMENT_H
#define DELTA1_NETWORK_DOCUMENT_H

#include <jansson.h>
#include <stdint.h>

#include "src/network.h"

/* All numbers of a network together have at most this many bits (numerators and denominators), one
 * at most DELTA1_NETWORK_MAX_NUMBER_BITS: a short document cannot ask for unbounded memory. */
#define DELTA1_NETWORK_MAX_BITS 2147483648
#define DELTA1_NETWORK_MAX_NUMBER_BITS 1048576
/* ... and is written in at most this many characters, with an exponent of at most this size. */
#define DELTA1_NETWORK_MAX_NUMBER_TEXT 1048576

/* What reading may cost at most, where a document comes from somebody hostile. */
typedef struct
{
  uint64_t bits; /* of all numbers together */
  /* Asked before every number; what is not OK ends the reading. NULL: never asked. */
  delta1_status_t (*proceed) (void *context, delta1_reason_t *reason);
  void *context;
} delta1_network_limits_t;

/* DELTA1_NETWORK_MAX_BITS, and no question. */
extern const delta1_network_limits_t delta1_network_default_limits;

/* The caller owns *document. Reading it gives an equal network. SYSTEM: out of memory. */
DELTA1_MUST_USE delta1_status_t delta1_network_write (json_t **document,
                                                      const delta1_network_t *network,
                                                      delta1_reason_t *reason);

/* INPUT, with the place, when the document is not a network. A member "sha256", if there is one, is
 * checked as in document.h. *network = NULL on failure. */
DELTA1_MUST_USE delta1_status_t delta1_network_read (delta1_network_t **network, json_t *document,
                                                     delta1_reason_t *reason);

/* The same within limits. */
DELTA1_MUST_USE delta1_status_t delta1_network_read_within (delta1_network_t **network,
                                                            json_t *document,
                                                            const delta1_network_limits_t *limits,
                                                            delta1_reason_t *reason);

#endif
