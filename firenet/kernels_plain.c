#define KERNELS delta1_kernels_plain
#define KERNELS_NAME "plain"
#include "firenet/kernels_body.h"
