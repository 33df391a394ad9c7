# COMPILER_CACHE_MSVC_EMBED_DEBUG: debug information in the objects. With /Zi and /ZI all compiles of a target write into
# one program database, which no cache can put back.
#
# CMake 3.25 knows debug information formats where policy CMP0141 is NEW; then there is a property. In other projects the
# options stand in the flags, which are edited.

# The option that embeds it, in the place of those that don't.
function(_compiler_cache_embed_debug_in text result)
  string(REGEX REPLACE "(^|[ ;])[-/]Z[iI]($|[ ;])" "\\1/Z7\\2" text "${text}")
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

function(_compiler_cache_takes_msvc_options language result)
  if("${CMAKE_${language}_COMPILER_ID}" STREQUAL "MSVC" OR
     "${CMAKE_${language}_COMPILER_FRONTEND_VARIANT}" STREQUAL "MSVC")
    set(${result} TRUE PARENT_SCOPE)
  else()
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()

# For the directory that includes the module and those below it: a macro, since it is its caller's caller that has the
# flags. The values are normal variables; what is in the CMake cache stays.
macro(_compiler_cache_embed_debug_in_flags languages)
  foreach(_compiler_cache_language IN ITEMS ${languages})
    _compiler_cache_takes_msvc_options(${_compiler_cache_language} _compiler_cache_msvc)
    if(_compiler_cache_msvc)
      get_cmake_property(_compiler_cache_flags VARIABLES)
      list(FILTER _compiler_cache_flags INCLUDE REGEX "^CMAKE_${_compiler_cache_language}_FLAGS(_[A-Z0-9_]+)?$")
      list(FILTER _compiler_cache_flags EXCLUDE REGEX "_INIT$")
      foreach(_compiler_cache_name IN LISTS _compiler_cache_flags)
        _compiler_cache_embed_debug_in("${${_compiler_cache_name}}" _compiler_cache_text)
        if(NOT "${_compiler_cache_text}" STREQUAL "${${_compiler_cache_name}}")
          set(${_compiler_cache_name} "${_compiler_cache_text}" PARENT_SCOPE)
        endif()
      endforeach()
    endif()
  endforeach()
endmacro()

# At the end of the directory: formats and options that a target was given, by the default of its policy or by hand.
function(_compiler_cache_embed_debug_in_target target)
  get_property(has_format TARGET ${target} PROPERTY MSVC_DEBUG_INFORMATION_FORMAT SET)
  if(has_format)
    get_property(format TARGET ${target} PROPERTY MSVC_DEBUG_INFORMATION_FORMAT)
    string(REGEX REPLACE "ProgramDatabase|EditAndContinue" "Embedded" format "${format}")
    set_property(TARGET ${target} PROPERTY MSVC_DEBUG_INFORMATION_FORMAT "${format}")
  elseif(POLICY CMP0141)
    # Without a format, CMake takes this one where the project has the policy; elsewhere it ignores it.
    set_property(TARGET ${target} PROPERTY MSVC_DEBUG_INFORMATION_FORMAT
      "$<$<CONFIG:Debug,RelWithDebInfo>:Embedded>")
  endif()
  get_property(options TARGET ${target} PROPERTY COMPILE_OPTIONS)
  _compiler_cache_embed_debug_in("${options}" embedded)
  if(NOT embedded STREQUAL options)
    set_property(TARGET ${target} PROPERTY COMPILE_OPTIONS "${embedded}")
  endif()
endfunction()
