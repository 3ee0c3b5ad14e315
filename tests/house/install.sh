#!/bin/sh
# make install into a fresh prefix; a program outside the tree compiles with pkg-config and runs, with
# the shared library and, where the system has static ones of everything, with the static one.
set -u
if [ "${SANITIZERS:-no}" = yes ]; then
  echo "a library with sanitizers is not for programs without them: skipped"
  exit 77
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
fail ()
{
  echo "$*"
  exit 1
}
# Whatever make this runs below has its own jobs and its own directories.
unset MAKEFLAGS MFLAGS MAKELEVEL DESTDIR
# Another test may be installing from the same build directory.
exec 9>"${top_builddir:-.}/install.lock"
if command -v flock >/dev/null; then flock 9; fi
prefix=$work/prefix
"${MAKE:-make}" -C "${top_builddir:-.}" -s install DESTDIR="$work/root" >"$work/log" 2>&1 \
  || { tail -n 20 "$work/log"; fail "make install fails"; }
exec 9>&-
pc=$(find "$work/root" -name delta1.pc)
[ -n "$pc" ] || fail "delta1.pc is not installed"
# Where it was to go, seen from here; the .pc file is read with that prefix.
installed=$(sed -n 's/^prefix=//p' "$pc")
mv "$work/root$installed" "$prefix" || exit 1
PKG_CONFIG_PATH=$prefix/lib/pkgconfig
export PKG_CONFIG_PATH
sed -i "s|^prefix=.*|prefix=$prefix|; s|^\([a-z_]*=\)$installed/|\1$prefix/|" "$prefix/lib/pkgconfig/delta1.pc"
for file in bin/delta1 bin/delta1-check bin/delta1-check-paradox \
  share/doc/delta1/manual/barrier.md share/doc/delta1/protocol.md share/doc/delta1/certificate.md share/doc/delta1/mathematics.md \
  share/delta1/adapters/template.py include/delta1/delta1.h lib/libdelta1.so lib/libdelta1.a; do
  [ -e "$prefix/$file" ] || fail "$file is not installed"
done
# Man pages: all of them, or none where lowdown was missing and the archive has none.
if [ -e "${top_builddir:-.}/doc/delta1.1" ] || [ -e "${top_srcdir:-.}/doc/delta1.1" ]; then
  for chapter in '' $(cd "${top_srcdir:-.}/doc/manual" && ls -- *.md); do
    page=$prefix/share/man/man1/delta1${chapter:+-${chapter%.md}}.1
    [ -s "$page" ] || fail "$page is not installed"
  done
elif command -v lowdown >/dev/null; then
  fail "lowdown is installed, and there are no man pages"
fi

mkdir "$work/outside"
cd "$work/outside" || exit 1
cat >root.c <<'END'
#include <delta1/delta1.h>
#include <stdio.h>

int
main (void)
{
  delta1_reason_t reason;
  delta1_expression_t *root;
  arb_t x;
  if (delta1_expression_parse (&root, "sqrt(2)", &reason) != DELTA1_OK)
    return fprintf (stderr, "%s\n", reason.text), 1;
  arb_init (x);
  if (delta1_expression_enclose (x, root, 64, &reason) == DELTA1_OK)
    arb_printd (x, 10);
  printf ("\n%d problems, barrier '%s'\n", DELTA1_PROBLEM_COUNT,
          delta1_verdict_name (DELTA1_WRONG));
  arb_clear (x);
  delta1_expression_free (root);
  return 0;
}
END
pkg_config=${PKG_CONFIG:-pkg-config}
# shellcheck disable=SC2046,SC2086 # lists of words
${CC:-cc} -Wall -Werror -o root root.c $("$pkg_config" --cflags --libs delta1) || fail "does not compile with the shared library"
LD_LIBRARY_PATH=$prefix/lib ./root >shared.txt || fail "does not run with the shared library"
if ! grep -q '^1.414213562' shared.txt || ! grep -q "5 problems, barrier 'wrong'" shared.txt; then
  fail "says something else: $(cat shared.txt)"
fi
LD_LIBRARY_PATH=$prefix/lib "$prefix/bin/delta1" --version >/dev/null || fail "the installed delta1 does not run"

# What a fully static program needs besides libdelta1 is not on every system.
# shellcheck disable=SC2046
if ${CC:-cc} -static -o static root.c $("$pkg_config" --static --cflags --libs delta1) 2>static.log; then
  ./static | cmp - shared.txt || fail "the static program says something else"
else
  # the static libdelta1 with the other libraries as they are
  mkdir archive && cp "$prefix/lib/libdelta1.a" archive/
  # shellcheck disable=SC2046
  ${CC:-cc} -o static root.c -Larchive $("$pkg_config" --static --cflags --libs delta1 | sed "s|-L$prefix/lib||") \
    || { cat static.log; fail "does not link with libdelta1.a"; }
  ./static | cmp - shared.txt || fail "the static program says something else"
  echo "no fully static program here: $(grep -m 1 'cannot find' static.log)"
fi
