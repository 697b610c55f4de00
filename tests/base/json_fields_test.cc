#include "base/json_fields.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace autoreply {
namespace {

namespace dom = simdjson::dom;
using testing::ElementsAre;
using testing::IsEmpty;

/// A parser with the document that it parsed.
struct Parsed {
  explicit Parsed(std::string_view text) : document(parse(parser, text)) {}

  dom::parser parser{};
  dom::element document;
};

TEST(JsonFields, OwnTextThatIsNotJsonThrows) {
  dom::parser parser;
  EXPECT_THROW((void)parse(parser, ""), std::runtime_error);
  EXPECT_THROW((void)parse(parser, R"({"id": )"), std::runtime_error);
}

TEST(JsonFields, OwnTextWithInvalidUtf8IsReadWithReplacements) {
  const Parsed row("{\"body\": \"caf\xE9\"}");
  EXPECT_EQ(text_of(row.document, "body"), "caf\xEF\xBF\xBD");
}

TEST(JsonFields, OwnTextMustBeTheAgreedArray) {
  const Parsed row(R"({"ids": ["a", 1, null, "b"]})");
  EXPECT_THROW((void)array_of(row.document), std::runtime_error);
  EXPECT_THROW((void)text_array_of(row.document), std::runtime_error);
  EXPECT_EQ(array_of(row.document["ids"].value()).size(), 4U);
  EXPECT_THAT(text_array_of(row.document["ids"].value()), ElementsAre("a", "b"));
}

TEST(JsonFields, ForeignTextThatIsNotJsonIsNothing) {
  dom::parser parser;
  for (const std::string_view text : {"", "  ", "{", "<html>", "{} {}", "\"\xE9\""}) {
    EXPECT_FALSE(try_parse(parser, text)) << text;
  }
  const auto document = try_parse(parser, R"("a text")");
  ASSERT_TRUE(document);
  EXPECT_EQ(optional_view(*document), "a text");
}

TEST(JsonFields, FieldIsReadAsItsType) {
  const Parsed row(R"({"text": "a", "whole": -7, "fraction": 0.5, "flag": true,
                       "object": {"inner": 1}, "list": ["x", 2, "y"]})");
  const dom::element fields = row.document;
  EXPECT_EQ(text_of(fields, "text"), "a");
  EXPECT_EQ(view_of(fields, "text"), "a");
  EXPECT_EQ(optional_text(fields, "text"), "a");
  EXPECT_EQ(number_of(fields, "whole"), -7);
  EXPECT_EQ(int_of(fields, "whole"), -7);
  EXPECT_EQ(optional_whole(fields, "whole"), -7);
  EXPECT_EQ(optional_int(fields, "whole"), -7);
  EXPECT_EQ(optional_double(fields, "whole"), -7.0);
  EXPECT_EQ(optional_double(fields, "fraction"), 0.5);
  EXPECT_TRUE(flag_of(fields, "flag"));
  ASSERT_TRUE(object_of(fields, "object"));
  EXPECT_EQ(number_of(*object_of(fields, "object"), "inner"), 1);
  EXPECT_EQ(elements_of(fields, "list").size(), 3U);
  EXPECT_THAT(texts_of(fields, "list"), ElementsAre("x", "y"));
}

/// Expects that all readers take the field for missing.
void expect_nothing(dom::element value, std::string_view name) {
  SCOPED_TRACE(name);
  EXPECT_EQ(optional_text(value, name), std::nullopt);
  EXPECT_EQ(text_of(value, name), "");
  EXPECT_EQ(view_of(value, name), "");
  EXPECT_EQ(optional_whole(value, name), std::nullopt);
  EXPECT_EQ(number_of(value, name), 0);
  EXPECT_EQ(optional_int(value, name), std::nullopt);
  EXPECT_EQ(int_of(value, name), 0);
  EXPECT_EQ(optional_double(value, name), std::nullopt);
  EXPECT_EQ(optional_flag(value, name), std::nullopt);
  EXPECT_FALSE(flag_of(value, name));
  EXPECT_FALSE(object_of(value, name));
  EXPECT_THAT(elements_of(value, name), IsEmpty());
  EXPECT_THAT(texts_of(value, name), IsEmpty());
  EXPECT_FALSE(value_of(value, name));
}

