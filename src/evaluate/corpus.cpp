#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "evaluate/evaluate.h"

namespace cdx::evaluate {
namespace {

using Json = nlohmann::json;

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorKind::not_found, fmt::format("cannot read {}", path));
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

Error at_line(const std::string& path, std::size_t line, std::string_view reason) {
  return {ErrorKind::invalid, fmt::format("{}:{}: {}", path, line, reason), {}};
}

std::string tidy(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// The text between <tag> and </tag> from `at` on; moves `at` behind it.
std::string between(std::string_view text, std::string_view tag, std::size_t& at, std::size_t limit) {
  const auto open = fmt::format("<{}>", tag), close = fmt::format("</{}>", tag);
  const auto begin = text.find(open, at);
  if (begin == std::string_view::npos || begin >= limit) return {};
  const auto end = text.find(close, begin);
  if (end == std::string_view::npos) return {};
  at = end + close.size();
  auto out = tidy(text.substr(begin + open.size(), end - begin - open.size()));
  for (const auto& [escaped, plain] : {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}})
    for (auto found = out.find(escaped); found != std::string::npos; found = out.find(escaped))
      out.replace(found, std::string_view(escaped).size(), plain);
  return out;
}

std::vector<JudgedDocument> cranfield_documents(std::string_view text) {
  std::vector<JudgedDocument> out;
  for (auto at = text.find("<doc>"); at != std::string_view::npos; at = text.find("<doc>", at + 1)) {
    const auto end = std::min(text.find("</doc>", at), text.size());
    JudgedDocument document;
    auto cursor = at;
    document.id = between(text, "docno", cursor, end);
    document.title = between(text, "title", cursor, end);
    document.text = between(text, "text", cursor, end);
    out.push_back(std::move(document));
  }
  return out;
}

// SMART records: ".I 12" begins one, ".X" begins its field X.
template <class Take>
void smart_records(std::string_view text, Take take) {
  std::map<char, std::string> fields;
  std::string id;
  char field = 0;
  std::istringstream lines{std::string(text)};
  const auto finish = [&] {
    if (!id.empty()) take(id, fields);
    fields.clear();
  };
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(".I ")) {
      finish();
      id = tidy(line.substr(3));
      field = 0;
    } else if (line.size() >= 2 && line[0] == '.' && line[1] >= 'A' && line[1] <= 'Z' &&
               tidy(line).size() == 2) {
      field = line[1];
    } else if (field != 0) {
      fields[field] += line + "\n";
    }
  }
  finish();
}

std::vector<JudgedDocument> smart_documents(std::string_view text) {
  std::vector<JudgedDocument> out;
  smart_records(text, [&](const std::string& id, const std::map<char, std::string>& fields) {
    const auto get = [&](char field) {
      return fields.contains(field) ? tidy(fields.at(field)) : std::string();
    };
    JudgedDocument document;
    document.id = id;
    document.title = get('T');
    document.text = get('W');
    for (const char field : {'A', 'K'})
      if (const auto more = get(field); !more.empty())
        document.text += (document.text.empty() ? "" : " ") + more;
    out.push_back(std::move(document));
  });
  return out;
}

template <class Take>
Status json_lines(const std::string& path, std::string_view text, Take take) {
  std::istringstream lines{std::string(text)};
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (tidy(line).empty()) continue;
    const auto json = Json::parse(line, nullptr, false);
    if (!json.is_object()) return tl::unexpected<Error>(at_line(path, number, "is not a JSON object"));
    if (!take(json)) return tl::unexpected<Error>(at_line(path, number, "has no id or no text"));
  }
  return {};
}

// The first of these members that is a string or a number, as text.
std::string member(const Json& json, std::initializer_list<const char*> names) {
  for (const auto* name : names) {
    const auto found = json.find(name);
    if (found == json.end()) continue;
    if (found->is_string()) return found->get<std::string>();
    if (found->is_number_integer()) return std::to_string(found->get<std::int64_t>());
  }
  return {};
}

bool json_document(const Json& json, std::vector<JudgedDocument>& out) {
  JudgedDocument document;
  document.channel = json.contains("channel_id");
  document.id = member(json, {"id", "_id", "channel_id", "doc_id"});
  document.title = member(json, {"title", "name"});
  document.text = member(json, {"text", "description", "bio", "contents"});
  document.region = member(json, {"region", "country"});
  if (const auto count = json.find("subscriber_count"); count != json.end() && count->is_number())
    document.followers = static_cast<std::int64_t>(count->get<double>());
  if (document.id.empty()) return false;
  out.push_back(std::move(document));
  return true;
}

}  // namespace

Result<std::vector<JudgedDocument>> read_documents(const std::string& path) {
  CDX_TRY_LET(const auto text, read_file(path));
  if (text.find("<docno>") != std::string::npos) return cranfield_documents(text);
  if (text.starts_with(".I ")) return smart_documents(text);
  std::vector<JudgedDocument> out;
  CDX_TRY(json_lines(path, text, [&](const Json& json) { return json_document(json, out); }));
  return out;
}

Result<std::vector<JudgedQuery>> read_queries(const std::string& path) {
  CDX_TRY_LET(const auto text, read_file(path));
  std::vector<JudgedQuery> out;
  if (text.find("<top>") != std::string::npos) {
    // The judgements number Cranfield's queries in order, not by their <num>.
    for (auto at = text.find("<top>"); at != std::string::npos; at = text.find("<top>", at)) {
      const auto end = std::min(text.find("</top>", at), text.size());
      out.push_back({std::to_string(out.size() + 1), between(text, "title", at, end)});
      at = end;
    }
    return out;
  }
  if (text.starts_with(".I ")) {
    smart_records(text, [&](const std::string& id, const std::map<char, std::string>& fields) {
      out.push_back({id, fields.contains('W') ? tidy(fields.at('W')) : std::string()});
    });
    return out;
  }
  CDX_TRY(json_lines(path, text, [&](const Json& json) {
    out.push_back({member(json, {"id", "_id", "query_id"}), member(json, {"text", "query", "q"}),
                   member(json, {"kind"})});
    return !out.back().id.empty();
  }));
  return out;
}

Result<Judgements> read_judgements(const std::string& path) {
  CDX_TRY_LET(const auto text, read_file(path));
  Judgements out;
  std::istringstream lines(text);
  std::size_t number = 0;
  const auto plain = [](const std::string& word) {  // "01" and "1" are the same query
    const auto first = word.find_first_not_of('0');
    const bool digits = word.find_first_not_of("0123456789") == std::string::npos;
    return digits && first != std::string::npos ? word.substr(first) : word;
  };
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream words(line);
    std::vector<std::string> columns;
    for (std::string word; words >> word;) columns.push_back(word);
    if (columns.empty()) continue;
    if (number == 1 && columns.front().find("id") != std::string::npos && columns.size() == 3)
      continue;  // a header
    if (columns.size() < 2 || columns.size() > 4)
      return tl::unexpected<Error>(at_line(path, number, "is not `query 0 document grade`"));
    const bool cacm = columns.size() == 4 && columns[2] == "0" && columns[3] == "0" && columns[1] != "0";
    const auto& document = columns.size() == 4 && !cacm ? columns[2] : columns[1];
    int grade = 1;
    if (!cacm && columns.size() > 2) {
      const auto& last = columns.back();
      const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), grade);
      if (error != std::errc{} || end != last.data() + last.size())
        return tl::unexpected<Error>(
            at_line(path, number, fmt::format("grade \"{}\" is not a whole number", last)));
    }
    out[plain(columns[0])][document] = grade;
  }
  return out;
}

}  // namespace cdx::evaluate
