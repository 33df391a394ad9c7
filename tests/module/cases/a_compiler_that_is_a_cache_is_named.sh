need gcc
share_programs
mkdir "$work/bin"
printf '#!/bin/sh\nexec gcc "$@"\n' >"$work/bin/ccache"
chmod +x "$work/bin/ccache"
ln -s ccache "$work/bin/cc"
simple_project
configure "-DCMAKE_C_COMPILER=$work/bin/cc"
said_times 1 "the C compiler $work/bin/cc is itself ccache"
rm -rf "$work/build"
configure -DCMAKE_C_COMPILER=gcc
not_said "is itself"
