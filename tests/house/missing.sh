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

# Without lowdown everything is built but the man pages, unless the archive has them.
if ! "$configure" --quiet CC="${CC:-cc}" ac_cv_prog_LOWDOWN= >log 2>&1; then
  echo "configure fails without lowdown:"
  tail -n 5 log
  bad=1
elif [ -e "${configure%/configure}/doc/delta1.1" ]; then
  grep -q "man pages: those of the archive" config.log || { echo "the man pages of the archive are not taken"; bad=1; }
elif ! grep -q "lowdown is missing.*; on Debian: apt-get install lowdown" log; then
  echo "without lowdown configure does not name the package:"
  tail -n 5 log
  bad=1
elif "${MAKE:-make}" doc/delta1.1 >log 2>&1 || ! grep -q "apt-get install lowdown" log; then
  echo "man pages without lowdown:"
  tail -n 5 log
  bad=1
fi
exit $bad
