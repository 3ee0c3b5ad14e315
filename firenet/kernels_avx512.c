#define KERNELS delta1_kernels_avx512
#define KERNELS_NAME "avx512"
#include "firenet/kernels_body.h"
