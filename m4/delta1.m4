# DELTA1_NEED_PKG(VARIABLE, MODULE, DEBIAN-PACKAGE)
AC_DEFUN([DELTA1_NEED_PKG], [
  PKG_CHECK_MODULES([$1], [$2], [],
    [AC_MSG_ERROR([$2 is missing; on Debian: apt-get install $3])])
])

# DELTA1_FLINT_WITH_ARB
# FLINT 3 (pkg-config file, Arb inside) or FLINT 2.9 with a separate Arb (no pkg-config files; Debian
# 12 calls the library flint-arb, upstream arb). Sets FLINT_CFLAGS, FLINT_LIBS, FLINT_REQUIRES (for
# delta1.pc) and delta1_flint_world.
AC_DEFUN([DELTA1_FLINT_WITH_ARB], [
  PKG_CHECK_MODULES([FLINT], [flint >= 3.0],
    [delta1_flint_world="FLINT 3"
     FLINT_REQUIRES="flint >= 3.0"],
    [delta1_flint_world=none
     FLINT_REQUIRES=
     delta1_save_LIBS="$LIBS"
     delta1_save_CPPFLAGS="$CPPFLAGS"
     CPPFLAGS="$CPPFLAGS $GMP_CFLAGS $MPFR_CFLAGS"
     AC_CHECK_HEADER([flint/fmpq_mat.h], [],
       [AC_MSG_ERROR([FLINT is missing; on Debian: apt-get install libflint-dev])])
     AC_CHECK_HEADER([arb.h], [],
       [AC_MSG_ERROR([Arb is missing; on Debian 12: apt-get install libflint-arb-dev])])
     for delta1_arb in flint-arb arb; do
       LIBS="-l$delta1_arb -lflint $MPFR_LIBS $GMP_LIBS $delta1_save_LIBS"
       AC_MSG_CHECKING([for arb_const_pi in -l$delta1_arb])
       AC_LINK_IFELSE([AC_LANG_PROGRAM([[@%:@include <arb.h>]],
           [[arb_t x; arb_init (x); arb_const_pi (x, 64); arb_clear (x);]])],
         [AC_MSG_RESULT([yes])
          FLINT_LIBS="-l$delta1_arb -lflint"
          delta1_flint_world="FLINT 2.9 with lib$delta1_arb"
          break],
         [AC_MSG_RESULT([no])])
     done
     LIBS="$delta1_save_LIBS"
     CPPFLAGS="$delta1_save_CPPFLAGS"
     AS_IF([test "x$delta1_flint_world" = xnone],
       [AC_MSG_ERROR([neither -lflint-arb nor -larb links; on Debian 12: apt-get install libflint-arb-dev libflint-dev])])
     FLINT_CFLAGS=
    ])
  AC_SUBST([FLINT_CFLAGS])
  AC_SUBST([FLINT_LIBS])
  AC_SUBST([FLINT_REQUIRES])
  AS_IF([test -n "$FLINT_REQUIRES"], [FLINT_PLAIN_LIBS=], [FLINT_PLAIN_LIBS="$FLINT_LIBS"])
  AC_SUBST([FLINT_PLAIN_LIBS])
])
