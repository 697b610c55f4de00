# embed_text(NAME name NAMESPACE ns FILES file...)
#
# Generates <name>.h and <name>.cc in the build tree with one `extern const std::string_view` per
# file: store/postgres/settle.sql becomes `postgres_settle` (without the leading folder and the
# extension). Whole-line comments in .sql files are removed, because SOCI's statement parser does
# not recognize comments and would interpret a quote or a colon in one. Changing a file re-runs
# CMake.
function(embed_text)
  cmake_parse_arguments(arg "" "NAME;NAMESPACE" "FILES" ${ARGN})
  set(folder ${PROJECT_BINARY_DIR}/embedded)
  set(header "#pragma once\n\n#include <string_view>\n\nnamespace ${arg_NAMESPACE} {\n")
  set(source "#include \"${arg_NAME}.h\"\n\nnamespace ${arg_NAMESPACE} {\n")
  foreach(file IN LISTS arg_FILES)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
                 ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    file(READ ${file} text)
    if(file MATCHES "\\.sql$")
      string(REGEX REPLACE "(^|\n)[ \t]*--[^\n]*" "\\1" text "${text}")
    endif()
    string(FIND ${file} "/" slash)
    math(EXPR first "${slash} + 1")
    string(SUBSTRING ${file} ${first} -1 variable)
    string(REGEX REPLACE "\\.[a-z]+$" "" variable ${variable})
    string(REGEX REPLACE "[^A-Za-z0-9]" "_" variable ${variable})
    string(APPEND header "extern const std::string_view ${variable};\n")
    string(APPEND source "const std::string_view ${variable} = R\"embedded(${text})embedded\";\n")
  endforeach()
  file(CONFIGURE OUTPUT ${folder}/${arg_NAME}.h CONTENT "${header}}\n" @ONLY)
  file(CONFIGURE OUTPUT ${folder}/${arg_NAME}.cc CONTENT "${source}}\n" @ONLY)
  set(EMBEDDED_SOURCES ${EMBEDDED_SOURCES} ${folder}/${arg_NAME}.cc PARENT_SCOPE)
endfunction()
