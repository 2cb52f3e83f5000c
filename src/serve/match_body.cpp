#include "serve/match_body.h"

#include "serve/briefs.h"
#include "serve/json_tree.h"
#include "serve/object_reader.h"
#include "serve/query_body.h"

namespace cdx::serve {
namespace {

constexpr std::size_t longest_name = 200, longest_text = 8'000, longest_cursor = 2'000, most_uses = 50,
                      most_keys = 50, most_creators = 1'000;
constexpr double most_money = 1e12;
constexpr auto most_followers = static_cast<std::size_t>(1e12);

// The members that native and compatible bodies share.
void read_texts(ObjectReader& reader, Brief& brief) {
  brief.product_name = reader.text("product_name", longest_name).value_or("");
  brief.brand_name = reader.text("brand_name", longest_name).value_or("");
  brief.product_description = reader.text("product_description", longest_text).value_or("");
  brief.target_audience = reader.text("target_audience", longest_text).value_or("");
  brief.key_use_cases =
      reader.texts("key_use_cases", most_uses, longest_name).value_or(std::vector<std::string>());
  brief.campaign_goal = reader.text("campaign_goal", longest_text).value_or("");
  brief.product_niche = reader.text("product_niche", longest_name).value_or("");
}

void read_followers(ObjectReader& reader, Brief& brief) {
  const auto count = [&](std::string_view name) -> std::optional<std::int64_t> {
    const auto found = reader.whole(name, 0, most_followers);
    return found ? std::optional(static_cast<std::int64_t>(*found)) : std::nullopt;
  };
  brief.min_followers = count("min_followers");
  brief.max_followers = count("max_followers");
}

Brief read_brief(const Json& json, std::string pointer, Faults& faults) {
  Brief brief;
  ObjectReader reader(json, std::move(pointer), faults);
  if (!reader.is_object()) return brief;
  read_texts(reader, brief);
  brief.total_budget_usd = reader.number("total_budget_usd", 0, most_money);
  read_followers(reader, brief);
  brief.min_engagement = reader.number("min_engagement", 0, 1);
  brief.max_engagement = reader.number("max_engagement", 0, 1);
  const auto keys = [&](std::string_view name) {
    return reader.texts(name, most_keys, longest_name).value_or(std::vector<std::string>());
  };
  brief.platforms = keys("platforms");
  brief.countries = keys("countries");
  brief.languages = keys("languages");
  brief.competitors = keys("competitors");
  reader.refuse_others();
  return brief;
}

void take_brief(ObjectReader& reader, Brief& brief, Faults& faults) {
  if (const auto* json = reader.field("brief"))
    brief = read_brief(*json, "/brief", faults);
  else
    faults.add("/brief", "missing", "must be given: what the campaign is for");
}

std::vector<CreatorId> ids(ObjectReader& reader, std::string_view name, std::size_t most, Faults& faults) {
  std::vector<CreatorId> out;
  const auto texts = reader.texts(name, most, longest_name).value_or(std::vector<std::string>());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (const auto id = CreatorId::parse(texts[i]))
      out.push_back(*id);
    else
      faults.add(step(reader.at(name), i), "malformed", "is no id of a creator, such as cr_0123456789abc");
  }
  return out;
}

// An id that must be given.
template <class Id>
Id needed_id(ObjectReader& reader, std::string_view name, Faults& faults) {
  const auto text = reader.text(name, longest_name);
  const auto id = text ? Id::parse(*text) : std::nullopt;
  if (!id) faults.add(reader.at(name), text ? "malformed" : "missing", "must be an id, as an answer gave it");
  return id.value_or(Id{});
}

}  // namespace

Result<Brief> parse_brief(std::string_view text, std::string_view place) {
  Faults faults;
  const auto json = read_json(text, faults);
  auto brief = json ? read_brief(*json, "", faults) : Brief();
  if (faults.none()) return brief;
  const auto& first = faults.list().front();
  return fail(ErrorKind::invalid, std::string(place) + ": " + first.pointer + " " + first.detail);
}

