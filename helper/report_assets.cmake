# Run by the build (cmake -P): writes OUTPUT, a C++ source with the report's page, style and scripts as they are in ROOT.
# Raw strings, since they compile at once and CMake alone can write them.
function(add_asset member)
  set(pieces "")
  foreach(name IN LISTS ARGN)
    file(READ "${ROOT}/${name}" text)
    if(name MATCHES "LICENSE$")
      set(text "/*!\n${text}\n*/\n")  # goes with every copy, and each report is one
    endif()
    if(text MATCHES "\\)cc_asset\"")
      message(FATAL_ERROR "${name} contains the end of a raw string")
    endif()
    string(APPEND pieces "\n    R\"cc_asset(${text})cc_asset\"")
  endforeach()
  set(source "${source}    .${member} = std::string_view(${pieces}),\n" PARENT_SCOPE)
endfunction()

set(source "#include \"helper/report_page.h\"\n\nnamespace compiler_cache {\n\n")
string(APPEND source "const ReportAssets kReportAssets{\n")
add_asset(page ${PAGE})
add_asset(style ${STYLES})
add_asset(script ${SCRIPTS})
string(APPEND source "};\n\n}  // namespace compiler_cache\n")
file(WRITE "${OUTPUT}" "${source}")
