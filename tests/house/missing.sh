#!/bin/sh
# configure names a missing dependency with its Debian package.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
configure=$(cd "${top_srcdir:-.}" && pwd)/configure
if [ ! -x "$configure" ]; then
  echo "no configure in the source tree: skipped"
  exit 77
fi
pkg_config=${PKG_CONFIG:-$(command -v pkg-config)}
if [ -z "$pkg_config" ]; then
  echo "no pkg-config: skipped"
  exit 77
fi
bad=0
# A pkg-config that does not know one module, as on a machine without its package.
cat >"$work/pkg-config" <<END
#!/bin/sh
for word in "\$@"; do
  case \$word in "\$HIDDEN"|"\$HIDDEN "*) exit 1 ;; esac
done
exec "$pkg_config" "\$@"
END
chmod +x "$work/pkg-config"
cd "$work" || exit 1
for pair in gmp:libgmp-dev nettle:nettle-dev; do
  module=${pair%%:*}
  package=${pair#*:}
  if HIDDEN=$module PKG_CONFIG=$work/pkg-config "$configure" --quiet CC="${CC:-cc}" >log 2>&1; then
    echo "configure succeeds without $module"
    bad=1
  elif ! grep -q "$module.* is missing; on Debian: apt-get install $package" log; then
    echo "without $module configure does not name $package:"
    tail -n 5 log
    bad=1
  fi
done
exit $bad
