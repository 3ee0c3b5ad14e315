#!/bin/sh
# The lessons and the manual as a reader works through them: make install into a fresh prefix, then every
# console block (`$ command`, and what it prints) in a fresh copy of the lesson.
set -u
if [ "${SANITIZERS:-no}" = yes ]; then
  echo "a library with sanitizers is not for programs without them: skipped"
  exit 77
fi
if [ -z "${PYTHON3:-}" ] || ! "$PYTHON3" -c 'import sys; sys.exit(sys.version_info < (3, 9))'; then
  echo "no python3 of version 3.9 or newer: skipped"
  exit 77
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MFLAGS MAKELEVEL DESTDIR
# Another test may be installing from the same build directory.
exec 9>"${top_builddir:-.}/install.lock"
if command -v flock >/dev/null; then flock 9; fi
"${MAKE:-make}" -C "${top_builddir:-.}" -s install DESTDIR="$work/root" >"$work/log" 2>&1 \
  || { tail -n 20 "$work/log"; echo "make install fails"; exit 1; }
exec 9>&-
pc=$(find "$work/root" -name delta1.pc)
installed=$(sed -n 's/^prefix=//p' "$pc")
PREFIX=$work/root$installed
sed -i "s|^prefix=.*|prefix=$PREFIX|; s|^\([a-z_]*=\)$installed/|\1$PREFIX/|" "$pc"
export PREFIX
PYTHONDONTWRITEBYTECODE=1 "$PYTHON3" "${top_srcdir:-.}/tests/house/console_blocks.py" "$@"
