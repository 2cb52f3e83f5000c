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

// Any number of such rows, one behind the other.
Status check_rows(std::span<const float> rows, const VectorField& field) {
  if (rows.size() > most_rows * field.dimension)
    return invalid(fmt::format("vector field \"{}\" has {} vectors, more than {}", field.name,
                               rows.size() / field.dimension, most_rows));
  for (; rows.size() > field.dimension; rows = rows.subspan(field.dimension)) {
    if (rows.size() % field.dimension != 0) return check_vector(rows, field);
    CDX_TRY(check_vector(rows.first(field.dimension), field));
  }
  return rows.empty() ? Status{} : check_vector(rows, field);
}

// They stand as words in the manifest.
Status check_space(const VectorField& field) {
  constexpr std::size_t longest = 200;
  const auto word = [](std::string_view text) {
    return text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
  };
  if (field.space.empty() || (word(field.space) && word(field.name))) return {};
  return invalid(
      fmt::format("vector field \"{}\" of space \"{}\": both must be at most {} printable characters "
                  "without blanks",
                  field.name, field.space, longest));
}

Status check_count(std::size_t have, std::size_t want, std::string_view kind) {
  if (have == want) return {};
  return invalid(fmt::format("{} {} values for {} {} fields", have, kind, want, kind));
}

Status check_vectors(const std::vector<std::vector<float>>& vectors, const Schema& schema) {
  CDX_TRY(check_count(vectors.size(), schema.vectors.size(), "vector"));
  for (std::size_t i = 0; i < vectors.size(); ++i)
    if (!vectors[i].empty()) CDX_TRY(check_vector(vectors[i], schema.vectors[i]));
  return {};
}

Status check_word(const Retrieval::Word& word) {
  if (!(word.weight >= 0 && word.weight <= heaviest))
    return invalid(fmt::format("word \"{}\": weight {} is not in [0, {}]", word.term, word.weight, heaviest));
  if (word.also.size() > most_alternatives)
    return invalid(fmt::format("word \"{}\" has {} alternatives, more than {}", word.term, word.also.size(),
                               most_alternatives));
  for (const auto& other : word.also)
    if (!(other.factor > 0 && other.factor <= 1))
      return invalid(fmt::format("word \"{}\": the factor {} of \"{}\" is not in (0, 1]", word.term,
                                 other.factor, other.term));
  return {};
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
    CDX_TRY(check_rows(document.vectors[i], schema.vectors[i]));
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
  for (const auto& field : schema.vectors) CDX_TRY(check_space(field));
  for (const auto& field : schema.vectors)
    if (field.dimension == 0 || field.dimension > ann::most_dimensions)
      return invalid(fmt::format("vector field \"{}\": dimension {} is not in [1, {}]", field.name,
                                 field.dimension, ann::most_dimensions));
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
  for (const auto& word : retrieval.words) CDX_TRY(check_word(word));
  if (!retrieval.vectors.empty()) CDX_TRY(check_vectors(retrieval.vectors, schema));
  if (retrieval.contrasts.size() > most_contrasts)
    return invalid(fmt::format("the question has {} sets of contrasts, more than {}",
                               retrieval.contrasts.size(), most_contrasts));
  for (const auto& contrast : retrieval.contrasts) CDX_TRY(check_vectors(contrast, schema));
  for (const auto& field : retrieval.facet_fields)
    if (!field_number(schema.keywords, field))
      return invalid(fmt::format("there is no keyword field \"{}\" to gather", field));
  for (const auto& field : retrieval.number_fields)
    if (!field_number(schema.numbers, field))
      return invalid(fmt::format("there is no number field \"{}\" to gather", field));
  return {};
}

}  // namespace cdx::engine
