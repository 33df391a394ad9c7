share_programs
simple_project
configure
touch "$work/build/.compiler-cache/lock"  # as a running helper has it
STUB_LOG=$work/log configure
not_launched "\\[stop\\]"
STUB_LOG=$work/log configure -DCOMPILER_CACHE_MAX_SIZE=1G
launched "\\[stop\\] \\[--tree\\] \\[$work/build\\]"
