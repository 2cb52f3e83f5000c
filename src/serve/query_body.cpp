#include "serve/query_body.h"

#include <algorithm>
#include <charconv>

#include "io/http/http_message.h"
#include "serve/object_reader.h"

namespace cdx::serve {
namespace {

constexpr std::size_t longest_text = 4'000, longest_cursor = 2'000, longest_name = 200;

std::string parameter_pointer(std::string_view name) { return "?" + std::string(name); }

SortKey read_sort_key(const Json& json, const std::string& pointer, Faults& faults) {
  ObjectReader reader(json, pointer, faults);
  SortKey key;
  if (!reader.is_object()) return key;
  if (auto field = reader.text("field", longest_name))
    key.field = *std::move(field);
  else if (faults.none())
    faults.add(reader.at("field"), "missing", "must be given: \"score\" or a number field");
  if (const auto direction = reader.text("dir", longest_name)) {
    if (*direction != "asc" && *direction != "desc")
      faults.add(reader.at("dir"), "unknown_value", "must be \"asc\" or \"desc\"");
    key.descending = *direction != "asc";
  }
  reader.refuse_others();
  return key;
}

void read_fusion(const Json& json, const QueryRules& rules, Query& query, Faults& faults) {
  ObjectReader reader(json, "/fusion", faults);
  if (!reader.is_object()) return;
  auto weights = rules.weights;
  const auto alpha = reader.number("alpha", 0, 1), beta = reader.number("beta", 0, 1),
             gamma = reader.number("gamma", 0, 1);
  query.min_score = reader.number("min_score", 0, 1);
  reader.refuse_others();
  if (!alpha && !beta && !gamma) return;
  weights.short_shift = 0;  // who says the weights gets them, however long the question is
  weights.alpha = alpha.value_or(weights.alpha);
  weights.beta = beta.value_or(weights.beta);
  weights.gamma = gamma.value_or(weights.gamma);
  if (weights.alpha + weights.beta + weights.gamma <= 0)
    faults.add("/fusion", "out_of_range", "one of alpha, beta, gamma must be above 0");
  query.weights = weights;
}

bool knows_keyword(const Schema& schema, std::string_view field) {
  return std::any_of(schema.keywords.begin(), schema.keywords.end(),
                     [&](const KeywordField& known) { return known.name == field; });
}

bool knows_number(const Schema& schema, std::string_view field) {
  return std::any_of(schema.numbers.begin(), schema.numbers.end(),
                     [&](const NumberField& known) { return known.name == field; });
}

void read_facets(ObjectReader& reader, const Schema& schema, Query& query, Faults& faults) {
  auto facets = reader.texts("facets", 16, longest_name);
  if (!facets) return;
  for (std::size_t i = 0; i < facets->size(); ++i) {
    const auto& field = (*facets)[i];
    const auto pointer = step("/facets", i);
    if (!knows_keyword(schema, field)) faults.add(pointer, "unknown_field", "is not a keyword field");
    if (std::find(query.facets.begin(), query.facets.end(), field) != query.facets.end())
      faults.add(pointer, "duplicate", "is named twice");
    query.facets.push_back(field);
  }
}

void read_sort(ObjectReader& reader, const Schema& schema, Query& query, Faults& faults) {
  const auto* sort = reader.array("sort", 4);
  if (sort == nullptr) return;
  for (std::size_t i = 0; i < sort->items.size(); ++i) {
    query.sort.push_back(read_sort_key(sort->items[i], step("/sort", i), faults));
    const auto& field = query.sort.back().field;
    if (!field.empty() && field != "score" && field != name_field && !knows_number(schema, field))
      faults.add(step("/sort", i) + "/field", "unknown_field",
                 "is neither \"score\" nor \"name\" nor a number field");
  }
}

}  // namespace

Query read_search_fields(ObjectReader& reader, const QueryRules& rules, Faults& faults) {
  Query query;
  query.text = reader.text("q", longest_text).value_or("");
  if (const auto* filter = reader.field("filter"))
    query.filter = read_filter(*filter, "/filter", rules.schema, faults);
  read_facets(reader, rules.schema, query, faults);
  read_sort(reader, rules.schema, query, faults);
  if (const auto mode = reader.text("mode", longest_name)) {
    const auto parsed = parse_search_mode(*mode);
    if (!parsed) faults.add("/mode", "unknown_value", parsed.error().message);
    query.mode = parsed.value_or(query.mode);
  }
  if (const auto* fusion = reader.field("fusion")) read_fusion(*fusion, rules, query, faults);
  query.limit = reader.whole("limit", 1, 100).value_or(query.limit);
  query.cursor = reader.text("cursor", longest_cursor).value_or("");
  query.explain = reader.flag("explain").value_or(query.explain);
  query.highlight = reader.flag("highlight").value_or(query.highlight);
  query.understand = reader.flag("understand").value_or(query.understand);
  query.rerank = reader.flag("rerank").value_or(query.rerank);
  query.ignore = reader.texts("ignore", 64, longest_name).value_or(std::vector<std::string>{});
  return query;
}

Query read_search_body(std::string_view body, const QueryRules& rules, Faults& faults) {
  const auto json = read_json(body, faults);
  if (!json) return {};
  ObjectReader reader(*json, "", faults);
  if (!reader.is_object()) return {};
  auto query = read_search_fields(reader, rules, faults);
  reader.refuse_others();
  return query;
}

Query read_alias_body(std::string_view body, Faults& faults) {
  Query query;
  query.limit = 10;
  const auto json = read_json(body, faults);
  if (!json) return query;
  ObjectReader reader(*json, "", faults);
  if (!reader.is_object()) return query;
  query.text = reader.text("query", longest_text).value_or("");
  query.limit = reader.whole("top_k", 1, 100).value_or(query.limit);
  query.highlight = false;
  reader.refuse_others();
  return query;
}

Parameters::Parameters(std::string_view query, Faults& faults) : faults_(faults) {
  auto fields = http::query_fields(query);
  if (!fields) {
    faults_.add("", "malformed_query", "the part after the \"?\" has a broken %-escape");
    return;
  }
  given_ = *std::move(fields);
  for (std::size_t i = 0; i < given_.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (given_[i].first == given_[j].first) {
        faults_.add(parameter_pointer(given_[i].first), "duplicate", "is named twice");
        return;
      }
}

std::optional<std::string> Parameters::text(std::string_view name, std::size_t longest) {
  known_.push_back(name);
  for (const auto& [key, value] : given_) {
    if (key != name) continue;
    if (value.size() <= longest) return value;
    faults_.add(parameter_pointer(name), "too_long",
                "may have " + std::to_string(longest) + " bytes at most");
  }
  return {};
}

std::optional<std::size_t> Parameters::whole(std::string_view name, std::size_t low, std::size_t high) {
  const auto given = text(name, longest_name);
  if (!given) return {};
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(given->data(), given->data() + given->size(), value);
  if (error == std::errc() && end == given->data() + given->size() && value >= low && value <= high)
    return value;
  faults_.add(parameter_pointer(name), "out_of_range",
              "must be a whole number between " + std::to_string(low) + " and " + std::to_string(high));
  return {};
}

std::optional<bool> Parameters::flag(std::string_view name) {
  const auto given = text(name, longest_name);
  if (!given) return {};
  if (*given == "true" || *given == "false") return *given == "true";
  faults_.add(parameter_pointer(name), "unknown_value", "must be true or false");
  return {};
}

void Parameters::refuse_others() {
  for (const auto& [key, value] : given_) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    std::string detail = "is not a parameter here; there are";
    for (const auto name : known_) detail += ' ' + std::string(name);
    faults_.add(parameter_pointer(key), "unknown_field", known_.empty() ? "takes no parameters" : detail);
  }
}

}  // namespace cdx::serve
