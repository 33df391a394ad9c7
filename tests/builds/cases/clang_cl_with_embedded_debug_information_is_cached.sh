# /Zi is refused, and counted with its reason. COMPILER_CACHE_MSVC_EMBED_DEBUG makes it /Z7: then all is cached.
source "$repo/tests/builds/lib_clang_cl.sh"
clang_cl_project -DCMAKE_BUILD_TYPE=Debug
configure_with_us
build
last_build requests=4 uncacheable=4 program-database=4
rm -rf "$tree"
: >"$work/compiled"

# What that build must be: the project's own with /Z7 for /Zi.
options+=("-DCMAKE_C_FLAGS_DEBUG=/Z7 /Ob0 /Od" "-DCMAKE_CXX_FLAGS_DEBUG=/Z7 /Ob0 /Od")
build_without_us
options=("${options[@]:0:2}" "-DCMAKE_C_FLAGS_DEBUG=/Zi /Ob0 /Od" "-DCMAKE_CXX_FLAGS_DEBUG=-Zi /Ob0 /Od"
  -DCOMPILER_CACHE_MSVC_EMBED_DEBUG=ON)
cold_then_warm
from_a_new_tree
