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
