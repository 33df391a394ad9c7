# The module's cache variables: declared, documented and checked here.
#
# A value that cannot be meant stops the configure. A misspelt variable that is silently ignored would leave a cache
# that is not set up as its user believes.

# The folder for this user's cached data, or "" where there is none (no HOME, as in some containers).
function(_compiler_cache_user_folder result)
  set(folder "")
  if(CMAKE_HOST_WIN32)
    if(IS_ABSOLUTE "$ENV{LOCALAPPDATA}")
      file(TO_CMAKE_PATH "$ENV{LOCALAPPDATA}/compiler-cache" folder)
    endif()
  elseif(IS_ABSOLUTE "$ENV{XDG_CACHE_HOME}")  # the XDG specification says to ignore a relative one
    set(folder "$ENV{XDG_CACHE_HOME}/compiler-cache")
  elseif(IS_ABSOLUTE "$ENV{HOME}")
    set(folder "$ENV{HOME}/.cache/compiler-cache")
  endif()
  set(${result} "${folder}" PARENT_SCOPE)
endfunction()

function(_compiler_cache_option name type default help)
  set(${name} "${default}" CACHE ${type} "${help}")
  set_property(GLOBAL APPEND PROPERTY _compiler_cache_option_names ${name})
endfunction()

function(_compiler_cache_declare_options)
  _compiler_cache_user_folder(user_folder)
  _compiler_cache_option(COMPILER_CACHE_LANGUAGES STRING "C;CXX;OBJC;OBJCXX"
    "Languages whose compiles are cached: a list out of C, CXX, OBJC, OBJCXX")
  _compiler_cache_option(COMPILER_CACHE_SHARED_DIR PATH "${user_folder}"
    "Folder of the store that all build trees of this user share; empty: this build tree only")
  _compiler_cache_option(COMPILER_CACHE_EXTRA_ROOTS PATH ""
    "Other build trees whose cached results may be read: a list of folders")
  _compiler_cache_option(COMPILER_CACHE_MAX_SIZE STRING "5G"
    "Limit of each store: bytes, or a number with K, M, G or T (powers of 1024); 0: no limit")
  _compiler_cache_option(COMPILER_CACHE_IDLE_TIMEOUT STRING "600"
    "Seconds without work after which the helper ends; 0: never")
  _compiler_cache_option(COMPILER_CACHE_RESTORE STRING "auto"
    "How outputs are put in place: auto, copy or reflink")
  set_property(CACHE COMPILER_CACHE_RESTORE PROPERTY STRINGS auto copy reflink)
  _compiler_cache_option(COMPILER_CACHE_REMOTE STRING ""
    "Servers that results are shared through: a list of URLs (redis://, rediss://, redis+unix://, http://, https://), without credentials")
  _compiler_cache_option(COMPILER_CACHE_REMOTE_MODE STRING "read-write"
    "Who writes to the servers: read-write, read-only, ci (only builds with CI set in their environment)")
  set_property(CACHE COMPILER_CACHE_REMOTE_MODE PROPERTY STRINGS read-write read-only ci)
  _compiler_cache_option(COMPILER_CACHE_REMOTE_NAMESPACE STRING "default"
    "Those who share a namespace share results")
  _compiler_cache_option(COMPILER_CACHE_REMOTE_TIMEOUT STRING "2000"
    "Milliseconds that a step waits for the servers at most")
  _compiler_cache_option(COMPILER_CACHE_REMOTE_EXPIRY STRING "0"
    "Seconds after which a Redis server drops what was not used; 0: it decides by itself")
  _compiler_cache_option(COMPILER_CACHE_REMOTE_KEY_FILE FILEPATH ""
    "File of mode 0600 with the key by which results from the servers are believed; empty: whoever can write there is believed")
  _compiler_cache_option(COMPILER_CACHE_REMOTE_CREDENTIALS FILEPATH ""
    "File of mode 0600, in the form of .netrc, with the credentials for the servers")
  _compiler_cache_option(COMPILER_CACHE_REMOTE_CA FILEPATH ""
    "Certificates that TLS servers are believed by; empty: the system's")
  mark_as_advanced(COMPILER_CACHE_REMOTE_TIMEOUT COMPILER_CACHE_REMOTE_EXPIRY COMPILER_CACHE_REMOTE_CA)
  _compiler_cache_option(COMPILER_CACHE_SUMMARY STRING "never"
    "A line at the end of each build of everything: never, always, on-miss")
  set_property(CACHE COMPILER_CACHE_SUMMARY PROPERTY STRINGS never always on-miss)
  _compiler_cache_option(COMPILER_CACHE_ARCHIVES BOOL ON
    "Cache static libraries, too")
  _compiler_cache_option(COMPILER_CACHE_LINKS BOOL ON
    "Cache links of executables and shared libraries, too")
  _compiler_cache_option(COMPILER_CACHE_MSVC_EMBED_DEBUG BOOL OFF
    "With MSVC and clang-cl: put debug information into the objects (/Z7), where it can be cached, instead of /Zi and /ZI")
  _compiler_cache_option(COMPILER_CACHE_PREFIX STRING ""
    "Program that runs the compiler where there is nothing in the cache: icecc, distcc")
  _compiler_cache_option(COMPILER_CACHE_RELOCATABLE BOOL OFF
    "With GCC and Clang: fixed names for source and build folder in all results, so that other folders can use them")
  _compiler_cache_option(COMPILER_CACHE_TARGET_PREFIX STRING ""
    "What the names of the targets cache-stats, cache-status and so on begin with")
  _compiler_cache_option(COMPILER_CACHE_HOST_CXX STRING ""
    "C++20 compiler that builds CompilerCache's own programs; empty: found")
  _compiler_cache_option(COMPILER_CACHE_FETCH_DEPS STRING OFF
    "Build libraries that CompilerCache's programs need from release archives: OFF, ON (missing ones), ALL, or a list of names")
  _compiler_cache_option(COMPILER_CACHE_FETCH_MIRROR STRING ""
    "URL of the folder that those archives are fetched from: pool/main of a Debian mirror")
  mark_as_advanced(COMPILER_CACHE_FETCH_DEPS COMPILER_CACHE_FETCH_MIRROR
    COMPILER_CACHE_EXTRA_ROOTS COMPILER_CACHE_IDLE_TIMEOUT COMPILER_CACHE_RESTORE
    COMPILER_CACHE_TARGET_PREFIX COMPILER_CACHE_HOST_CXX)
