# Warnings and sanitizers as INTERFACE targets; every target of this project links them PRIVATE.
add_library(compiler_cache_warnings INTERFACE)
target_compile_options(compiler_cache_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  # GCC 12 sees an overlap in every `"x" + std::string` that it inlines.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${COMPILER_CACHE_WERROR}>:-Werror>)

add_library(compiler_cache_sanitizers INTERFACE)
if(COMPILER_CACHE_SANITIZE)
  target_compile_options(compiler_cache_sanitizers INTERFACE
    -fsanitize=${COMPILER_CACHE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(compiler_cache_sanitizers INTERFACE -fsanitize=${COMPILER_CACHE_SANITIZE})
endif()
# What a fuzzer is to find its way through must tell it where it has been. The counters are in the sanitizers' run time.
if(COMPILER_CACHE_BUILD_FUZZERS AND COMPILER_CACHE_SANITIZE)
  target_compile_options(compiler_cache_sanitizers INTERFACE -fsanitize=fuzzer-no-link)
endif()
