# Completion knows what the program's own help knows.
source "$repo/tests/builds/lib_installed.sh"
install_to "$work/prefix"
export PATH=$work/prefix/bin:$PATH
cd "$work"
mkdir -p "build one/.compiler-cache" builds.d
touch build.txt

# completed WORD...: what bash offers for the last one.
completed() {
  bash -c 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _compiler_cache_helper; printf "%s\n" ${COMPREPLY[@]+"${COMPREPLY[@]}"}' \
    bash "$work/prefix/share/bash-completion/completions/compiler-cache-helper" compiler-cache-helper "$@" |
    sort | tr '\n' '|'
}
offers() { [[ $1 == "$2" ]] || fail "offered $1, not $2"; }
offers "$(completed st)" "stats|status|stop|"
offers "$(completed '')" "$(compiler-cache-helper --help | sed -nE 's/^  (-h,)?([a-z-]+) .*/\2/p' | sort | tr '\n' '|')"
offers "$(completed stats --)" "--help|--json|--tree|"
offers "$(completed clear --sh)" "--shared|"
offers "$(completed stats --tree build)" "build one|builds.d|"
offers "$(completed serve --owner-pid '')" "|"

man_pages=$(find "$work/prefix/share/man" -type f)
[[ $(wc -l <<<"$man_pages") == 3 ]] || fail "man pages: $man_pages"
if command -v groff >/dev/null; then
  cd "$work/prefix/share/man"
  while IFS= read -r page; do
    groff -man -Tutf8 -ww -z "$page" 2>"$work/warnings" || fail "$page"
    [[ ! -s $work/warnings ]] || { cat "$work/warnings" >&2; fail "groff warns about $page"; }
  done <<<"$man_pages"
  cd "$work"
fi

# Completion proper is zsh's own: what the file hands to it is looked at.
zsh_offers() {
  # shellcheck disable=SC2016  # zsh expands it
  zsh -f -c 'compadd() { print -rl -- ${(P)2} }
    _files() { print files "$@" }
    CURRENT=$# words=("$@")
    source "$ZSH_FILE"' zsh "$@" | sort | tr '\n' '|'
}
if command -v zsh >/dev/null; then
  export ZSH_FILE=$work/prefix/share/zsh/site-functions/_compiler-cache-helper
  offers "$(zsh_offers compiler-cache-helper stats --)" "--help|--json|--tree|"
  offers "$(zsh_offers compiler-cache-helper stats --tree '')" "files -/|"
  [[ $(zsh_offers compiler-cache-helper '') == *"|stats|status|stop|"* ]] || fail "zsh offers $(zsh_offers compiler-cache-helper '')"
else
  echo "zsh is not installed: its completion is not tried"
fi

fish_offers() {
  fish --no-config -c 'source $argv[1]; complete -C $argv[2]' \
    "$work/prefix/share/fish/vendor_completions.d/compiler-cache-helper.fish" "$1" | cut -f1 | sort | tr '\n' '|'
}
if command -v fish >/dev/null; then
  offers "$(fish_offers 'compiler-cache-helper st')" "stats|status|stop|"
  offers "$(fish_offers 'compiler-cache-helper stats --js')" "--json|"
  offers "$(fish_offers 'compiler-cache-helper stats --tree build')" "build one/|builds.d/|"
else
  echo "fish is not installed: its completion is not tried"
fi