endfunction()

function(_compiler_cache_refuse_value name valid)
  message(FATAL_ERROR "CompilerCache: ${name} is \"${${name}}\". Valid: ${valid}.")
endfunction()

# if() would take a misspelt "onn" for off.
function(_compiler_cache_check_switch name)
  string(TOUPPER "${${name}}" value)
  if(NOT value MATCHES "^(ON|OFF|YES|NO|TRUE|FALSE|Y|N|1|0)$")
    _compiler_cache_refuse_value(${name} "ON, OFF")
  endif()
endfunction()

function(_compiler_cache_check_languages)
  set(valid "a list out of C, CXX, OBJC, OBJCXX (to switch the cache off: COMPILER_CACHE=OFF)")
  if(COMPILER_CACHE_LANGUAGES STREQUAL "")
    _compiler_cache_refuse_value(COMPILER_CACHE_LANGUAGES "${valid}")
  endif()
  foreach(language IN LISTS COMPILER_CACHE_LANGUAGES)
    if(NOT language MATCHES "^(C|CXX|OBJC|OBJCXX)$")
      _compiler_cache_refuse_value(COMPILER_CACHE_LANGUAGES "${valid}")
    endif()
  endforeach()
endfunction()

function(_compiler_cache_check_paths)
  if(NOT COMPILER_CACHE_SHARED_DIR STREQUAL "" AND NOT IS_ABSOLUTE "${COMPILER_CACHE_SHARED_DIR}")
    _compiler_cache_refuse_value(COMPILER_CACHE_SHARED_DIR "an absolute folder, or empty for this build tree only")
  endif()
  foreach(root IN LISTS COMPILER_CACHE_EXTRA_ROOTS)
    if(NOT IS_ABSOLUTE "${root}")
      _compiler_cache_refuse_value(COMPILER_CACHE_EXTRA_ROOTS "a list of absolute folders")
    endif()
  endforeach()
endfunction()

# "5G" -> 5368709120, "" where the text is no size. At most 1024T, which keeps math() exact.
function(_compiler_cache_size_in_bytes text result)
  set(${result} "" PARENT_SCOPE)
  if(NOT text MATCHES "^(0|[1-9][0-9]*)([KMGTkmgt]?)$")
    return()
  endif()
  set(number "${CMAKE_MATCH_1}")
  string(TOUPPER "${CMAKE_MATCH_2}" unit)
  string(FIND "_KMGT" "${unit}" power)  # an empty unit is found at 0
  math(EXPR shift "10 * ${power}")
  math(EXPR most "1 << (50 - ${shift})")
  if(number GREATER most)  # compared as floating point: a number that math() cannot hold is refused too
    return()
  endif()
  math(EXPR bytes "${number} << ${shift}")
  set(${result} "${bytes}" PARENT_SCOPE)
endfunction()

function(_compiler_cache_check_numbers)
  _compiler_cache_size_in_bytes("${COMPILER_CACHE_MAX_SIZE}" bytes)
  if(bytes STREQUAL "")
    _compiler_cache_refuse_value(COMPILER_CACHE_MAX_SIZE
      "0 (no limit), or a whole number alone (bytes) or with K, M, G or T, up to 1024T; for example 500M, 5G")
  endif()
  if(NOT COMPILER_CACHE_IDLE_TIMEOUT MATCHES "^[0-9]+$" OR COMPILER_CACHE_IDLE_TIMEOUT GREATER 2147483)
    _compiler_cache_refuse_value(COMPILER_CACHE_IDLE_TIMEOUT "seconds from 0 (never) to 2147483")
  endif()
  if(NOT COMPILER_CACHE_RESTORE MATCHES "^(auto|copy|reflink)$")
    _compiler_cache_refuse_value(COMPILER_CACHE_RESTORE "auto, copy, reflink")
  endif()
  if(NOT COMPILER_CACHE_SUMMARY MATCHES "^(never|always|on-miss)$")
    _compiler_cache_refuse_value(COMPILER_CACHE_SUMMARY "never, always, on-miss")
  endif()
