#include "enrich/chat/reply.h"

#include <nlohmann/json.hpp>

namespace cdx::enrich::chat {
namespace {

using nlohmann::json;

constexpr std::size_t bytes_a_token = 4;

const json* member(const json* from, const char* name) {
  if (from == nullptr || !from->is_object()) return nullptr;
  const auto found = from->find(name);
  return found == from->end() ? nullptr : &*found;
}

std::uint64_t tokens(const json& root, const char* name, std::size_t bytes) {
  const auto* count = member(member(&root, "usage"), name);
  if (count != nullptr && count->is_number_unsigned()) return count->get<std::uint64_t>();
  return bytes / bytes_a_token + 1;
}

}  // namespace

Result<Reply> read_reply(std::string_view place, const std::string& body, std::size_t asked_bytes) {
  const auto broken = [&](const char* why) {
    return fail(ErrorKind::unavailable, std::string(place) + ": the answer breaks the protocol: " + why);
  };
  const auto root = json::parse(body, nullptr, false);
  if (root.is_discarded()) return broken("it is not JSON");
  const auto* choices = member(&root, "choices");
  if (choices == nullptr || !choices->is_array() || choices->empty()) return broken("there are no choices");
  const auto* message = member(&choices->front(), "message");
  if (message == nullptr) return broken("a choice without message");
  Reply out;
  const auto* finish = member(&choices->front(), "finish_reason");
  const auto reason = finish != nullptr && finish->is_string() ? finish->get<std::string>() : std::string();
  out.cut = reason == "length";
  const auto* refusal = member(message, "refusal");
  out.refused = reason == "content_filter" || (refusal != nullptr && refusal->is_string() &&
                                               !refusal->get_ref<const std::string&>().empty());
  const auto* content = member(message, "content");
  if (content != nullptr && content->is_string())
    out.content = content->get<std::string>();
  else if (!out.refused && content != nullptr && !content->is_null())
    return broken("a message whose content is no text");
  out.tokens_in = tokens(root, "prompt_tokens", asked_bytes);
  out.tokens_out = tokens(root, "completion_tokens", body.size());
  return out;
}

}  // namespace cdx::enrich::chat
