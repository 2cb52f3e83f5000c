// The questions of truth/queries.jsonl and what is relevant to them, known because we made the creators.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "sample/presence.h"

namespace cdx::sample {

struct Question {
  std::string id, kind, text;
  // Conditions; those that are not set hold for everybody.
  std::optional<std::uint16_t> subject, niche, not_subject;
  std::optional<Style> style;
  std::optional<std::size_t> platform;
  const Country* country = nullptr;
  std::string language;
  const Tongue* tongue = nullptr;  // preferred, not required
  std::int64_t low = 0;
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
  std::optional<std::uint64_t> person;  // asked for by name or handle
  std::string plain_name;
};

// Some hundred questions; none for an empty set. `invalid` where data/queries.txt is wrong.
Result<std::vector<Question>> make_questions(const Recipe& recipe);

// 3 exactly, 2 closely, 1 loosely, 0 looks right but is wrong; absent: not relevant.
std::optional<int> grade(const Question& question, const World& world, const Person& person,
                         std::int64_t total_followers);
std::int64_t total_followers(const Recipe& recipe, const Person& person);

// A line of truth/queries.jsonl.
void append_question(std::string& out, const World& world, const Question& question);

}  // namespace cdx::sample
