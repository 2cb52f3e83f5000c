// What a model is told of one creator, and nothing more. Private to enrich/chat.
#pragma once

#include <string>
#include <vector>

#include "model/model.h"

namespace cdx::enrich::chat {

struct TextLimits {
  std::size_t bios = 4;
  std::size_t bio_bytes = 600;
  std::size_t items = 16;  // titles or captions, newest first, from the accounts in turn
  std::size_t item_bytes = 160;
  friend bool operator==(const TextLimits&, const TextLimits&) = default;
};

struct CreatorText {
  std::vector<std::string> bio;
  std::vector<std::string> content;
  bool orders = false;  // sentences that spoke to a model were left out
  bool empty() const { return bio.empty() && content.empty(); }
};

// Bios, titles and captions without what is private (private_text.h) and without sentences that give orders
// to a model (orders.h). No name, handle, id, figure, place or address. Pure.
CreatorText creator_text(const Profile& profile, const TextLimits& limits);

// {"bio":[…],"content":[…]} on one line.
std::string as_json(const CreatorText& text);

}  // namespace cdx::enrich::chat
