/* vector_clones: a function compiled for several widths of vectors, chosen once by the loader.
 * Doubles are rounded as written (-ffp-contract=off), so that all versions give the same bits as
 * long as no sum is reordered: loops that treat every element alike. */
#ifndef DELTA1_VECTOR_CLONES_H
#define DELTA1_VECTOR_CLONES_H

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)          \
    && !defined(__SANITIZE_ADDRESS__) && !defined(__AVX2__)
#define DELTA1_VECTOR_CLONES __attribute__ ((target_clones ("avx512f", "avx2", "default")))
#else
#define DELTA1_VECTOR_CLONES
#endif

#endif
