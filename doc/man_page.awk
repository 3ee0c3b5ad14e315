# Makes a manual page: the prose of a chapter, the options of --help.
#
#   awk -f man_page.awk -v name=delta1-barrier -v date=... -v version=... HELP BODY
#
# HELP is what --help prints; BODY the chapter as lowdown -tman makes it from markdown, without its title.
# NAME is from the chapter's title (-v purpose), SYNOPSIS from the usage lines, DESCRIPTION what the chapter says
# before its first heading, OPTIONS the part of --help from its first list of options on, EXIT STATUS what follows
# the words "Exit code" there (-v own_status=1: the chapter has that section), and the rest are the chapter's sections.

function text(s)
{ # roff of plain text
  gsub(/\\/, "\\e", s)
  gsub(/-/, "\\-", s)
  gsub(/\^/, "\\(ha", s)
  gsub(/~/, "\\(ti", s)
  gsub(/`/, "\\(ga", s)
  gsub(/'/, "\\(aq", s)
  return (s ~ /^\./ ? "\\\\&" : "") s
}

function term(s,   count, word, i, made)
{ # what is typed is bold, what stands for something else is italic
  count = split(s, word, " ")
  for (i = 1; i <= count; i++)
    made = made (i > 1 ? " " : "") (word[i] ~ /^-/ ? "\\fB" : "\\fI") text(word[i]) "\\fR"
  gsub(/,\\fR/, "\\fR,", made)
  return made
}

# The column where descriptions begin: the commonest one.
function description_column(   i, column, votes, best)
{
  for (i = 1; i <= lines; i++)
    if (match(help[i], /^  [^ ].*[^ ]   *[^ ]/) && match(substr(help[i], 3), /   *[^ ]/))
    {
      column = RSTART + RLENGTH + 1
      if (++votes[column] > votes[best])
        best = column
    }
  return best
}

function options(   i, first, column, line, at, open)
{
  for (first = 1; first <= lines && help[first] !~ /^  -/; first++)
    ;
  if (first > lines)
    return
  column = description_column()
  while (first > 1 && help[first - 1] != "")
    first--
  print ".SH OPTIONS"
  for (i = first; i <= lines; i++)
  {
    line = help[i]
    if (match(line, /Exit codes?: */))
    {
      at = substr(line, 1, RSTART - 1)
      if (at != "")
        print text(at)
      status = substr(line, RSTART + RLENGTH)
      while (++i <= lines)
        status = status "\n" help[i]
      return
    }
    if (line == "")
      open = ""
    else if (line ~ /^  [^ ]/)
    { # a term, and what it means from the column on or, if it is long, after two blanks
      at = (substr(line, column - 1, 1) == " " && substr(line, column, 1) != " ") ? column : 0
      if (!at && match(substr(line, 3), /   *[^ ]/))
        at = RSTART + RLENGTH + 1
      print ".TP"
      print term(at ? substr(line, 3, at - 3) : substr(line, 3))
      if (at)
        print text(substr(line, at))
      open = "item"
    }
    else if (line ~ /^ /)
    {
      sub(/^ */, "", line)
      print text(line)
    }
    else if (help[i + 1] ~ /^  -/)
    {
      sub(/:$/, "", line)
      print ".SS " text(line)
      open = ""
    }
    else
    {
      if (open != "text")
        print ".PP"
      print text(line)
      open = "text"
    }
  }
}

# Where the chapter's description ends.
function between()
{
  options()
  if (status != "")
    print ".SH EXIT STATUS\n" text(status)
  else if (!own_status)
    print ".SH EXIT STATUS\nAs that of every command, see\n.BR delta1 (1)."
  done = 1
}

BEGIN {
  printf "'\\\" t\n.TH %s 1 %s \"delta1 %s\" \"The manual of delta1\"\n", toupper(name), date, version
  print ".SH NAME\n" text(name) " \\- " text(purpose)
}

FNR == NR {
  help[++lines] = $0
  next
}

FNR == 1 {
  print ".SH SYNOPSIS\n.nf"
  for (i = 1; i <= lines && help[i] != "" && help[i] ~ /^([Uu]sage:|  )/; i++)
  {
    line = help[i]
    sub(/^([Uu]sage:)? */, "", line)
    print "\\fB" text(line) "\\fR"
  }
  print ".fi\n.SH DESCRIPTION"
  begun = 1
}

/^\.SH/ {
  if (!done)
    between()
  getline title
  print ".SH " toupper(title)
  begun = 1
  next
}

# No paragraph right after a heading; \fC is a font that only some know.
/^\.[LP]P$/ && begun { next }

{
  gsub(/\\fC/, "\\fB")
  if ($0 !~ /^\./)
    gsub(/-/, "\\-")
  print
  begun = 0
}

END {
  if (!done)
    between()
  if (name != "delta1")
    print ".SH SEE ALSO\n.BR delta1 (1)"
}
