// Bodies of briefs and questions.
#include "store/sqlite/body.h"
#include "store/sqlite/body_parts.h"

namespace cdx {
namespace {

constexpr std::uint8_t brief_version = 2;     // reads 1 too
constexpr std::uint8_t question_version = 2;  // reads 1 too

// The one order of a brief's fields, for both directions.
template <class AnyBrief, class Value, class Optional>
void for_brief_fields(AnyBrief& brief, Value value, Optional optional) {
  value(brief.product_name);
  value(brief.brand_name);
  value(brief.product_description);
  value(brief.target_audience);
  value(brief.key_use_cases);
  value(brief.campaign_goal);
  value(brief.product_niche);
  optional(brief.total_budget_usd);
  optional(brief.min_followers);
  optional(brief.max_followers);
  optional(brief.min_engagement);
  optional(brief.max_engagement);
  value(brief.platforms);
  value(brief.countries);
  value(brief.languages);
}

void put_shown(ByteWriter& out, const ShownCreator& shown) {
  out.fixed(shown.creator.value);
  out.real(shown.score);
  out.count(shown.features.size());
  for (const float feature : shown.features) out.real32(feature);
}

void take_shown(ByteReader& in, ShownCreator& shown) {
  shown.creator.value = in.fixed();
  shown.score = in.real();
  const auto features = in.elements();
  shown.features.reserve(features);
  for (std::size_t i = 0; i < features && in.ok(); ++i) shown.features.push_back(in.real32());
}

}  // namespace

void encode_brief(std::string& out, const Brief& brief) {
  out.clear();
  ByteWriter bytes(out);
  bytes.byte(brief_version);
  const auto value = [&](const auto& field) { put(bytes, field); };
  for_brief_fields(brief, value, [&](const auto& field) { put_optional(bytes, field); });
  put(bytes, brief.competitors);
}

Result<Brief> decode_brief(std::string_view body) {
  ByteReader in(body);
  Brief brief;
  const auto version = in.byte();
  if (version < 1 || version > brief_version) return damaged_body("brief");
  const auto value = [&](auto& field) { take(in, field); };
  for_brief_fields(brief, value, [&](auto& field) { take_optional(in, field); });
  if (version > 1) take(in, brief.competitors);
  if (!in.at_end()) return damaged_body("brief");
  return brief;
}

void encode_question(std::string& out, const LoggedQuestion& question) {
  out.clear();
  ByteWriter bytes(out);
  bytes.byte(question_version);
  bytes.text(question.kind);
  bytes.fixed(question.words);
  bytes.text(question.profile);
  put(bytes, question.feature_names);
  bytes.count(question.shown.size());
  for (const auto& shown : question.shown) put_shown(bytes, shown);
  bytes.count(question.first_seen);
  bytes.count(question.count_seen);
}

Result<LoggedQuestion> decode_question(std::string_view body) {
  ByteReader in(body);
  LoggedQuestion question;
  const auto version = in.byte();
  if (version < 1 || version > question_version) return damaged_body("question");
  question.kind = in.text();
  question.words = in.fixed();
  question.profile = in.text();
  take(in, question.feature_names);
  const auto shown = in.elements();
  for (std::size_t i = 0; i < shown && in.ok(); ++i) take_shown(in, question.shown.emplace_back());
  if (version > 1) {
    question.first_seen = static_cast<std::uint32_t>(in.below(shown + 1));
    question.count_seen = static_cast<std::uint32_t>(in.below(shown + 1));
  }
  if (!in.at_end()) return damaged_body("question");
  return question;
}

}  // namespace cdx
