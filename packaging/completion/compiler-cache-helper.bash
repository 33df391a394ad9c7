# bash completion for compiler-cache-helper. What there is to complete is read from the program's own help.

_compiler_cache_helper_words() {
  "$@" --help 2>/dev/null | sed -nE \
    -e '/^Subcommands:/,$ s/^  ([a-z][a-z-]*) .*/\1/p' \
    -e 's/^  (-[a-zA-Z],)?(--[a-z-]+)[ ,].*/\2/p'
}

_compiler_cache_helper() {
  local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local subcommand=""
  if ((COMP_CWORD > 1)); then subcommand=${COMP_WORDS[1]}; fi
  COMPREPLY=()
  case $before in
    --tree)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$word")
      return
      ;;
    --owner-pid) return ;;
  esac
  # shellcheck disable=SC2086  # no subcommand is no word
  mapfile -t COMPREPLY < <(compgen -W "$(_compiler_cache_helper_words "$program" $subcommand)" -- "$word")
}

complete -F _compiler_cache_helper compiler-cache-helper
