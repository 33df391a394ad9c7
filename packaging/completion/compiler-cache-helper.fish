# fish completion for compiler-cache-helper. The subcommands are read from the program's own help.

function __compiler_cache_helper_subcommands
    compiler-cache-helper --help 2>/dev/null | sed -nE '/^Subcommands:/,$ s/^  ([a-z][a-z-]*) +(.*)/\1\t\2/p'
end

complete -c compiler-cache-helper -f
complete -c compiler-cache-helper -n __fish_use_subcommand -a '(__compiler_cache_helper_subcommands)'
complete -c compiler-cache-helper -l tree -x -a '(__fish_complete_directories)' -d 'The build folder'
complete -c compiler-cache-helper -l json -d 'Print one JSON object'
complete -c compiler-cache-helper -l help -d 'Print help'
complete -c compiler-cache-helper -l version -d 'Print the version'
