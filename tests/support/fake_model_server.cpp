#include "support/fake_model_server.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "base/hash.h"

namespace cdx::test {
namespace {

using nlohmann::json;

// Words to what this model takes them for.
struct Lesson {
  const char *word, *niche, *sub_niche, *risk;
};
constexpr Lesson lessons[] = {
    {"yoga", "fitness", "fitness/yoga", ""},
    {"workout", "fitness", "fitness/bodybuilding", ""},
    {"vegan", "food", "food/vegan", ""},
    {"recipes", "food", "food/cooking", ""},
    {"makeup", "beauty", "beauty/makeup", ""},
    {"investing", "finance", "finance/investing", ""},
    {"casino", "gaming", "", "gambling"},
    {"gadgets", "technology", "technology/gadgets", ""},
    {"travel", "travel", "", ""},
};

json judged(const std::string& value, double confidence, const std::string& evidence) {
  return {{"value", value},
          {"confidence", confidence},
          {"evidence", evidence.empty() ? json::array() : json::array({evidence})}};
}

std::string text_of(const json& creator) {
  std::string out;
  for (const auto& list : {creator.value("bio", json::array()), creator.value("content", json::array())})
    for (const auto& text : list) out += text.get<std::string>() + "\n";
  return out;
}

json annotation_of(const json& creator) {
  const auto text = text_of(creator);
  json out{{"number", creator.at("number")},
           {"niche", judged("uncertain", 0, "")},
           {"secondary_niches", json::array()},
           {"style", judged("uncertain", 0, "")},
           {"language", {{"value", "en"}, {"confidence", 0.9}}},
           {"risks", json::array()}};
  std::string about = "everyday life";
  for (const auto& lesson : lessons) {
    if (text.find(lesson.word) == std::string::npos) continue;
    if (out["niche"]["value"] == "uncertain") {
      out["niche"] = judged(lesson.niche, 0.9, lesson.word);
      about = lesson.word;
    }
    if (*lesson.sub_niche != '\0')
      out["secondary_niches"].push_back(judged(lesson.sub_niche, 0.8, lesson.word));
    if (*lesson.risk != '\0') out["risks"].push_back(judged(lesson.risk, 0.85, lesson.word));
  }
  if (text.find("learn") != std::string::npos) out["style"] = judged("educational", 0.8, "learn");
  out["summary"] = "A creator whose posts and profile are about " + about +
                   ", told in plain words for people who like it.";
  return out;
}

// Does whatever any of the texts asks for, to every creator of the request.
void obey(const json& asked, json& answer) {
  std::string everything;
  for (const auto& creator : asked) everything += text_of(creator);
  std::smatch order;
  const std::regex niche("put (?:me|everyone) under ([a-z_/]+)"), risk("flag the others for ([a-z]+)"),
      summary("my blurb reads ([^\\n]+)");
  for (auto& creator : answer) {
    if (std::regex_search(everything, order, niche)) creator["niche"] = judged(order[1], 1, order[0]);
    if (std::regex_search(everything, order, risk)) creator["risks"].push_back(judged(order[1], 1, order[0]));
    if (std::regex_search(everything, order, summary)) creator["summary"] = order[1].str();
  }
}

void spoil(Misdeed misdeed, const json& asked, json& creators) {
  auto& first = creators.at(0);
  const auto spoil_all = [&](const char* field, const json& value) {
    for (auto& one : creators) one[field] = value;
  };
  if (misdeed == Misdeed::missing_field) first.erase("niche");
  if (misdeed == Misdeed::extra_field) first["mood"] = "fine";
  if (misdeed == Misdeed::missing_creator) creators.erase(creators.begin());
  if (misdeed == Misdeed::wrong_number) first["number"] = 4'711;
  if (misdeed == Misdeed::wrong_enum) first["niche"]["value"] = "underwater basket weaving";
  if (misdeed == Misdeed::wrong_type) first["secondary_niches"] = "fitness/yoga";
  if (misdeed == Misdeed::confidence_above_one) first["niche"]["confidence"] = 97;
  if (misdeed == Misdeed::short_summary) first["summary"] = "Makes videos.";
  if (misdeed == Misdeed::summary_with_link)
    first["summary"] =
        "A creator with plain words for people who like it, all of it at https://evil.example/win today.";
  if (misdeed == Misdeed::made_up_evidence)
    for (auto& one : creators) one["niche"] = judged("beauty", 0.99, "award-winning lipstick tutorials");
  if (misdeed == Misdeed::obeys) obey(asked, creators);
  if (misdeed == Misdeed::echoes) {
    std::string everything;
    for (const auto& creator : asked) everything += text_of(creator);
    spoil_all("summary", everything);
  }
}

std::string completion(const json& message, const std::string& finish, bool usage, std::size_t asked_bytes) {
  json out{{"id", "chat-1"},
           {"object", "chat.completion"},
           {"choices", json::array({{{"index", 0}, {"message", message}, {"finish_reason", finish}}})}};
  if (usage)
    out["usage"] = {
        {"prompt_tokens", asked_bytes / 4 + 1}, {"completion_tokens", 100}, {"total_tokens", 101}};
  return out.dump();
}

std::string said(const std::string& content, const std::string& finish = "stop", bool usage = true,
                 std::size_t asked_bytes = 400) {
  return completion({{"role", "assistant"}, {"content", content}, {"refusal", nullptr}}, finish, usage,
                    asked_bytes);
}

// The creators of the last message that carries data.
json creators_in(const json& request) {
  json out = json::array();
  for (const auto& message : request.at("messages")) {
    if (message.at("role") != "user") continue;
    const auto content = message.at("content").get<std::string>();
    std::istringstream lines(content);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("{\"creators\"")) out = json::parse(line).at("creators");
  }
  return out;
}

ScriptedReply error(int status, const std::string& message, const std::string& code) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}},
          .body = json{{"error", {{"message", message}, {"code", code}}}}.dump()};
}

}  // namespace

