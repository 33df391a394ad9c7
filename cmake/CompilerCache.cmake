# CompilerCache: a compiler cache for this build tree.
#
#   project(MyProject)
#   include(CompilerCache)
#
# is all. Every C, C++ and Objective-C(++) compile of the tree then goes through a small launcher, which asks a helper
# that belongs to this build tree whether the result is known. The two programs are built once, at configure time, and
# kept in the user's cache folder for the next tree.
#
# The include may run in any directory and any number of times: it makes the directory that includes it, and those
# below, go through the launcher. There is one helper, one configuration and one set of targets for the tree.
#
# Cache variables: see CompilerCacheOptions.cmake, where each is declared, documented and checked.
# Targets: see CompilerCacheTree.cmake. What is written is in <build>/.compiler-cache/ and in the user's cache folder.

if(CMAKE_VERSION VERSION_LESS 3.21)
  message(STATUS "CompilerCache: inactive: it needs CMake 3.21, this is ${CMAKE_VERSION}")
  return()
endif()

cmake_policy(PUSH)
cmake_policy(VERSION 3.21)

# Functions are global. Where two subprojects bring a copy each, the first one loaded serves the whole tree, rather than
# a mixture of both.
if(NOT COMMAND _compiler_cache_include)
  include("${CMAKE_CURRENT_LIST_DIR}/CompilerCacheOptions.cmake")
  include("${CMAKE_CURRENT_LIST_DIR}/CompilerCacheSpelling.cmake")
  include("${CMAKE_CURRENT_LIST_DIR}/CompilerCacheHostCompiler.cmake")
  include("${CMAKE_CURRENT_LIST_DIR}/CompilerCachePrograms.cmake")
  include("${CMAKE_CURRENT_LIST_DIR}/CompilerCacheInstallation.cmake")
  include("${CMAKE_CURRENT_LIST_DIR}/CompilerCacheInstalled.cmake" OPTIONAL)
  include("${CMAKE_CURRENT_LIST_DIR}/CompilerCacheTree.cmake")
  include("${CMAKE_CURRENT_LIST_DIR}/CompilerCacheDebugInformation.cmake")
  include("${CMAKE_CURRENT_LIST_DIR}/CompilerCacheRelocatable.cmake")
  include("${CMAKE_CURRENT_LIST_DIR}/CompilerCacheArchives.cmake")
  include("${CMAKE_CURRENT_LIST_DIR}/CompilerCacheRemote.cmake")
  include("${CMAKE_CURRENT_LIST_DIR}/CompilerCacheLaunchers.cmake")
endif()

unset(_compiler_cache_archive_languages)
_compiler_cache_include()
if(DEFINED _compiler_cache_archive_languages)
  _compiler_cache_launch_archives("${_compiler_cache_archive_launcher}" "${_compiler_cache_archive_languages}")
endif()

cmake_policy(POP)
