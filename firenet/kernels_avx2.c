#define KERNELS delta1_kernels_avx2
#define KERNELS_NAME "avx2"
#include "firenet/kernels_body.h"
