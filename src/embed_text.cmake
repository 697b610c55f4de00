# embed_text(NAME name NAMESPACE ns FILES file...)
#
# Generates <name>.h and <name>.cc in the build tree with one `extern const std::string_view` per
# file. The variable of store/postgres/settle.sql is `postgres_settle`: the path without the first
# folder and the extension. Whole-line comments in .sql files are removed, because the statement
# parsers, SOCI's and ours, would interpret a quote or a colon in them. A change of a file re-runs
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

# embed_statements(POSTGRES file... SQLITE file...)
#
# Generates statements.h and statements.cc in the build tree: `struct Statements` with one member per
# statement, and a list of the files of each kind of database. The member of
# store/postgres/claim/take.sql is `claim_take`. Both kinds must have the same statements. A file in
# the folder `fragment` is not a statement: its text replaces `{name}` in other files, and its name
# leaves out the folder.
function(embed_statements)
  cmake_parse_arguments(arg "" "" "POSTGRES;SQLITE" ${ARGN})
  foreach(kind POSTGRES SQLITE)
    set(names_${kind})
    set(list_${kind})
    foreach(file IN LISTS arg_${kind})
      string(REGEX REPLACE "^store/[a-z]+/(.*)\\.sql$" "\\1" name ${file})
      string(REGEX REPLACE "^store/(.*)\\.sql$" "\\1" text ${file})
      string(REPLACE "/" "_" text ${text})
      set(member nullptr)
      if(name MATCHES "^fragment/")
        string(REPLACE "fragment/" "" name ${name})
      else()
        string(REPLACE "/" "_" name ${name})
        list(APPEND names_${kind} ${name})
        set(member "&Statements::${name}")
      endif()
      string(APPEND list_${kind} "    {\"${name}\", sql::${text}, ${member}},\n")
    endforeach()
  endforeach()
  if(NOT names_POSTGRES STREQUAL names_SQLITE)
    message(FATAL_ERROR "store/postgres and store/sqlite differ in their statements:\n"
                        "${names_POSTGRES}\n${names_SQLITE}")
  endif()
  list(JOIN names_POSTGRES ";\n  SqlStatement " members)
  set(folder ${PROJECT_BINARY_DIR}/embedded)
  file(CONFIGURE OUTPUT ${folder}/statements.h CONTENT [=[
#pragma once

#include <span>
#include <string_view>

#include "store/sql_statement.h"

namespace autoreply {

/// The statements of one kind of database, ready to run: one member per statement.
struct Statements {
  SqlStatement @members@;
};

/// A .sql file of one kind of database.
struct SqlFile {
  std::string_view name;
  std::string_view text;
  SqlStatement Statements::*statement;  ///< null for a fragment
};

[[nodiscard]] std::span<const SqlFile> postgres_files();
[[nodiscard]] std::span<const SqlFile> sqlite_files();

}  // namespace autoreply
]=] @ONLY)
  file(CONFIGURE OUTPUT ${folder}/statements.cc CONTENT [=[
#include "statements.h"

#include <array>

#include "sql.h"

namespace autoreply {

std::span<const SqlFile> postgres_files() {
  static const auto kFiles = std::to_array<SqlFile>({
@list_POSTGRES@  });
  return kFiles;
}

std::span<const SqlFile> sqlite_files() {
  static const auto kFiles = std::to_array<SqlFile>({
@list_SQLITE@  });
  return kFiles;
}

}  // namespace autoreply
]=] @ONLY)
  set(EMBEDDED_SOURCES ${EMBEDDED_SOURCES} ${folder}/statements.cc PARENT_SCOPE)
endfunction()
