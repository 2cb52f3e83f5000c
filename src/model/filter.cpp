#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "model/query.h"

namespace cdx {

Filter Filter::all_of(std::vector<Filter> children) {
  Filter out;
  out.kind = Kind::all;
  out.children = std::move(children);
  return out;
}
Filter Filter::any_of(std::vector<Filter> children) {
  Filter out;
  out.kind = Kind::any;
  out.children = std::move(children);
  return out;
}
Filter Filter::none_of(Filter child) {
  Filter out;
  out.kind = Kind::negation;
  out.children.push_back(std::move(child));
  return out;
}
Filter Filter::keyword_in(std::string field, std::vector<std::string> values) {
  Filter out;
  out.kind = Kind::keyword;
  out.field = std::move(field);
  out.values = std::move(values);
  return out;
}
Filter Filter::number_in(std::string field, std::optional<double> low, std::optional<double> high,
                         bool low_open, bool high_open) {
  Filter out;
  out.kind = Kind::range;
  out.field = std::move(field);
  out.low = low;
  out.high = high;
  out.low_open = low && low_open;
  out.high_open = high && high_open;
  return out;
}
Filter Filter::has(std::string field) {
  Filter out;
  out.kind = Kind::exists;
  out.field = std::move(field);
  return out;
}

Filter Filter::phrase_in(std::string field, std::vector<std::string> terms) {
  Filter out;
  out.kind = Kind::phrase;
  out.field = std::move(field);
  out.values = std::move(terms);
  return out;
}

namespace {

using Kind = Filter::Kind;

// One and/or with its children in fixed order; `unit` is what it becomes without children.
Filter canonical_group(Kind kind, const std::vector<Filter>& children) {
  Filter out;
  out.kind = kind;
  for (const auto& child : children) {
    auto one = canonical(child);
    if (one.kind == kind) {
      std::move(one.children.begin(), one.children.end(), std::back_inserter(out.children));
    } else if (kind == Kind::all && one.kind == Kind::everything) {
      continue;
    } else if (kind == Kind::any && one.kind == Kind::everything) {
      return Filter{};
    } else {
      out.children.push_back(std::move(one));
    }
  }
  std::sort(out.children.begin(), out.children.end(),
            [](const Filter& a, const Filter& b) { return describe(a) < describe(b); });
  out.children.erase(std::unique(out.children.begin(), out.children.end()), out.children.end());
  if (out.children.size() == 1) return std::move(out.children.front());
  if (kind == Kind::all && out.children.empty()) return Filter{};
  return out;
}

std::string describe_group(const Filter& filter, std::string_view word) {
  std::string out = "(";
  for (const auto& child : filter.children) {
    if (out.size() > 1) out += fmt::format(" {} ", word);
    out += describe(child);
  }
  return out + ")";
}

template <class Fields>
bool knows(const Fields& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.name == name; });
}

}  // namespace

Filter canonical(const Filter& filter) {
  switch (filter.kind) {
    case Kind::all:
    case Kind::any:
      return canonical_group(filter.kind, filter.children);
    case Kind::negation: {
      auto child = filter.children.empty() ? Filter{} : canonical(filter.children.front());
      if (child.kind == Kind::negation) return std::move(child.children.front());
      if (child.kind == Kind::everything) return Filter::any_of({});
      if (child.kind == Kind::any && child.children.empty()) return Filter{};
      return Filter::none_of(std::move(child));
    }
    case Kind::keyword: {
      auto out = filter;
      std::sort(out.values.begin(), out.values.end());
      out.values.erase(std::unique(out.values.begin(), out.values.end()), out.values.end());
      return out;
    }
    case Kind::range:
      if (!filter.low && !filter.high) return Filter::has(filter.field);
      return filter;
    case Kind::everything:
    case Kind::exists:
    case Kind::phrase:
      return filter;
  }
  return filter;
}

Status validate(const Filter& filter, const Schema& schema) {
  for (const auto& child : filter.children) CDX_TRY(validate(child, schema));
  const bool keyword = knows(schema.keywords, filter.field);
  const bool number = knows(schema.numbers, filter.field);
  if (filter.kind == Kind::keyword && !keyword)
    return fail(ErrorKind::invalid,
                fmt::format("there is no keyword field \"{}\" to filter by", filter.field));
  if (filter.kind == Kind::range && !number)
    return fail(ErrorKind::invalid,
                fmt::format("there is no number field \"{}\" to filter by", filter.field));
  if (filter.kind == Kind::exists && !keyword && !number)
    return fail(ErrorKind::invalid, fmt::format("there is no field \"{}\" to filter by", filter.field));
  if (filter.kind == Kind::phrase) {
    if (!filter.field.empty() && !knows(schema.texts, filter.field))
      return fail(ErrorKind::invalid, fmt::format("there is no text field \"{}\" to search", filter.field));
    const bool blank = std::any_of(filter.values.begin(), filter.values.end(),
                                   [](const std::string& term) { return term.empty(); });
    if (filter.values.empty() || blank) return fail(ErrorKind::invalid, "the phrase has no words");
  }
  return {};
}

std::string describe(const Filter& filter) {
  switch (filter.kind) {
    case Kind::everything:
      return "everything";
    case Kind::all:
      return describe_group(filter, "and");
    case Kind::any:
      return filter.children.empty() ? "nothing" : describe_group(filter, "or");
    case Kind::negation:
      return "not " + (filter.children.empty() ? "everything" : describe(filter.children.front()));
    case Kind::keyword:
      return fmt::format("{} = {}", filter.field, fmt::join(filter.values, "|"));
    case Kind::range:
      return fmt::format("{} in {}{}, {}{}", filter.field, filter.low_open || !filter.low ? '(' : '[',
                         filter.low ? fmt::to_string(*filter.low) : "*",
                         filter.high ? fmt::to_string(*filter.high) : "*",
                         filter.high_open || !filter.high ? ')' : ']');
    case Kind::exists:
      return fmt::format("{} exists", filter.field);
    case Kind::phrase:
      return fmt::format("\"{}\" in {}", fmt::join(filter.values, " "),
                         filter.field.empty() ? "any text" : filter.field);
  }
  return "everything";
}

}  // namespace cdx
