#!/bin/sh
# Every installed header compiles alone, in C, and delta1.h includes them all.
set -u
if [ "${SANITIZERS:-no}" = yes ]; then
  echo "no code runs here that sanitizers could watch: skipped"
  exit 77
fi
cd "${top_srcdir:-.}" || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0
# shellcheck disable=SC2086 # lists of words
headers=$(sed -n '/^nobase_pkginclude_HEADERS/,/[^\\]$/p' Makefile.am ./*/local.mk \
  | grep -oE '[a-z0-9_/]+\.h' | sort -u)
[ "$(echo "$headers" | wc -l)" -ge 15 ] || { echo "found only: $headers"; exit 1; }
for header in $headers; do
  printf '#include "%s"\n#include "%s"\nint main (void) { return 0; }\n' "$header" "$header" >"$work/alone.c"
  # shellcheck disable=SC2086
  if ! ${CC:-cc} ${DEPENDENCY_CFLAGS:-} -std=gnu11 -Wall -Wextra -Werror -fsyntax-only -I. "$work/alone.c"; then
    echo "$header does not compile alone"
    bad=1
  fi
  if [ "$header" != delta1.h ] && ! grep -qF "#include \"$header\"" delta1.h; then
    echo "delta1.h does not include $header"
    bad=1
  fi
done
exit $bad
