#!/bin/sh
# The floors: a file may include its own floor and those below, and nothing above or beside.
set -u
cd "${top_srcdir:-.}" || exit 1
bad=0
check ()
{ # floor, allowed first path components
  floor=$1
  allowed=$2
  found=$(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$floor"/*.c "$floor"/*.h 2>/dev/null \
    | grep -vE "\"($allowed)/[^\"]*\"|\"config\\.h\"")
  if [ -n "$found" ]; then
    echo "$floor/ may include only $allowed:"
    echo "$found"
    bad=1
  fi
}
check src 'src'
check oracles 'src|oracles'
check firenet 'src|firenet'
check constructions 'src|oracles|firenet|constructions'
check trainers 'src|oracles|firenet|trainers'
check programs 'src|oracles|firenet|constructions|trainers|programs'
check checker 'checker'
check checker/paradox 'checker'
# The checker is the trusted base: GMP, jansson and the C library only.
found=$(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<' checker/*.[ch] checker/paradox/*.[ch] 2>/dev/null \
  | grep -E 'flint|arb|mpfr|nettle|cmocka')
if [ -n "$found" ]; then
  echo "checker/ may use GMP and jansson only:"
  echo "$found"
  bad=1
fi
lines=$(cat checker/*.c checker/*.h 2>/dev/null | wc -l)
if [ "$lines" -ge 1000 ]; then
  echo "checker/ has $lines lines; it stays below 1000"
  bad=1
fi
lines=$(cat checker/paradox/*.c checker/paradox/*.h 2>/dev/null | wc -l)
if [ "$lines" -ge 600 ]; then
  echo "checker/paradox/ has $lines lines; it stays below 600"
  bad=1
fi
exit $bad
