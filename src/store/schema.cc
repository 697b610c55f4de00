#include "store/schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>

#include "base/json_fields.h"

namespace autoreply {
namespace {

constexpr std::string_view kTableOptions =
    "--queue-table, --log-table, --message-table, --contact-table or --config-table";

Error newer_schema(SchemaVersion schema) {
  return {ErrorKind::misconfigured,
          fmt::format("the database's schema is version {}, newer than this program's {}: install "
                      "the version of autoreply that migrated it",
                      schema.text(),
                      kSchema.text())};
}

}  // namespace

std::string SchemaVersion::text() const {
  return fmt::format("{}.{}", version, revision);
}

std::string note_schema_sql() {
  return fmt::format(
      "insert into autoreply_schema (version, revision) values ({}, {}) "
      "on conflict (version) do update set revision = excluded.revision",
      kSchema.version,
      kSchema.revision);
}

std::string nothing_to_do(SchemaVersion schema) {
  return fmt::format("schema version {}: nothing to do", schema.text());
}

SchemaVersion parse_schema_version(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return {};
  return {.version = std::stoi(std::string(text.substr(0, dot))),
          .revision = std::stoi(std::string(text.substr(dot + 1)))};
}

Result<Readiness> parse_readiness(std::string_view json) {
  simdjson::dom::parser parser;
  const auto document = try_parse(parser, json);
  if (!document) {
    return fail(ErrorKind::internal, "the database's answer about its schema cannot be read");
  }
  Readiness readiness;
  readiness.schema_table = flag_of(*document, "schema_table");
  readiness.schema_readable = optional_flag(*document, "schema_readable").value_or(true);
  readiness.role = text_of(*document, "role");
  readiness.missing = texts_of(*document, "missing");
  readiness.hidden = texts_of(*document, "hidden");
  return readiness;
}

Result<void> judge_readiness(const Readiness& readiness, SchemaVersion schema) {
  if (!readiness.schema_table && !readiness.missing.empty()) {
    return fail(
        ErrorKind::misconfigured,
        fmt::format("the database has no {}: run 'autoreply migrate' with the same --database "
                    "first, or pass the tables' names as schema.name with {}",
                    fmt::join(readiness.missing, ", "),
                    kTableOptions));
  }
  if (!readiness.schema_readable) {
    return fail(ErrorKind::misconfigured,
                fmt::format("role {0} may not read autoreply_schema: GRANT SELECT ON "
                            "autoreply_schema TO \"{0}\", and SELECT, INSERT, UPDATE, DELETE on "
                            "autoreply_runs, autoreply_breakers, autoreply_turns, "
                            "autoreply_spending and autoreply_holds",
                            readiness.role));
  }
  if (!readiness.schema_table || schema < kSchema) {
    return fail(ErrorKind::misconfigured,
                fmt::format("the database's schema is version {}, but this program needs {}: run "
                            "'autoreply migrate' with the same --database first",
                            schema.text(),
                            kSchema.text()));
  }
  if (schema.version > kSchema.version) return fail(newer_schema(schema));
  if (!readiness.missing.empty()) {
    return fail(ErrorKind::misconfigured,
                fmt::format("there is no table or view {}: pass the name of yours with {}",
                            fmt::join(readiness.missing, ", "),
                            kTableOptions));
  }
  if (!readiness.hidden.empty()) {
    return fail(ErrorKind::misconfigured,
                fmt::format("row security would hide rows of {} from this role: grant it BYPASSRLS "
                            "or connect as the tables' owner",
                            fmt::join(readiness.hidden, ", ")));
  }
  return {};
}

Result<void> judge_relations(const std::vector<std::string>& existing,
                             const std::vector<std::string>& missing,
                             SchemaVersion schema) {
  if (schema.version > kSchema.version) return fail(newer_schema(schema));
  if (!existing.empty() && !missing.empty()) {
    return fail(ErrorKind::misconfigured,
                fmt::format("the database has {} but not {}: create what is missing, or pass the "
                            "name of yours with {}",
                            fmt::join(existing, ", "),
                            fmt::join(missing, ", "),
                            kTableOptions));
  }
  return {};
}

Result<void> queue_is_no_table(std::string_view queue) {
  return fail(ErrorKind::misconfigured,
              fmt::format("{} is not an ordinary table: for this command, pass the name of the "
                          "underlying table with --queue-table",
                          queue));
}

}  // namespace autoreply
