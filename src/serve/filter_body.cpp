// The filter tree of a search body.
#include <algorithm>
#include <chrono>

#include "serve/object_reader.h"
#include "serve/query_body.h"

namespace cdx::serve {
namespace {

class FilterReader {
 public:
  FilterReader(const Schema& schema, Faults& faults, FilterLimits limits)
      : schema_(schema), faults_(faults), limits_(limits) {}

  Filter read(const Json& json, const std::string& pointer, std::size_t depth) {
    if (depth > limits_.depth)
      return refuse(pointer, "too_deep",
                    "filters may be nested " + std::to_string(limits_.depth) + " levels deep");
    if (++nodes_ > limits_.nodes) {
      // Said once: the rest of the tree is not read, so that a large one costs little.
      if (nodes_ == limits_.nodes + 1)
        refuse(pointer, "too_many",
               "a filter may have " + std::to_string(limits_.nodes) + " conditions at most");
      return {};
    }
    ObjectReader reader(json, pointer, faults_);
    if (!reader.is_object()) return {};
    if (const auto* all = reader.array("all", limits_.nodes))
      return Filter::all_of(only(reader, *all, "all", depth));
    if (const auto* any = reader.array("any", limits_.nodes))
      return Filter::any_of(only(reader, *any, "any", depth));
    if (const auto* negated = reader.field("not")) {
      reader.refuse_others();
      return Filter::none_of(read(*negated, reader.at("not"), depth + 1));
    }
    auto field = reader.text("field", 200);
    if (!field)
      return faults_.none() ? refuse(pointer, "missing", "a condition has one of all, any, not, field")
                            : Filter{};
    auto condition = on_field(reader, *std::move(field));
    reader.refuse_others();
    return condition;
  }

 private:
  Filter refuse(std::string_view pointer, std::string_view code, std::string_view detail) {
    faults_.add(pointer, code, detail);
    return {};
  }

  std::vector<Filter> only(ObjectReader& reader, const Json& array, std::string_view name,
                           std::size_t depth) {
    reader.refuse_others();
    std::vector<Filter> out;
    const auto pointer = reader.at(name);
    for (std::size_t i = 0; i < array.items.size() && nodes_ <= limits_.nodes; ++i)
      out.push_back(read(array.items[i], step(pointer, i), depth + 1));
    return out;
  }

  bool is_keyword(std::string_view field) const {
    return std::any_of(schema_.keywords.begin(), schema_.keywords.end(),
                       [&](const KeywordField& known) { return known.name == field; });
  }
  bool is_number(std::string_view field) const {
    return std::any_of(schema_.numbers.begin(), schema_.numbers.end(),
                       [&](const NumberField& known) { return known.name == field; });
  }

  Filter on_field(ObjectReader& reader, std::string field) {
    const bool keyword = is_keyword(field), number = is_number(field);
    if (!keyword && !number)
      return refuse(reader.at("field"), "unknown_field", "there is no field of this name to filter by");
    const auto exists = reader.flag("exists");
    const auto values = reader.texts("in", limits_.values, 200);
    const auto gte = bound(reader, "gte", field), gt = bound(reader, "gt", field),
               lte = bound(reader, "lte", field), lt = bound(reader, "lt", field);
    const bool range = gte || gt || lte || lt;
    if (!faults_.none()) return {};
    if ((exists ? 1 : 0) + (values ? 1 : 0) + (range ? 1 : 0) != 1)
      return refuse(reader.pointer(), "ambiguous",
                    "a field has either in, or exists, or bounds (gte, gt, lte, lt)");
    if (exists) {
      auto has = Filter::has(std::move(field));
      return *exists ? has : Filter::none_of(std::move(has));
    }
    if (values) {
      if (!keyword) return refuse(reader.at("in"), "wrong_kind", "a number field takes bounds, not values");
      return Filter::keyword_in(std::move(field), *values);
    }
    if (!number)
      return refuse(reader.pointer(), "wrong_kind", "a keyword field takes values (in), not bounds");
    if ((gte && gt) || (lte && lt))
      return refuse(reader.pointer(), "ambiguous", "only one of gte and gt, and one of lte and lt");
    return Filter::number_in(std::move(field), gte ? gte : gt, lte ? lte : lt, gt.has_value(),
                             lt.has_value());
  }

  // A number; for the time field also an RFC 3339 time or a date.
  std::optional<double> bound(ObjectReader& reader, std::string_view name, std::string_view field) {
    const auto* value = reader.field(name);
    if (value == nullptr) return {};
    if (value->kind == Json::Kind::number) return value->number;
    const bool time_field = field == "last_post_at";
    if (time_field && value->kind == Json::Kind::string)
      if (const auto time = parse_time(value->text))
        return static_cast<double>(
            std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count());
    refuse(reader.at(name), "wrong_type",
           time_field ? "must be Unix seconds or an RFC 3339 time" : "must be a number");
    return {};
  }

  const Schema& schema_;
  Faults& faults_;
  FilterLimits limits_;
  std::size_t nodes_ = 0;
};

}  // namespace

Filter read_filter(const Json& json, std::string_view pointer, const Schema& schema, Faults& faults,
                   FilterLimits limits) {
  return FilterReader(schema, faults, limits).read(json, std::string(pointer), 1);
}

}  // namespace cdx::serve
