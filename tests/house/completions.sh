#!/bin/sh
# The bash completion offers commands, options and values; skipped without bash.
command -v bash >/dev/null 2>&1 || { echo "no bash: skipped"; exit 77; }
PATH=$(cd "${top_builddir:-.}" && pwd):$PATH
export PATH
bash -u -s "${top_srcdir:-.}/completions/delta1" <<'END'
. "$1"
wrong=0
offers ()
{ # words of the line, the last one to be completed; "=" and what must be offered
  local expected
  COMP_WORDS=()
  while [ "$1" != = ]; do COMP_WORDS+=("$1"); shift; done
  shift
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _delta1
  for expected; do
    case " ${COMPREPLY[*]} " in
      *" $expected "*) ;;
      *) echo "${COMP_WORDS[*]}: offers '${COMPREPLY[*]}', not $expected"; wrong=1 ;;
    esac
  done
}
offers delta1 '' = barrier oracle report verify --version
offers delta1 ver = verify
offers delta1 barrier --p = --problem --points
offers delta1 barrier --problem '' = srlasso lasso qcbp bp lp
offers delta1 barrier --trainer the = theorem-k1 theorem-k2
offers delta1 oracle --rule '' = nearest down
offers delta1 verify -- = --quiet --help
offers delta1-check -- = --quiet
offers delta1-check-paradox -- = --quiet
[ "${#COMPREPLY[@]}" -gt 1 ] || wrong=1
exit $wrong
END