FakeModel::FakeModel(std::size_t dimension)
    : dimension_(dimension), server_([this](const SeenRequest& request) { return answer(request); }) {}

void FakeModel::play(std::deque<Misdeed> script) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(script);
}

void FakeModel::always(Misdeed misdeed) {
  const std::lock_guard lock(mutex_);
  always_ = misdeed;
}

void FakeModel::refuse_word(std::string word) {
  const std::lock_guard lock(mutex_);
  refused_word_ = std::move(word);
}

Misdeed FakeModel::next() {
  const std::lock_guard lock(mutex_);
  if (script_.empty()) return always_;
  const auto out = script_.front();
  script_.pop_front();
  return out;
}

std::string FakeModel::all_text() const {
  std::string out;
  for (const auto& request : seen()) {
    out += request.target + "\n";
    for (const auto& [name, value] : request.headers) out += name + ": " + value + "\n";
    out += request.body + "\n";
  }
  return out;
}

// Words hashed into columns: texts that share words are near. Three times too long on purpose.
std::vector<double> FakeModel::vector_of(const std::string& text) const {
  std::vector<double> out(dimension_, 0.0);
  std::string word;
  const auto add = [&] {
    if (!word.empty()) out[hash64(word) % dimension_] += 1;
    word.clear();
  };
  for (const char c : text) {
    const auto lower = std::tolower(static_cast<unsigned char>(c));
    if (std::isalnum(lower) != 0)
      word += static_cast<char>(lower);
    else
      add();
  }
  add();
  double squares = 0;
  for (const double value : out) squares += value * value;
  if (squares == 0) out[0] = squares = 1;
  for (double& value : out) value *= 3 / std::sqrt(squares);
  return out;
}

