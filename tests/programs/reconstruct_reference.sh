#!/bin/sh
# delta1 reconstruct against an independent program; skipped (77) without numpy.
set -u
python=${PYTHON3:-/usr/bin/python3}
if ! "$python" -c 'import numpy' 2>/dev/null; then
  echo "numpy is missing for $python; on Debian: apt-get install python3-numpy"
  exit 77
fi
exec "$python" "${top_srcdir:-.}/tests/programs/reconstruct_reference.py" "${top_builddir:-.}/delta1"
