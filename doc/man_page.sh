#!/bin/sh
# man_page.sh CHAPTER PAGE DATE VERSION COMMAND...: a manual page from a chapter in markdown and from what
# COMMAND... --help prints. LOWDOWN: the program that reads markdown.
set -eu
chapter=$1
page=$2
date=$3
version=$4
shift 4
directory=$(dirname "$0")
name=$(basename "$page" .1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# In a build with sanitizers leaks are what the tests are for.
ASAN_OPTIONS=detect_leaks=0 "$@" --help >"$work/help"
purpose=$(sed -n '1s/^# [^:]*: //p' "$chapter")
[ -n "$purpose" ] || { echo "$chapter: the first line is not '# NAME: PURPOSE'" >&2; exit 1; }
own_status=$(grep -c '^## Exit status$' "$chapter") || :
# Sections of the chapter become sections of the page; where links lead is for those who read the chapter.
sed -e 1d -e 's/^##/#/' -e 's/\[\([^]]*\)\]([^)]*)/\1/g' "$chapter" \
  | "${LOWDOWN:-lowdown}" -tman --out-no-smarty --parse-no-super --parse-no-intraemph --parse-no-metadata >"$work/body"
awk -v name="$name" -v purpose="$purpose" -v date="$date" -v version="$version" \
  -v own_status="$own_status" -f "$directory/man_page.awk" \
  "$work/help" "$work/body" >"$page.tmp"
mv "$page.tmp" "$page"
