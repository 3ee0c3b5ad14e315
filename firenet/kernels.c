#include "firenet/kernels.h"

#include "config.h"

const delta1_kernels_t *
delta1_kernels (void)
{
#ifdef HAVE_VECTOR_KERNELS
  __builtin_cpu_init ();
  if (__builtin_cpu_supports ("avx512f"))
    return &delta1_kernels_avx512;
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    return &delta1_kernels_avx2;
#endif
  return &delta1_kernels_plain;
}
