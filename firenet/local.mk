noinst_LTLIBRARIES += libfirenet.la
libfirenet_la_SOURCES = \
	firenet/arithmetic.c \
	firenet/arithmetic_ball.c \
	firenet/arithmetic_complex_ball.c \
	firenet/arithmetic_complex_double.c \
	firenet/arithmetic_double.c \
	firenet/arithmetic_mpfr.c \
	firenet/ball_vector.h \
	firenet/depth.c \
	firenet/fourier.c \
	firenet/gap.c \
	firenet/iteration.c \
	firenet/kernels.c \
	firenet/kernels.h \
	firenet/kernels_body.h \
	firenet/kernels_transforms.h \
	firenet/lanes.c \
	firenet/lanes.h \
	firenet/operator.c \
	firenet/reconstruction.c \
	firenet/reconstruction_private.h \
	firenet/reconstruction_stored.c \
	firenet/reconstruction_verify.c \
	firenet/restart.c \
	firenet/rounding.c \
	firenet/sampled.c \
	firenet/sampled_doubles.c \
	firenet/sampled_private.h \
	firenet/sums.c \
	firenet/transforms.h \
	firenet/vector_file.c \
	firenet/walsh.c \
	firenet/wavelet.c
libfirenet_la_LIBADD = libfirenet_plain.la

# The inner loops, once for each kind of machine.
KERNEL_CFLAGS = $(AM_CFLAGS) -O3 -fno-math-errno -fno-trapping-math
noinst_LTLIBRARIES += libfirenet_plain.la
libfirenet_plain_la_SOURCES = firenet/kernels_plain.c
libfirenet_plain_la_CFLAGS = $(KERNEL_CFLAGS)
EXTRA_DIST += firenet/kernels_avx2.c firenet/kernels_avx512.c
if VECTOR_KERNELS
libfirenet_la_LIBADD += libfirenet_avx2.la libfirenet_avx512.la
noinst_LTLIBRARIES += libfirenet_avx2.la libfirenet_avx512.la
libfirenet_avx2_la_SOURCES = firenet/kernels_avx2.c
libfirenet_avx2_la_CFLAGS = $(KERNEL_CFLAGS) -mavx2 -mfma
libfirenet_avx512_la_SOURCES = firenet/kernels_avx512.c
libfirenet_avx512_la_CFLAGS = $(KERNEL_CFLAGS) -mavx512f -mprefer-vector-width=512
endif

nobase_pkginclude_HEADERS += \
	firenet/arithmetic.h \
	firenet/depth.h \
	firenet/gap.h \
	firenet/iteration.h \
	firenet/operator.h \
	firenet/reconstruction.h \
	firenet/restart.h \
	firenet/rounding.h \
	firenet/sampled.h \
	firenet/sums.h \
	firenet/vector_file.h

# Certificates of accuracy and stability.
libfirenet_la_SOURCES += \
	firenet/accuracy.c \
	firenet/attack.c \
	firenet/derivative.c \
	firenet/enclosure.c \
	firenet/null_space.c \
	firenet/stability.c \
	firenet/unroll.c
nobase_pkginclude_HEADERS += \
	firenet/accuracy.h \
	firenet/attack.h \
	firenet/derivative.h \
	firenet/enclosure.h \
	firenet/null_space.h \
	firenet/stability.h \
	firenet/unroll.h

# Samples, test pictures and what is measured of them.
libfirenet_la_SOURCES += \
	firenet/measurement.c \
	firenet/phantom.c \
	firenet/phantom_curve.c \
	firenet/phantom_private.h \
	firenet/phantom_smooth.c \
	firenet/sampling.c \
	firenet/trace.c
nobase_pkginclude_HEADERS += \
	firenet/measurement.h \
	firenet/phantom.h \
	firenet/sampling.h \
	firenet/trace.h
