share_programs
simple_project
refused() {  # variable, value, what the message names as valid
  configure_fails "-D$1=$2"
  said "$1 is \"$2\""
  said "$3"
  rm -rf "$work/build"
}
refused COMPILER_CACHE onn "ON, OFF"
refused COMPILER_CACHE_RESTORE hardlink "auto, copy, reflink"
refused COMPILER_CACHE_MAX_SIZE 5X "500M"
refused COMPILER_CACHE_MAX_SIZE -1 "500M"
refused COMPILER_CACHE_MAX_SIZE 2000T "1024T"
refused COMPILER_CACHE_MAX_SIZE 99999999999999999999 "1024T"
refused COMPILER_CACHE_MAX_SIZE 1.5G "500M"
refused COMPILER_CACHE_IDLE_TIMEOUT soon "0 (never)"
refused COMPILER_CACHE_LANGUAGES "CXX;Fortran" "C, CXX, OBJC, OBJCXX"
refused COMPILER_CACHE_LANGUAGES "" "COMPILER_CACHE=OFF"
refused COMPILER_CACHE_TARGET_PREFIX "m y" "my-cache-stats"
configure_fails -DCOMPILER_CACHE_SHARED_DIR:STRING=relative
said "COMPILER_CACHE_SHARED_DIR"

# Values that contradict each other: both are named.
refused COMPILER_CACHE_SHARED_DIR "$work/build/.compiler-cache" "outside of every build tree"
refused COMPILER_CACHE_SHARED_DIR "$work/other/.compiler-cache/objects" "outside of every build tree"
configure_fails -DCOMPILER_CACHE_MSVC_EMBED_DEBUG=yes '-DCMAKE_MSVC_DEBUG_INFORMATION_FORMAT=$<$<CONFIG:Debug>:ProgramDatabase>'
said 'COMPILER_CACHE_MSVC_EMBED_DEBUG is "yes"'
said 'CMAKE_MSVC_DEBUG_INFORMATION_FORMAT is "$<$<CONFIG:Debug>:ProgramDatabase>"'
said "CMAKE_MSVC_DEBUG_INFORMATION_FORMAT=Embedded"
configure -DCOMPILER_CACHE_MSVC_EMBED_DEBUG=yes -DCMAKE_MSVC_DEBUG_INFORMATION_FORMAT=Embedded
refused COMPILER_CACHE_FETCH_DEPS "ON;boost" "libuv, zstd"
configure_fails -DCOMPILER_CACHE_FETCH_DEPS=ON
said 'COMPILER_CACHE_FETCH_MIRROR is "". Valid: the URL'
