share_programs
simple_project
refused() {  # variable, value, what the message names as valid
  configure_fails "-D$1=$2"
  said "$1 is \"$2\""
  said "$3"
  rm -rf "$work/build"
}
refused COMPILER_CACHE onn "ON, OFF"
for switch in ARCHIVES LINKS RELOCATABLE MSVC_EMBED_DEBUG; do refused COMPILER_CACHE_$switch onn "ON, OFF"; done
refused COMPILER_CACHE_SUMMARY sometimes "never, always, on-miss"
refused COMPILER_CACHE_HOST_CXX no-such-compiler "a C++20 compiler for this machine"
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
refused COMPILER_CACHE_REMOTE "cache.example" "redis://HOST"
refused COMPILER_CACHE_REMOTE "redis://a;ftp://b" "redis://HOST"
refused COMPILER_CACHE_REMOTE "redis+unix://relative" "redis+unix:///SOCKET"
refused COMPILER_CACHE_REMOTE_MODE "write" "read-write, read-only, ci"
refused COMPILER_CACHE_REMOTE_TIMEOUT "0" "from 1 to 4000"
refused COMPILER_CACHE_REMOTE_TIMEOUT "4001" "from 1 to 4000"
refused COMPILER_CACHE_REMOTE_EXPIRY "soon" "seconds from 0"
refused COMPILER_CACHE_REMOTE_NAMESPACE "a b" "letters, digits"
configure_fails -DCOMPILER_CACHE_REMOTE_KEY_FILE:STRING=relative -DCOMPILER_CACHE_REMOTE=redis://a
said "COMPILER_CACHE_REMOTE_KEY_FILE"
rm -rf "$work/build"
# Not repeated: it may be a password.
configure_fails -DCOMPILER_CACHE_REMOTE=redis://me:pass-4711@cache.example
said "COMPILER_CACHE_REMOTE has credentials"
if grep -q pass-4711 "$work/out"; then fail "the password is repeated"; fi
rm -rf "$work/build"
configure_fails -DCOMPILER_CACHE_REMOTE_PASSWORD=pass-4711
said "is set in the environment of a build"
if grep -q pass-4711 "$work/out"; then fail "the password is repeated"; fi
rm -rf "$work/build"
configure_fails -DCOMPILER_CACHE_SHARED_DIR:STRING=relative
said "COMPILER_CACHE_SHARED_DIR"
rm -rf "$work/build"
configure_fails "-DCOMPILER_CACHE_EXTRA_ROOTS:STRING=/a;relative"
said 'COMPILER_CACHE_EXTRA_ROOTS is "/a;relative". Valid: a list of absolute folders'
rm -rf "$work/build"
configure_fails "-DCOMPILER_CACHE_PREFIX=icecc;distcc"
said 'COMPILER_CACHE_PREFIX is "icecc;distcc". Valid: a program and its options'
rm -rf "$work/build"

# Values that contradict each other: both are named.
refused COMPILER_CACHE_SHARED_DIR "$work/build/.compiler-cache" "outside of every build tree"
refused COMPILER_CACHE_SHARED_DIR "$work/other/.compiler-cache/objects" "outside of every build tree"
configure_fails -DCOMPILER_CACHE_MSVC_EMBED_DEBUG=yes '-DCMAKE_MSVC_DEBUG_INFORMATION_FORMAT=$<$<CONFIG:Debug>:ProgramDatabase>'
said 'COMPILER_CACHE_MSVC_EMBED_DEBUG is "yes"'
said 'CMAKE_MSVC_DEBUG_INFORMATION_FORMAT is "$<$<CONFIG:Debug>:ProgramDatabase>"'
said "CMAKE_MSVC_DEBUG_INFORMATION_FORMAT=Embedded"
configure -DCOMPILER_CACHE_MSVC_EMBED_DEBUG=yes -DCMAKE_MSVC_DEBUG_INFORMATION_FORMAT=Embedded
refused COMPILER_CACHE_REMOTE_KEY_FILE /key "both or none"
refused COMPILER_CACHE_FETCH_DEPS "ON;boost" "libuv, libb2, zstd"
configure_fails -DCOMPILER_CACHE_FETCH_DEPS=ON
said 'COMPILER_CACHE_FETCH_MIRROR is "". Valid: the URL'