MatchBody read_match_body(std::string_view body, Faults& faults) {
  MatchBody out;
  const auto json = read_json(body, faults);
  if (!json) return out;
  ObjectReader reader(*json, "", faults);
  if (!reader.is_object()) return out;
  take_brief(reader, out.brief, faults);
  if (const auto text = reader.text("campaign_id", longest_name)) {
    out.options.campaign = CampaignId::parse(*text);
    if (!out.options.campaign)
      faults.add("/campaign_id", "malformed", "is no id of a campaign, such as cm_0123456789abc");
  }
  if (auto profile = reader.text("profile", longest_name)) {
    out.options.profile = *std::move(profile);
    out.profile_named = true;
  }
  out.options.limit = reader.whole("limit", 1, 100).value_or(out.options.limit);
  out.options.cursor = reader.text("cursor", longest_cursor).value_or("");
  out.options.explain = reader.flag("explain").value_or(out.options.explain);
  out.options.keep = reader.flag("keep").value_or(out.options.keep);
  reader.refuse_others();
  return out;
}

PlanBody read_plan_body(std::string_view body, Faults& faults) {
  PlanBody out;
  const auto json = read_json(body, faults);
  if (!json) return out;
  ObjectReader reader(*json, "", faults);
  if (!reader.is_object()) return out;
  take_brief(reader, out.brief, faults);
  auto& options = out.options;
  if (const auto budget = reader.number("budget_usd", 0, most_money))
    options.budget_usd = *budget;
  else if (out.brief.total_budget_usd)
    options.budget_usd = *out.brief.total_budget_usd;
  else if (faults.none())
    faults.add("/budget_usd", "missing", "must be given, here or as total_budget_usd of the brief");
  options.candidates = ids(reader, "creators", most_creators, faults);
  options.min_count = reader.whole("min_creators", 0, most_creators).value_or(options.min_count);
  options.max_count = reader.whole("max_creators", 1, most_creators);
  options.price_per_follower = reader.number("price_per_follower_usd", 0, 1'000);
  if (auto profile = reader.text("profile", longest_name)) {
    options.profile = *std::move(profile);
    out.profile_named = true;
  }
  reader.refuse_others();
  if (options.max_count && *options.max_count < options.min_count)
    faults.add("/max_creators", "out_of_range", "must not be below min_creators");
  return out;
}

SimilarQuestion read_similar_body(std::string_view body, const Schema& schema, Faults& faults) {
  SimilarQuestion out;
  const auto json = read_json(body, faults);
  if (!json) return out;
  ObjectReader reader(*json, "", faults);
  if (!reader.is_object()) return out;
  out.examples = ids(reader, "examples", 20, faults);
  out.counter_examples = ids(reader, "counter_examples", 20, faults);
  if (const auto* filter = reader.field("filter"))
    out.filter = read_filter(*filter, "/filter", schema, faults);
  out.limit = reader.whole("limit", 1, 100).value_or(out.limit);
  out.counter_share = reader.number("counter_share", 0, 1).value_or(out.counter_share);
  out.explain = reader.flag("explain").value_or(out.explain);
  reader.refuse_others();
  if (out.examples.empty() && faults.none())
    faults.add("/examples", "missing", "must name 1 to 20 creators to look like");
  return out;
}

EventBody read_event_body(std::string_view body, Faults& faults) {
  EventBody out;
  const auto json = read_json(body, faults);
  if (!json) return out;
  ObjectReader reader(*json, "", faults);
  if (!reader.is_object()) return out;
  out.question = needed_id<QuestionId>(reader, "question_id", faults);
  out.creator = needed_id<CreatorId>(reader, "creator_id", faults);
  out.action = reader.text("action", longest_name).value_or("");
  if (out.action != "click" && out.action != "save" && out.action != "hide")
    faults.add("/action", "unknown_value", "must be \"click\", \"save\" or \"hide\"");
  reader.refuse_others();
  return out;
}

seed_004::Request read_seed_004_body(std::string_view body, Faults& faults) {
  seed_004::Request out;
  const auto json = read_json(body, faults);
  if (!json) return out;
  ObjectReader reader(*json, "", faults);
  if (!reader.is_object()) return out;
  read_texts(reader, out.brief);
  out.brief.total_budget_usd = reader.number("total_budget", 0, most_money);
  read_followers(reader, out.brief);
  if (const auto percent = reader.number("min_engagement", 0, 100)) out.brief.min_engagement = *percent / 100;
  out.limit = reader.whole("limit", 1, 100).value_or(out.limit);
  out.page = reader.whole("page", 1, 10'000).value_or(out.page);
  reader.refuse_others();
  const auto needed = [&](bool given, std::string_view name) {
    if (!given && faults.none()) faults.add(reader.at(name), "missing", "must be given");
  };
  needed(!out.brief.product_name.empty(), "product_name");
  needed(!out.brief.brand_name.empty(), "brand_name");
  needed(out.brief.total_budget_usd.has_value(), "total_budget");
  return out;
}

}  // namespace cdx::serve
