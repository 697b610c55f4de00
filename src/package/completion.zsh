#compdef autoreply
# zsh completion for autoreply. The words come from the program's help, so they fit its version.
local command word
for word in ${words[2,CURRENT-1]}; do
  [[ $word == [a-z]* ]] && { command=$word; break; }
done
if [[ ${words[CURRENT]} == -* ]]; then
  compadd -- ${(f)"$(${words[1]} $command --help 2>/dev/null | grep -oE -- '--[a-z-]+')"}
elif [[ -z $command ]]; then
  compadd -- ${(f)"$(${words[1]} --help 2>/dev/null | sed -n '/^[Cc]ommands/,$ s/^  \([a-z][a-z]*\)  *.*/\1/p')"}
else
  _files
fi