TEST(JsonFields, FieldThatIsMissingOrNullIsEmpty) {
  const Parsed row(R"({"null": null})");
  expect_nothing(row.document, "null");
  expect_nothing(row.document, "missing");
}

TEST(JsonFields, FieldOfWhatIsNoObjectIsEmpty) {
  for (const std::string_view text : {"[]", R"(["text"])", R"("text")", "1", "true", "null"}) {
    expect_nothing(Parsed(text).document, "text");
  }
}

TEST(JsonFields, FieldOfAnotherTypeIsEmpty) {
  const Parsed row(R"({"text": "1", "fraction": 1.0, "huge": 18446744073709551615})");
  EXPECT_EQ(optional_whole(row.document, "text"), std::nullopt);
  EXPECT_EQ(optional_double(row.document, "text"), std::nullopt);
  EXPECT_EQ(optional_flag(row.document, "text"), std::nullopt);
  EXPECT_EQ(optional_text(row.document, "fraction"), std::nullopt);
  EXPECT_EQ(optional_whole(row.document, "fraction"), std::nullopt);
  EXPECT_EQ(optional_whole(row.document, "huge"), std::nullopt);
  EXPECT_FALSE(object_of(row.document, "text"));
  EXPECT_THAT(elements_of(row.document, "text"), IsEmpty());
}

TEST(JsonFields, FlagMayBeWrittenAsNumber) {
  const Parsed row(R"({"no": 0, "yes": 1, "false": false})");
  EXPECT_EQ(optional_flag(row.document, "no"), false);
  EXPECT_EQ(optional_flag(row.document, "yes"), true);
  EXPECT_EQ(optional_flag(row.document, "false"), false);
}

TEST(JsonFields, NullIsAFieldButNoValue) {
  const Parsed row(R"({"null": null, "false": false, "usage": {"total": 0, "cached": null}})");
  EXPECT_TRUE(field_of(row.document, "null"));
  EXPECT_FALSE(value_of(row.document, "null"));
  EXPECT_TRUE(value_of(row.document, "false"));
  EXPECT_FALSE(field_of(row.document, "missing"));
  EXPECT_TRUE(value_at(row.document, "/usage/total"));
  EXPECT_FALSE(value_at(row.document, "/usage/cached"));
  EXPECT_FALSE(value_at(row.document, "/usage/missing"));
  EXPECT_FALSE(value_at(row.document, "/false/total"));
}

TEST(JsonFields, ValueIsReadAsItsTypeOnly) {
  const Parsed list(R"(["a", 1, 1.5, {"b": 2, "c": null}, []])");
  const auto elements = elements_of(list.document);
  ASSERT_EQ(elements.size(), 5U);
  EXPECT_EQ(optional_view(elements[0]), "a");
  EXPECT_EQ(optional_view(elements[1]), std::nullopt);
  EXPECT_EQ(optional_whole(elements[1]), 1);
  EXPECT_EQ(optional_double(elements[1]), 1.0);
  EXPECT_EQ(optional_whole(elements[2]), std::nullopt);
  EXPECT_EQ(optional_double(elements[2]), 1.5);
  EXPECT_THAT(elements_of(elements[3]), IsEmpty());
  const auto fields = fields_of(elements[3]);
  ASSERT_EQ(fields.size(), 2U);
  EXPECT_EQ(fields[0].key, "b");
  EXPECT_EQ(optional_whole(fields[0].value), 2);
  EXPECT_THAT(fields_of(elements[4]), IsEmpty());
}

TEST(JsonFields, WrittenTextIsValidUtf8) {
  EXPECT_EQ(dump(nlohmann::json{{"body", "caf\xE9"}}), "{\"body\":\"caf\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace autoreply