ScriptedReply FakeModel::answer(const SeenRequest& request) {
  const auto misdeed = next();
  switch (misdeed) {
    case Misdeed::hang:
      return {.hang = true};
    case Misdeed::hang_up:
      return {.hang_up = true};
    case Misdeed::server_error:
      return error(500, "The server had an error", "server_error");
    case Misdeed::rate_limited:
    case Misdeed::rate_limited_long: {
      auto out = error(429, "Rate limit reached", "rate_limit_exceeded");
      out.headers.emplace_back("Retry-After", misdeed == Misdeed::rate_limited ? "1" : "3600");
      return out;
    }
    case Misdeed::unauthorized: {
      const auto key = request.headers.find("authorization");
      return error(401, "Incorrect API key provided: " + (key == request.headers.end() ? "" : key->second),
                   "invalid_api_key");
    }
    case Misdeed::bad_envelope:
      return {.body = "{\"object\": \"list\", \"data\": [{\"index\""};
    default:
      break;
  }
  auto out = request.target == "/v1/embeddings"         ? embeddings(request, misdeed)
             : request.target == "/v1/chat/completions" ? chat(request, misdeed)
                                                        : error(404, "no such endpoint", "not_found");
  out.headers.emplace_back("Content-Type", "application/json");
  if (misdeed == Misdeed::truncated_body) out.cut_after = out.body.size() / 2;
  if (misdeed == Misdeed::drip) {
    out.drip_bytes = 1;
    out.drip_pause = std::chrono::milliseconds(50);
  }
  return out;
}

ScriptedReply FakeModel::embeddings(const SeenRequest& request, Misdeed misdeed) const {
  const auto asked = json::parse(request.body);
  const auto& texts = asked.at("input");
  json data = json::array();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].get<std::string>().empty())
      return error(400, "'$.input' is invalid", "invalid_request_error");
    auto vector = vector_of(texts[i].get<std::string>());
    if (misdeed == Misdeed::wrong_dimension) vector.pop_back();
    if (misdeed == Misdeed::zero_vector) std::fill(vector.begin(), vector.end(), 0.0);
    data.push_back({{"object", "embedding"}, {"index", i}, {"embedding", vector}});
  }
  if (misdeed == Misdeed::wrong_count) data.erase(data.begin());
  if (misdeed == Misdeed::twice_the_same_index) data.back()["index"] = 0;
  std::reverse(data.begin(), data.end());  // the protocol promises no order
  json out{
      {"object", "list"},
      {"model", asked.at("model")},
      {"data", data},
      {"usage", {{"prompt_tokens", request.body.size() / 4}, {"total_tokens", request.body.size() / 4}}}};
  auto body = out.dump();
  if (misdeed == Misdeed::not_finite) body.replace(body.find("\"embedding\":[") + 13, 3, "NaN");
  return {.body = std::move(body)};
}

ScriptedReply FakeModel::chat(const SeenRequest& request, Misdeed misdeed) const {
  const auto asked = creators_in(json::parse(request.body));
  const auto size = request.body.size();
  std::string refused;
  {
    const std::lock_guard lock(mutex_);
    refused = refused_word_;
  }
  const bool refuses =
      misdeed == Misdeed::refusal || (!refused.empty() && asked.dump().find(refused) != std::string::npos);
  if (refuses)
    return {.body = completion(
                {{"role", "assistant"}, {"content", nullptr}, {"refusal", "I can't help with that."}}, "stop",
                true, size)};
  if (misdeed == Misdeed::filtered)
    return error(400, "The response was filtered due to the content management policy", "content_filter");
  if (misdeed == Misdeed::empty_answer) return {.body = said("", "stop", true, size)};
  if (misdeed == Misdeed::bad_json)
    return {.body = said("{\"creators\": [{\"number\": 1, niche:", "stop", true, size)};
  json creators = json::array();
  for (const auto& creator : asked) creators.push_back(annotation_of(creator));
  if (!creators.empty()) spoil(misdeed, asked, creators);
  auto content = json{{"creators", creators}}.dump();
  if (misdeed == Misdeed::cut_answer)
    return {.body = said(content.substr(0, content.size() / 2), "length", true, size)};
  if (misdeed == Misdeed::fenced) content = "```json\n" + content + "\n```";
  if (misdeed == Misdeed::chatty)
    content = "Sure! Here is the JSON you asked for:\n" + content + "\nHope it helps.";
  return {.body = said(content, "stop", misdeed != Misdeed::no_usage, size)};
}

}  // namespace cdx::test
