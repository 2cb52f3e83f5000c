#include "http/schema_check.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <regex>

namespace cdx::test {
namespace {

using nlohmann::json;

bool is_type(const json& value, const std::string& type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_boolean();
  if (type == "string") return value.is_string();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  if (type == "number") return value.is_number();
  return type == "integer" && value.is_number() && std::trunc(value.get<double>()) == value.get<double>();
}

class Checker {
 public:
  explicit Checker(const json& document) : document_(document) {}

  void check(const json& schema, const json& value, const std::string& at) {
    for (const auto& [keyword, rule] : schema.items()) {
      const auto found = rules().find(keyword);
      if (found == rules().end())
        errors.push_back(at + ": the schema uses '" + keyword + "', which is not checked");
      else
        found->second(*this, schema, rule, value, at);
    }
  }

  std::vector<std::string> errors;

 private:
  using Rule = std::function<void(Checker&, const json& schema, const json& rule, const json& value,
                                  const std::string&)>;

  void expect(bool holds, const std::string& at, const std::string& what, const json& value) {
    if (!holds) errors.push_back(at + ": " + what + ", but is " + value.dump().substr(0, 120));
  }

  std::size_t fitting(const json& schemas, const json& value) const {
    return static_cast<std::size_t>(std::count_if(schemas.begin(), schemas.end(), [&](const json& one) {
      return schema_errors(document_, one, value).empty();
    }));
  }

  void fields(const json& schema, const json& value, const std::string& at) {
    for (const auto& [name, field] : value.items()) {
      const auto place = at + "/" + name;
      if (schema.contains("properties") && schema["properties"].contains(name))
        check(schema["properties"][name], field, place);
      else if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object())
        check(schema["additionalProperties"], field, place);
      else
        expect(schema.value("additionalProperties", true), place, "is not a field of the schema", field);
    }
  }

  static bool bounded(const json& value, const json& rule, bool least) {
    if (!value.is_number()) return true;
    return least ? value.get<double>() >= rule.get<double>() : value.get<double>() <= rule.get<double>();
  }

  static const std::map<std::string, Rule>& rules() {
    static const Rule nothing = [](Checker&, const json&, const json&, const json&, const std::string&) {};
    static const std::map<std::string, Rule> all{
        {"description", nothing},
        {"default", nothing},
        {"format", nothing},
        {"additionalProperties", nothing},  // with properties
        {"$ref",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           c.check(c.document_.at(json::json_pointer(rule.get<std::string>().substr(1))), value, at);
         }},
        {"type",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           const auto types = rule.is_array() ? rule.get<std::vector<std::string>>()
                                              : std::vector<std::string>{rule.get<std::string>()};
           c.expect(std::any_of(types.begin(), types.end(),
                                [&](const auto& type) { return is_type(value, type); }),
                    at, "must be of type " + rule.dump(), value);
         }},
        {"properties",
         [](Checker& c, const json& schema, const json&, const json& value, const std::string& at) {
           if (value.is_object()) c.fields(schema, value, at);
         }},
        {"required",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           for (const auto& name : rule)
             if (value.is_object()) c.expect(value.contains(name), at, "lacks " + name.dump(), value);
         }},
        {"enum",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           c.expect(std::find(rule.begin(), rule.end(), value) != rule.end(), at,
                    "must be one of " + rule.dump(), value);
         }},
        {"items",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           for (std::size_t i = 0; value.is_array() && i < value.size(); ++i)
             c.check(rule, value[i], at + "/" + std::to_string(i));
         }},
        {"prefixItems",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           for (std::size_t i = 0; value.is_array() && i < std::min(value.size(), rule.size()); ++i)
             c.check(rule[i], value[i], at + "/" + std::to_string(i));
         }},
        {"minItems",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           c.expect(!value.is_array() || value.size() >= rule, at, "has too few elements", value);
         }},
        {"maxItems",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           c.expect(!value.is_array() || value.size() <= rule, at, "has too many elements", value);
         }},
        {"uniqueItems",
         [](Checker& c, const json&, const json&, const json& value, const std::string& at) {
           auto sorted = value;
           if (value.is_array()) std::sort(sorted.begin(), sorted.end());
           c.expect(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end(), at,
                    "repeats an element", value);
         }},
        {"minProperties",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           c.expect(!value.is_object() || value.size() >= rule, at, "has too few fields", value);
         }},
        {"minimum",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           c.expect(bounded(value, rule, true), at, "must be at least " + rule.dump(), value);
         }},
        {"maximum",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           c.expect(bounded(value, rule, false), at, "must be at most " + rule.dump(), value);
         }},
        {"maxLength",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           c.expect(!value.is_string() || value.get<std::string>().size() <= rule, at, "is too long", value);
         }},
        {"pattern",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           c.expect(!value.is_string() ||
                        std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>())),
                    at, "must fit " + rule.dump(), value);
         }},
        {"anyOf",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           c.expect(c.fitting(rule, value) >= 1, at, "fits none of the choices", value);
         }},
        {"oneOf",
         [](Checker& c, const json&, const json& rule, const json& value, const std::string& at) {
           c.expect(c.fitting(rule, value) == 1, at, "must fit one choice only", value);
         }},
    };
    return all;
  }

  const json& document_;
};

}  // namespace

std::vector<std::string> schema_errors(const json& document, const json& schema, const json& value) {
  Checker checker(document);
  checker.check(schema, value, "");
  return checker.errors;
}

}  // namespace cdx::test
