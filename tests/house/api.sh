#!/bin/sh
# make api: every installed header and its functions are in the reference; skipped without doxygen.
set -u
command -v doxygen >/dev/null 2>&1 || { echo "no doxygen: skipped"; exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
sed "s|^OUTPUT_DIRECTORY.*|OUTPUT_DIRECTORY = $work|" "${top_builddir:-.}/doc/Doxyfile" >"$work/Doxyfile"
cd "${top_builddir:-.}" || exit 1
doxygen "$work/Doxyfile" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
wrong=0
for name in delta1_oracle_ask delta1_game_play delta1_network_evaluate_balls delta1_restart_run delta1_trainer_parse; do
  grep -rqs "$name" "$work/html" || { echo "$name is not in the reference"; wrong=1; }
done
# what a comment says of a function stands with it
grep -rqs "an honest oracle for the source" -i "$work/html/oracle_8h.html" || { echo "no comment of oracle.h"; wrong=1; }
exit $wrong
