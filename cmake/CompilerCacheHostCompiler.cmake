# The compiler that builds CompilerCache's own programs, and the environment that it runs in. The programs run on this
# machine and are none of the project's code: neither its toolchain nor its flags may reach them.

# Variables that CMake, Make, Ninja, pkg-config or the compilers take settings from. Not in here: PATH,
# CMAKE_PREFIX_PATH, PKG_CONFIG_PATH and the compilers' search paths, which say where this machine has its libraries.
set_property(GLOBAL PROPERTY _compiler_cache_unset_environment
  CC CXX CFLAGS CXXFLAGS CPPFLAGS LDFLAGS ARFLAGS ASMFLAGS
  CMAKE_TOOLCHAIN_FILE CMAKE_GENERATOR CMAKE_GENERATOR_PLATFORM CMAKE_GENERATOR_TOOLSET CMAKE_GENERATOR_INSTANCE
  CMAKE_BUILD_TYPE CMAKE_CONFIGURATION_TYPES CMAKE_EXPORT_COMPILE_COMMANDS CMAKE_INSTALL_MODE CMAKE_COLOR_DIAGNOSTICS
  CMAKE_C_COMPILER_LAUNCHER CMAKE_CXX_COMPILER_LAUNCHER CMAKE_C_LINKER_LAUNCHER CMAKE_CXX_LINKER_LAUNCHER
  CMAKE_CROSSCOMPILING_EMULATOR CMAKE_TLS_VERIFY
  MAKEFLAGS MFLAGS GNUMAKEFLAGS MAKELEVEL MAKEOVERRIDES NINJA_STATUS DESTDIR VERBOSE
  PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_LIBDIR MACOSX_DEPLOYMENT_TARGET
  DEPENDENCIES_OUTPUT SUNPRO_DEPENDENCIES CCC_OVERRIDE_OPTIONS GCC_COLORS COMPILER_CACHE_LOG)

# Command prefix: `cmake -E env` without those variables.
function(_compiler_cache_clean_environment result)
  get_property(names GLOBAL PROPERTY _compiler_cache_unset_environment)
  list(TRANSFORM names PREPEND "--unset=")
  set(${result} "${CMAKE_COMMAND}" -E env ${names} PARENT_SCOPE)
endfunction()

# The project's own compiler, if it is one for this machine and new enough. One with arguments of its own
# (CXX="ccache g++") is not taken: what it would run is not known.
function(_compiler_cache_project_compiler result)
  set(${result} "" PARENT_SCOPE)
  if(CMAKE_CROSSCOMPILING OR NOT "${CMAKE_TOOLCHAIN_FILE}" STREQUAL "" OR NOT "${CMAKE_CXX_COMPILER_ARG1}" STREQUAL "")
    return()
  endif()
  set(oldest_GNU 11)
  set(oldest_Clang 14)
  set(oldest_AppleClang 14)
  set(id "${CMAKE_CXX_COMPILER_ID}")
  if(DEFINED oldest_${id} AND NOT "${CMAKE_CXX_COMPILER_FRONTEND_VARIANT}" STREQUAL "MSVC"
      AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL oldest_${id})
    set(${result} "${CMAKE_CXX_COMPILER}" PARENT_SCOPE)
  endif()
endfunction()

# First line of `compiler --version`; it carries the distribution's revision too. "" if it does not run.
function(_compiler_cache_compiler_version compiler result)
  _compiler_cache_clean_environment(environment)
  execute_process(COMMAND ${environment} "${compiler}" --version
    OUTPUT_VARIABLE output ERROR_QUIET RESULT_VARIABLE status TIMEOUT 30)
  if(NOT status EQUAL 0)
    set(output "")
  endif()
  string(REGEX MATCH "^[^\r\n]*" line "${output}")
  set(${result} "${line}" PARENT_SCOPE)
endfunction()

# Whether `compiler` builds C++20 with its library. The answer is remembered in the cache by path and version.
function(_compiler_cache_can_do_cxx20 compiler result)
  _compiler_cache_compiler_version("${compiler}" version)
  if("${compiler} ${version}" STREQUAL "${_compiler_cache_probed_cxx}")
    set(${result} TRUE PARENT_SCOPE)
    return()
  endif()
  set(folder "${CMAKE_BINARY_DIR}/.compiler-cache/probe")
  file(WRITE "${folder}/probe.cpp"
    "#include <concepts>\n#include <span>\n#include <string>\n"
    "template <std::integral T> std::string text(std::span<const T> v) { return std::to_string(v.size()); }\n"
    "int main() { const int v[1] = {0}; return text<int>(v) == \"1\" ? 0 : 1; }\n")
  _compiler_cache_clean_environment(environment)
  execute_process(COMMAND ${environment} "${compiler}" -std=c++20 probe.cpp -o probe
    WORKING_DIRECTORY "${folder}" RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
  file(REMOVE_RECURSE "${folder}")
  set(${result} FALSE PARENT_SCOPE)
  if(status EQUAL 0)
    set(_compiler_cache_probed_cxx "${compiler} ${version}" CACHE INTERNAL "C++ compiler found able to do C++20")
    set(${result} TRUE PARENT_SCOPE)
  endif()
endfunction()

# The C++ compiler for CompilerCache's programs, or "".
function(_compiler_cache_host_cxx result)
  set(found "")
  if(NOT COMPILER_CACHE_HOST_CXX STREQUAL "")
    unset(found)  # find_program() does not search for what the project, say, has defined
    find_program(found NAMES "${COMPILER_CACHE_HOST_CXX}"
      PATHS ENV PATH NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH NO_CACHE)
    if(found)
      _compiler_cache_can_do_cxx20("${found}" able)
    endif()
    if(NOT found OR NOT able)
      _compiler_cache_refuse_value(COMPILER_CACHE_HOST_CXX
        "a C++20 compiler for this machine, as a path or as a name in PATH (GCC 11, Clang 14 or newer)")
    endif()
  else()
    _compiler_cache_project_compiler(found)
  endif()
  foreach(name IN ITEMS c++ g++ clang++)
    if(NOT found)
      unset(candidate)
      find_program(candidate NAMES ${name} PATHS ENV PATH NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH NO_CACHE)
      if(candidate)
        _compiler_cache_can_do_cxx20("${candidate}" able)
        if(able)
          set(found "${candidate}")
        endif()
      endif()
    endif()
  endforeach()
  set(${result} "${found}" PARENT_SCOPE)
endfunction()

# The C compiler that belongs to a C++ compiler: the same name as a C compiler, in the same folder. "" if there is none.
function(_compiler_cache_host_c cxx result)
  set(${result} "" PARENT_SCOPE)
  get_filename_component(folder "${cxx}" DIRECTORY)
  get_filename_component(name "${cxx}" NAME)
  foreach(pair IN ITEMS "clang[+][+]:clang" "g[+][+]:gcc" "c[+][+]:cc")
    string(REPLACE ":" ";" pair "${pair}")
    list(GET pair 0 pattern)
    list(GET pair 1 replacement)
    if(name MATCHES "${pattern}")
      string(REGEX REPLACE "${pattern}" "${replacement}" c_name "${name}")
      if(EXISTS "${folder}/${c_name}")
        set(${result} "${folder}/${c_name}" PARENT_SCOPE)
      endif()
      return()
    endif()
  endforeach()
endfunction()
