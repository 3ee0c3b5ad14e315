/* document: JSON documents and files that are written whole or not at all.
 *
 * A sealed document is a JSON object with a member "sha256": the SHA-256, in lower-case hex, of the
 * compact JSON text (no white space, member names sorted by byte, non-ASCII kept as UTF-8) of the
 * object without that member. */
#ifndef DELTA1_DOCUMENT_H
#define DELTA1_DOCUMENT_H

#include <jansson.h>
#include <stddef.h>

#include "src/flint_world.h"
#include "src/status.h"

#define DELTA1_SHA256_TEXT 65

/* text = the SHA-256 of the `size` bytes at data, 64 lower-case hex digits and a zero. */
void delta1_sha256 (char text[DELTA1_SHA256_TEXT], const void *data, size_t size);

/* An incremental SHA-256. create gives NULL when memory is out; finish frees. */
typedef struct delta1_sha256_struct delta1_sha256_t;
delta1_sha256_t *delta1_sha256_create (void);
void delta1_sha256_update (delta1_sha256_t *hash, const void *data, size_t size);
void delta1_sha256_finish (char text[DELTA1_SHA256_TEXT], delta1_sha256_t *hash);

/* Sets, or replaces, the member "sha256". */
DELTA1_MUST_USE delta1_status_t delta1_document_seal (json_t *document, delta1_reason_t *reason);

/* OK when the seal is there and right; INPUT otherwise. */
DELTA1_MUST_USE delta1_status_t delta1_document_check_seal (json_t *document,
                                                            delta1_reason_t *reason);

/* Reads a file that must hold one JSON object (at most 2 GiB; duplicate member names are refused).
 * SYSTEM when it cannot be read, INPUT when it is not JSON. The caller owns *document. */
DELTA1_MUST_USE delta1_status_t delta1_document_read (json_t **document, const char *path,
                                                      delta1_reason_t *reason);

/* Members of objects that strangers wrote; object may be NULL. An integer >= 0; a string, which the
 * object keeps. INPUT, with the member's name: it is missing or another thing. */
DELTA1_MUST_USE delta1_status_t delta1_document_index (slong *value, const json_t *object,
                                                       const char *member, delta1_reason_t *reason);
DELTA1_MUST_USE delta1_status_t delta1_document_string (const char **text, const json_t *object,
                                                        const char *member,
                                                        delta1_reason_t *reason);

/* FAILED when the object, called `name`, has not as many members: one that is not of the format. */
DELTA1_MUST_USE delta1_status_t delta1_document_members (const json_t *object, const char *name,
                                                         size_t count, delta1_reason_t *reason);

/* Writes the document, one space of indentation, to a temporary name beside path, and renames it:
 * path holds either what it held or the whole document. A path that exists and is not a regular
 * file (a device, a pipe, a symbolic link) is written through, not replaced. */
DELTA1_MUST_USE delta1_status_t delta1_document_write (const json_t *document, const char *path,
                                                       delta1_reason_t *reason);

/* Whether delta1_document_write could begin now: for asking before long work. Leaves path alone;
 * SYSTEM says why not. */
DELTA1_MUST_USE delta1_status_t delta1_document_can_write (const char *path,
                                                           delta1_reason_t *reason);

#endif
