// The words a model may answer with, and what it is asked. Private to enrich/chat.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enrich/chat/chat_annotator.h"
#include "enrich/chat/creator_text.h"

namespace cdx::enrich::chat {

inline constexpr std::string_view uncertain = "uncertain";
inline constexpr std::uint32_t prompt_version = 1;  // of everything that prompt.cpp says
inline constexpr std::size_t fewest_words = 12, most_words = 28;
inline constexpr std::size_t most_secondary = 3;

struct Message {
  std::string role;  // "system", "user", "assistant"
  std::string content;
};

// One creator of a request, under the number that the answer names it by.
struct Asked {
  std::size_t number = 0;
  const CreatorText* text = nullptr;
};

std::string system_prompt(const ChatTerms& terms);
// Creator data as one line of JSON between two lines that no text of a creator can hold: JSON strings have no
// line breaks.
std::string data_message(std::span<const Asked> asked);
std::string repair_message(std::span<const std::string> faults, std::span<const Asked> asked);
// A JSON schema in the subset that "strict" endpoints take.
std::string answer_schema(const ChatTerms& terms);
std::string request_body(const ChatOptions& options, std::span<const Message> messages, std::size_t creators);

}  // namespace cdx::enrich::chat
