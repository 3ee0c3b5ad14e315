#!/bin/sh
# The operators against numpy and scipy, with whichever Python has them.
set -u
if [ ! -x "${top_builddir:-.}/print_transform" ]; then
  echo "print_transform is not built (no cmocka): skipped"
  exit 77
fi
for python in "${PYTHON3:-python3}" /usr/bin/python3; do
  if "$python" -c 'import numpy, scipy' 2>/dev/null; then
    exec "$python" "${top_srcdir:-.}/tests/firenet/numpy_agrees.py" "${top_builddir:-.}"
  fi
done
echo "python3-numpy or python3-scipy is not installed: skipped"
exit 77
