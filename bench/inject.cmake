# For CMAKE_PROJECT_INCLUDE: gives a project that knows nothing of CompilerCache the one line that it takes.
include("${CMAKE_CURRENT_LIST_DIR}/../cmake/CompilerCache.cmake")