endfunction()

function(_compiler_cache_check_fetching)
  foreach(name IN LISTS COMPILER_CACHE_FETCH_DEPS)
    if(NOT name MATCHES "^(OFF|ON|ALL|libuv|libb2|zstd|msgpack|json|cli11)$")
      _compiler_cache_refuse_value(COMPILER_CACHE_FETCH_DEPS
        "OFF, ON (what is missing), ALL, or a list out of libuv, libb2, zstd, msgpack, json, cli11")
    endif()
  endforeach()
  if(COMPILER_CACHE_FETCH_DEPS AND NOT COMPILER_CACHE_FETCH_MIRROR MATCHES "^[a-z]+://")
    message(FATAL_ERROR "CompilerCache: COMPILER_CACHE_FETCH_DEPS is \"${COMPILER_CACHE_FETCH_DEPS}\", and "
      "COMPILER_CACHE_FETCH_MIRROR is \"${COMPILER_CACHE_FETCH_MIRROR}\". Valid: the URL of a folder with the archives, as "
      "pool/main of a Debian mirror is (https://..., file:///...), or COMPILER_CACHE_FETCH_DEPS=OFF.")
  endif()
endfunction()

# Values that are well each by itself, and cannot both be meant.
function(_compiler_cache_check_together)
  # The store of all trees and that of this one would be one folder with two owners and two limits.
  cmake_path(NORMAL_PATH COMPILER_CACHE_SHARED_DIR OUTPUT_VARIABLE shared)
  if("${shared}/" MATCHES "/\\.compiler-cache/")
    _compiler_cache_refuse_value(COMPILER_CACHE_SHARED_DIR
      "a folder outside of every build tree's .compiler-cache, or empty for this build tree only")
  endif()
  if(NOT COMPILER_CACHE_REMOTE_KEY_FILE STREQUAL "" AND COMPILER_CACHE_REMOTE STREQUAL "")
    message(FATAL_ERROR "CompilerCache: COMPILER_CACHE_REMOTE_KEY_FILE is \"${COMPILER_CACHE_REMOTE_KEY_FILE}\", and "
      "COMPILER_CACHE_REMOTE is empty, so there is nothing to believe. Valid: both or none.")
  endif()
  set(format "${CMAKE_MSVC_DEBUG_INFORMATION_FORMAT}")
  if(COMPILER_CACHE_MSVC_EMBED_DEBUG AND format MATCHES "ProgramDatabase|EditAndContinue")
    message(FATAL_ERROR "CompilerCache: COMPILER_CACHE_MSVC_EMBED_DEBUG is \"${COMPILER_CACHE_MSVC_EMBED_DEBUG}\", and "
      "CMAKE_MSVC_DEBUG_INFORMATION_FORMAT is \"${format}\". Valid: COMPILER_CACHE_MSVC_EMBED_DEBUG=OFF, or "
      "CMAKE_MSVC_DEBUG_INFORMATION_FORMAT=Embedded or not set.")
  endif()
endfunction()

function(_compiler_cache_check_target_prefix)
  if(NOT COMPILER_CACHE_TARGET_PREFIX MATCHES "^[A-Za-z0-9_.+-]*$")
    _compiler_cache_refuse_value(COMPILER_CACHE_TARGET_PREFIX
      "letters, digits and the characters _ . + -, or empty; for example my-, for my-cache-stats")
  endif()
endfunction()

function(_compiler_cache_check_prefix)
  if("${COMPILER_CACHE_PREFIX}" MATCHES "[\r\n;]")
    _compiler_cache_refuse_value(COMPILER_CACHE_PREFIX "a program and its options with blanks between them, or empty; for example icecc")
  endif()
endfunction()

function(_compiler_cache_check_options)
  _compiler_cache_check_names()
  _compiler_cache_check_switch(COMPILER_CACHE_ARCHIVES)
  _compiler_cache_check_switch(COMPILER_CACHE_LINKS)
  _compiler_cache_check_switch(COMPILER_CACHE_MSVC_EMBED_DEBUG)
  _compiler_cache_check_switch(COMPILER_CACHE_RELOCATABLE)
  _compiler_cache_check_languages()
  _compiler_cache_check_paths()
  _compiler_cache_check_numbers()
  _compiler_cache_check_remote()
  _compiler_cache_check_target_prefix()
  _compiler_cache_check_prefix()
  _compiler_cache_check_fetching()
  _compiler_cache_check_together()
endfunction()
