# Getting static libraries to be made through the launcher. CMake makes one by three commands: it removes the old file,
# runs the archiver, and runs ranlib. With CMAKE_<LANG>_CREATE_STATIC_LIBRARY set it runs that rule instead, and the
# launcher stands for all three (launcher/step.h).
#
# A project that has such a rule keeps it. Of the three commands only those are taken over that say no more than
#   ARCHIVE_CREATE   archiver, letters, <TARGET> <LINK_FLAGS> <OBJECTS>
#   ARCHIVE_FINISH   ranlib, <TARGET>; or nothing
# and where a project changes them later, the rule follows.

# The rule that stands for `create` and `finish`, or "".
function(_compiler_cache_archive_rule launcher create finish result)
  set(${result} "" PARENT_SCOPE)
  if(NOT create MATCHES "^([^ \"]+|\"[^\"]+\") +-?[a-zA-Z]+ +<TARGET> +<LINK_FLAGS> +<OBJECTS> *$")
    return()
  endif()
  if(finish MATCHES "^ *:? *$")
    set(ranlib ":")
  elseif(finish MATCHES "^([^ \"]+|\"[^\"]+\") +<TARGET> *$")
    set(ranlib "${CMAKE_MATCH_1}")
  else()
    return()
  endif()
  set(${result} "\"${launcher}\" --archive <TARGET> ${ranlib} ${create}" PARENT_SCOPE)
endfunction()

# Sets the rules of the calling scope: a macro. CMake reads them from a directory's scope when it generates, and hands
# them down to directories that are added later.
macro(_compiler_cache_set_archive_rules)
  foreach(_compiler_cache_rule_name IN LISTS _compiler_cache_archive_rules)
    string(REPLACE "_CREATE_STATIC_LIBRARY" "_ARCHIVE_CREATE" _compiler_cache_create "${_compiler_cache_rule_name}")
    string(REPLACE "_CREATE_STATIC_LIBRARY" "_ARCHIVE_FINISH" _compiler_cache_finish "${_compiler_cache_rule_name}")
    if("${${_compiler_cache_rule_name}}" STREQUAL "" OR "${${_compiler_cache_rule_name}}" MATCHES " --archive <TARGET> ")
      _compiler_cache_archive_rule("${_compiler_cache_archive_launcher}"
        "${${_compiler_cache_create}}" "${${_compiler_cache_finish}}" _compiler_cache_rule)
      if(NOT _compiler_cache_rule STREQUAL "")
        set(${_compiler_cache_rule_name} "${_compiler_cache_rule}")
      elseif(NOT "${${_compiler_cache_rule_name}}" STREQUAL "")
        unset(${_compiler_cache_rule_name})
      endif()
    endif()
  endforeach()
  unset(_compiler_cache_rule_name)
  unset(_compiler_cache_create)
  unset(_compiler_cache_finish)
  unset(_compiler_cache_rule)
endmacro()

# Called by CMake when one of the commands was set, in the scope where that was done. Also where languages are enabled
# after the include.
macro(_compiler_cache_archive_command_changed _compiler_cache_variable _compiler_cache_access)
  if("${_compiler_cache_access}" MATCHES "^(MODIFIED|REMOVED)_ACCESS$" AND DEFINED _compiler_cache_archive_rules)
    _compiler_cache_set_archive_rules()
  endif()
endmacro()

# From here on, and in directories added from here on, static libraries of `languages` are made through the launcher.
macro(_compiler_cache_launch_archives _compiler_cache_path _compiler_cache_languages)
  set(_compiler_cache_archive_launcher "${_compiler_cache_path}")
  set(_compiler_cache_archive_rules "")
  get_property(_compiler_cache_watched GLOBAL PROPERTY _compiler_cache_watched_commands)
  foreach(_compiler_cache_language IN ITEMS ${_compiler_cache_languages})
    foreach(_compiler_cache_kind IN ITEMS "" _IPO)
      list(APPEND _compiler_cache_archive_rules
        CMAKE_${_compiler_cache_language}_CREATE_STATIC_LIBRARY${_compiler_cache_kind})
      foreach(_compiler_cache_step IN ITEMS CREATE FINISH)
        set(_compiler_cache_command CMAKE_${_compiler_cache_language}_ARCHIVE_${_compiler_cache_step}${_compiler_cache_kind})
        if(NOT _compiler_cache_command IN_LIST _compiler_cache_watched)
          variable_watch(${_compiler_cache_command} _compiler_cache_archive_command_changed)
          set_property(GLOBAL APPEND PROPERTY _compiler_cache_watched_commands ${_compiler_cache_command})
        endif()
      endforeach()
    endforeach()
  endforeach()
  unset(_compiler_cache_watched)
  unset(_compiler_cache_language)
  unset(_compiler_cache_kind)
  unset(_compiler_cache_step)
  unset(_compiler_cache_command)
  _compiler_cache_set_archive_rules()
endmacro()
