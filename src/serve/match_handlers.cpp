// What the routes of campaigns, look-alikes and events do.
#include <algorithm>
#include <chrono>
#include <utility>

#include "serve/api.h"
#include "serve/match_body.h"
#include "serve/query_body.h"
#include "serve/render_match.h"

namespace cdx::serve {
namespace {

using Steady = std::chrono::steady_clock;

constexpr const char* json = "application/json";

double since_ms(Steady::time_point start) {
  return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

http::Response as_json(std::string body) { return {200, json, {}, std::move(body)}; }
// The matcher points into the brief and its own options; a client is to be pointed into the body it sent.
Error in_body(Error error) {
  if (error.kind != ErrorKind::invalid || !error.message.starts_with('/')) return error;
  const auto end = std::min(error.message.find_first_of(":/", 1), error.message.size());
  const auto member = error.message.substr(0, end);
  constexpr std::pair<std::string_view, std::string_view> own[] = {
      {"/profile", "/profile"},        {"/limit", "/limit"},
      {"/cursor", "/cursor"},          {"/budget", "/budget_usd"},
      {"/min_count", "/min_creators"}, {"/max_count", "/max_creators"},
      {"/candidates", "/creators"},    {"/price_per_follower", "/price_per_follower_usd"}};
  for (const auto& [option, sent] : own)
    if (member == option) {
      error.message.replace(0, end, sent);
      return error;
    }
  error.message.insert(0, "/brief");
  return error;
}

// Puts the profile that a body names, or the one in use, into its options.
template <class Body>
Status choose(const Call& call, const UsageStore* usage, Body& body) {
  if (usage == nullptr) return {};
  auto& options = body.options;
  const auto name = body.profile_named ? std::optional(options.profile) : std::nullopt;
  CDX_TRY_LET(auto chosen, choose_profile(call, *usage, name));
  options.profile = std::move(chosen.name);
  options.custom = std::move(chosen.custom);
  return {};
}

http::Response nothing() { return {204, "", {}, ""}; }

}  // namespace

http::Response Api::not_offered(const Exchange& exchange) const {
  return failed(exchange, {ErrorKind::not_found, "This server keeps no campaigns.", {}});
}

http::Response Api::match_brief(const Exchange& exchange) const {
  if (matcher_ == nullptr) return not_offered(exchange);
  if (auto refused = wrong_body_type(exchange)) return *std::move(refused);
  Faults faults;
  auto body = read_match_body(exchange.request.body, faults);
  if (!faults.none()) return faulty(exchange, faults);
  const auto& call = exchange.request.call;
  const auto start = Steady::now();
  if (const auto found = choose(call, usage_, body); !found) return failed(exchange, found.error());
  if (usage_log_) body.options.considered = usage_log_->candidates();
  const auto answer = matcher_->match(call, body.brief, body.options);
  note_search(SearchKind::match, answer ? "ok" : name(answer.error().kind),
              answer && answer->total == 0 && body.options.cursor.empty(), Steady::now() - start);
  if (!answer) return failed(exchange, in_body(answer.error()));
  std::optional<QuestionId> question;
  if (usage_log_) question = usage_log_->note(body.brief, *answer);
  return as_json(
      render_match(*answer, question, {clock_.now(), exchange.id, since_ms(start), body.options.explain}));
}

http::Response Api::match_plan(const Exchange& exchange) const {
  if (matcher_ == nullptr) return not_offered(exchange);
  if (auto refused = wrong_body_type(exchange)) return *std::move(refused);
  Faults faults;
  auto body = read_plan_body(exchange.request.body, faults);
  if (!faults.none()) return faulty(exchange, faults);
  const auto& call = exchange.request.call;
  const auto start = Steady::now();
  if (const auto found = choose(call, usage_, body); !found) return failed(exchange, found.error());
  const auto answer = matcher_->plan(call, body.brief, body.options);
  if (!answer) return failed(exchange, in_body(answer.error()));
  return as_json(render_plan(*answer, body.options.budget_usd, {clock_.now(), exchange.id, since_ms(start)}));
}

http::Response Api::similar_to_many(const Exchange& exchange) const {
  if (matcher_ == nullptr) return not_offered(exchange);
  if (auto refused = wrong_body_type(exchange)) return *std::move(refused);
  Faults faults;
  const auto question = read_similar_body(exchange.request.body, schema_, faults);
  if (!faults.none()) return faulty(exchange, faults);
  const auto start = Steady::now();
  const auto answer = matcher_->similar(exchange.request.call, question);
  if (!answer) return failed(exchange, answer.error());
  return as_json(render_similar(*answer, {clock_.now(), exchange.id, since_ms(start), question.explain}));
}

http::Response Api::similarity_search(const Exchange& exchange) const {
  if (matcher_ == nullptr) return not_offered(exchange);
  if (auto refused = wrong_body_type(exchange)) return *std::move(refused);
  Faults faults;
  const auto request = read_seed_004_body(exchange.request.body, faults);
  if (!faults.none()) return faulty(exchange, faults);
  const auto answer = matcher_->similarity_search(exchange.request.call, request);
  if (!answer) return failed(exchange, answer.error());
  return as_json(render_seed_004(*answer));
}

// Reads ?skip and ?limit; false with a refusal in `out`.
std::optional<http::Response> Api::read_page(const Exchange& exchange, std::size_t& skip,
                                             std::size_t& limit) const {
  Faults faults;
  Parameters parameters(exchange.request.query, faults);
  skip = parameters.whole("skip", 0, 1'000'000).value_or(0);
  limit = parameters.whole("limit", 1, 100).value_or(20);
  parameters.refuse_others();
  if (!faults.none()) return faulty(exchange, faults);
  return {};
}

http::Response Api::campaigns(const Exchange& exchange) const {
  if (campaigns_ == nullptr) return not_offered(exchange);
  std::size_t skip = 0, limit = 0;
  if (auto refused = read_page(exchange, skip, limit)) return *std::move(refused);
  const auto found = campaigns_->campaigns(exchange.request.call, skip, limit);
  if (!found) return failed(exchange, found.error());
  return as_json(render_campaigns(*found, {clock_.now(), exchange.id}));
}

http::Response Api::no_campaign(const Exchange& exchange) const {
  return failed(exchange, {ErrorKind::not_found, "There is no campaign of this id.", {}});
}

http::Response Api::campaign(const Exchange& exchange) const {
  const auto id = CampaignId::parse(exchange.in_path.front());
  if (campaigns_ == nullptr || !id) return no_campaign(exchange);
  const auto found = campaigns_->campaign(exchange.request.call, *id);
  if (!found) return failed(exchange, found.error());
  if (!*found) return no_campaign(exchange);
  return as_json(render_campaign(**found, {clock_.now(), exchange.id}));
}

http::Response Api::remove_campaign(const Exchange& exchange) const {
  const auto id = CampaignId::parse(exchange.in_path.front());
  if (campaigns_ == nullptr || !id) return no_campaign(exchange);
  if (const auto done = campaigns_->remove_campaign(exchange.request.call, *id); !done)
    return failed(exchange, done.error());
  return nothing();
}

http::Response Api::campaign_matches(const Exchange& exchange) const {
  const auto id = CampaignId::parse(exchange.in_path.front());
  if (matcher_ == nullptr || !id) return no_campaign(exchange);
  std::size_t skip = 0, limit = 0;
  if (auto refused = read_page(exchange, skip, limit)) return *std::move(refused);
  const auto kept = matcher_->matches(exchange.request.call, *id, skip, limit);
  if (!kept && kept.error().kind == ErrorKind::not_found) return no_campaign(exchange);
  if (!kept) return failed(exchange, kept.error());
  return as_json(render_kept_matches(*kept, {clock_.now(), exchange.id}));
}

http::Response Api::score_history(const Exchange& exchange) const {
  const auto campaign = CampaignId::parse(exchange.in_path[0]);
  const auto creator = CreatorId::parse(exchange.in_path[1]);
  if (campaigns_ == nullptr || !campaign || !creator) return no_campaign(exchange);
  const auto found = campaigns_->score_history(exchange.request.call, *campaign, *creator);
  if (!found) return failed(exchange, found.error());
  return as_json(render_score_history(*found, {clock_.now(), exchange.id}));
}

http::Response Api::event(const Exchange& exchange) const {
  if (auto refused = wrong_body_type(exchange)) return *std::move(refused);
  Faults faults;
  auto body = read_event_body(exchange.request.body, faults);
  if (!faults.none()) return faulty(exchange, faults);
  if (!usage_log_)
    return failed(exchange, {ErrorKind::not_found, "This server does not keep what was asked.", {}});
  const auto done =
      usage_log_->choose(exchange.request.call, {body.question, body.creator, std::move(body.action), {}});
  if (!done && done.error().kind == ErrorKind::not_found)
    return failed(exchange, {ErrorKind::not_found, "This question is not kept (any more).", {}});
  if (!done) return failed(exchange, done.error());
  return nothing();
}

http::Response Api::profiles(const Exchange& exchange) const {
  Faults faults;
  Parameters parameters(exchange.request.query, faults);
  const auto kind = parameters.text("kind", 20).value_or("match");
  parameters.refuse_others();
  if (kind != "match" && kind != "ranking") faults.add("?kind", "unknown_value", "must be match or ranking");
  if (!faults.none()) return faulty(exchange, faults);
  std::vector<NamedProfile> kept;
  UsageStore::Active active;
  if (usage_ != nullptr) {
    auto found = usage_->profiles(exchange.request.call, kind);
    if (!found) return failed(exchange, found.error());
    kept = *std::move(found);
    auto now = usage_->active_profile(exchange.request.call, kind);
    if (!now) return failed(exchange, now.error());
    active = *std::move(now);
  }
  return as_json(render_profiles(kept, kind, active, {clock_.now(), exchange.id}));
}

}  // namespace cdx::serve
