share_programs
project <<END
cmake_minimum_required(VERSION 3.21)
project(Leak LANGUAGES C)
cmake_policy(GET CMP0118 policy_before)
get_cmake_property(before VARIABLES)
include($repo/cmake/CompilerCache.cmake)
get_cmake_property(after VARIABLES)
cmake_policy(GET CMP0118 policy_after)
list(REMOVE_ITEM after before \${before})
list(FILTER after EXCLUDE REGEX "^COMPILER_CACHE|^_compiler_cache_|^CMAKE_(C|CXX|OBJC|OBJCXX)_(COMPILER_LAUNCHER|LINKER_LAUNCHER|CREATE_STATIC_LIBRARY(_IPO)?)$")
if(after)
  message(FATAL_ERROR "leaked: \${after}")
endif()
foreach(language C CXX OBJC OBJCXX)  # the launcher variables are the contract
  if(NOT CMAKE_\${language}_COMPILER_LAUNCHER STREQUAL "$work/build/.compiler-cache/bin/compiler-cache-launcher")
    message(FATAL_ERROR "launcher variable of \${language}: \${CMAKE_\${language}_COMPILER_LAUNCHER}")
  endif()
endforeach()
include(CheckCSourceCompiles)
check_c_source_compiles("int main(void) { return 0; }" COMPILES)
if(NOT COMPILES )
  message(FATAL_ERROR "compile checks are affected")
endif()
END
STUB_LOG=$work/log configure
! grep -v "stub-helper" "$work/log" || fail "a compile check went through the launcher"
