/* sha256: FIPS 180-4, incremental. */
#ifndef CHECKER_SHA256_H
#define CHECKER_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_TEXT 65

typedef struct {
  uint32_t state[8];
  uint64_t size; /* bytes so far; the last size % 64 of them wait in block */
  unsigned char block[64];
} sha256_t;
void sha256_init (sha256_t *hash);
void sha256_update (sha256_t *hash, const void *data, size_t size);
/* text = 64 lower-case hex digits and a zero. */
void sha256_finish (char text[SHA256_TEXT], sha256_t *hash);

#endif
