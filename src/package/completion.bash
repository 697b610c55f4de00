# bash completion for autoreply. The words come from the program's help, so they fit its version.
_autoreply() {
  local current=${COMP_WORDS[COMP_CWORD]} command= word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == [a-z]* ]] && { command=$word; break; }
  done
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" $command --help 2>/dev/null | grep -oE -- '--[a-z-]+')" -- "$current"))
  elif [[ -z $command ]]; then
    COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" --help 2>/dev/null | sed -n '/^[Cc]ommands/,$ s/^  \([a-z][a-z]*\)  *.*/\1/p')" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -F _autoreply autoreply
