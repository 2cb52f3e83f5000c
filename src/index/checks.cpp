#include "index/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "index/filtering.h"

namespace cdx::engine {
namespace {

tl::unexpected<Error> invalid(std::string message) { return fail(ErrorKind::invalid, std::move(message)); }

template <class Fields>
Status check_names(const Fields& fields, std::string_view kind, std::set<std::string>& seen) {
  for (const auto& field : fields) {
    if (field.name.empty()) return invalid(fmt::format("the schema has a {} field without a name", kind));
    if (!seen.insert(field.name).second)
      return invalid(fmt::format("the schema names the {} field \"{}\" twice", kind, field.name));
  }
  return {};
}

// A unit row of that dimension. Rounding in float32 stays far within the tolerance.
Status check_vector(std::span<const float> vector, const VectorField& field) {
  if (vector.size() != field.dimension)
    return invalid(fmt::format("vector field \"{}\" has dimension {}, not {}", field.name, field.dimension,
                               vector.size()));
  double norm = 0;
  for (std::size_t i = 0; i < vector.size(); ++i) {
    if (!std::isfinite(vector[i]))
      return invalid(fmt::format("vector field \"{}\": component {} is not a finite number", field.name, i));
    norm += static_cast<double>(vector[i]) * static_cast<double>(vector[i]);
  }
  if (std::abs(norm - 1) > 2e-3)
    return invalid(fmt::format("vector field \"{}\": not a unit row, its length is {:.6g}", field.name,
                               std::sqrt(norm)));
  return {};
}

Status check_count(std::size_t have, std::size_t want, std::string_view kind) {
  if (have == want) return {};
  return invalid(fmt::format("{} {} values for {} {} fields", have, kind, want, kind));
}

Status check_parts(const Document& document, const Schema& schema) {
  CDX_TRY(check_count(document.texts.size(), schema.texts.size(), "text"));
  CDX_TRY(check_count(document.keywords.size(), schema.keywords.size(), "keyword"));
  CDX_TRY(check_count(document.numbers.size(), schema.numbers.size(), "number"));
  CDX_TRY(check_count(document.vectors.size(), schema.vectors.size(), "vector"));
  for (std::size_t i = 0; i < document.texts.size(); ++i)
    if (document.texts[i].size() > longest_text)
      return invalid(fmt::format("text field \"{}\" has {} bytes, more than {}", schema.texts[i].name,
                                 document.texts[i].size(), longest_text));
  for (std::size_t i = 0; i < document.keywords.size(); ++i)
    if (document.keywords[i].size() > most_keywords)
      return invalid(fmt::format("keyword field \"{}\" has {} values, more than {}", schema.keywords[i].name,
                                 document.keywords[i].size(), most_keywords));
  for (std::size_t i = 0; i < document.vectors.size(); ++i)
    if (!document.vectors[i].empty()) CDX_TRY(check_vector(document.vectors[i], schema.vectors[i]));
  return {};
}

}  // namespace

Status check_schema(const Schema& schema) {
  if (schema.texts.size() > most_text_fields)
    return invalid(
        fmt::format("the schema has {} text fields, more than {}", schema.texts.size(), most_text_fields));
  std::set<std::string> texts, filters, vectors;
  CDX_TRY(check_names(schema.texts, "text", texts));
  CDX_TRY(check_names(schema.keywords, "keyword", filters));
  CDX_TRY(check_names(schema.numbers, "number", filters));  // filters address both by name
  CDX_TRY(check_names(schema.vectors, "vector", vectors));
  for (const auto& field : schema.texts) {
    if (!(field.weight >= 0 && field.weight <= heaviest))
      return invalid(
          fmt::format("text field \"{}\": weight {} is not in [0, {}]", field.name, field.weight, heaviest));
    if (!(field.length_weight >= 0 && field.length_weight <= 1))
      return invalid(fmt::format("text field \"{}\": length weight {} is not in [0, 1]", field.name,
                                 field.length_weight));
  }
  for (const auto& field : schema.vectors)
    if (field.dimension == 0) return invalid(fmt::format("vector field \"{}\" has dimension 0", field.name));
  std::set<std::size_t> names;
  for (const auto field : schema.name_fields) {
    if (field >= schema.texts.size())
      return invalid(
          fmt::format("name field {} is not among the {} text fields", field, schema.texts.size()));
    if (!names.insert(field).second)
      return invalid(fmt::format("the schema names the name field \"{}\" twice", schema.texts[field].name));
  }
  return {};
}

Status check_document(const Document& document, const Schema& schema) {
  auto status = check_parts(document, schema);
  if (!status) return invalid(fmt::format("document {}: {}", document.id, status.error().message));
  return status;
}

Status check_retrieval(const Retrieval& retrieval, const Schema& schema) {
  if (retrieval.words.size() > most_words)
    return invalid(
        fmt::format("the question has {} words, more than {}", retrieval.words.size(), most_words));
  for (const auto& word : retrieval.words)
    if (!(word.weight >= 0 && word.weight <= heaviest))
      return invalid(
          fmt::format("word \"{}\": weight {} is not in [0, {}]", word.term, word.weight, heaviest));
  if (!retrieval.vectors.empty())
    CDX_TRY(check_count(retrieval.vectors.size(), schema.vectors.size(), "vector"));
  for (std::size_t i = 0; i < retrieval.vectors.size(); ++i)
    if (!retrieval.vectors[i].empty()) CDX_TRY(check_vector(retrieval.vectors[i], schema.vectors[i]));
  for (const auto& field : retrieval.facet_fields)
    if (!field_number(schema.keywords, field))
      return invalid(fmt::format("there is no keyword field \"{}\" to gather", field));
  for (const auto& field : retrieval.number_fields)
    if (!field_number(schema.numbers, field))
      return invalid(fmt::format("there is no number field \"{}\" to gather", field));
  return {};
}

}  // namespace cdx::engine
