#include "match/similar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "match/matcher.h"
#include "vocab/vocab.h"

namespace cdx {
namespace {

constexpr std::size_t most_examples = 20;
constexpr std::array<std::string_view, 2> kinds = {"bio", "content"};

using Vector = std::vector<float>;
using Kinds = std::array<Vector, kinds.size()>;  // mean over the platforms; empty: none

tl::unexpected<Error> refuse(std::string_view pointer, std::string_view reason) {
  return fail(ErrorKind::invalid, fmt::format("{}: {}", pointer, reason));
}

void add(Vector& into, const Vector& row, double factor) {
  if (row.empty()) return;
  into.resize(row.size(), 0.0F);
  for (std::size_t i = 0; i < row.size(); ++i)
    into[i] = static_cast<float>(static_cast<double>(into[i]) + factor * static_cast<double>(row[i]));
}
double dot(const Vector& a, const Vector& b) {
  double out = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    out += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return out;
}
// Empty where there is no direction left.
Vector unit(Vector row) {
  const double length = std::sqrt(dot(row, row));
  if (length < 1e-6) return {};
  for (auto& x : row) x = static_cast<float>(static_cast<double>(x) / length);
  return row;
}

struct Seen {
  CreatorId id;
  Kinds kinds;
  bool embedded() const { return !kinds[0].empty() || !kinds[1].empty(); }
};

Seen seen_of(const SearchView& view, CreatorId id) {
  Seen out{id, {}};
  const auto own = view.vectors_of(id.value);
  for (std::size_t f = 0; f < own.size(); ++f)
    for (std::size_t k = 0; k < kinds.size(); ++k)
      if (view.schema().vectors[f].name.ends_with(kinds[k])) add(out.kinds[k], own[f], 1);
  for (auto& kind : out.kinds) kind = unit(std::move(kind));
  return out;
}

// Rocchio, kind by kind. A kind that no example has is not asked for.
Kinds wanted_of(const std::vector<Seen>& examples, const std::vector<Seen>& counters, double share) {
  Kinds out;
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    const auto holders = [&](const std::vector<Seen>& list) {
      return static_cast<double>(
          std::count_if(list.begin(), list.end(), [&](const Seen& one) { return !one.kinds[k].empty(); }));
    };
    const double liked = holders(examples), disliked = holders(counters);
    if (liked == 0) continue;
    for (const auto& one : examples) add(out[k], one.kinds[k], 1 / liked);
    for (const auto& one : counters)
      if (disliked > 0) add(out[k], one.kinds[k], -share / disliked);
    out[k] = unit(std::move(out[k]));
  }
  return out;
}

LikeExample likeness(const Seen& example, const Seen& creator) {
  LikeExample out{example.id, {}, -2};
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    if (example.kinds[k].empty() || creator.kinds[k].empty()) continue;
    const double cosine = dot(example.kinds[k], creator.kinds[k]);
    if (cosine > out.cosine) out = {example.id, std::string(kinds[k]), cosine};
  }
  return out;
}

std::optional<LikeExample> nearest(const std::vector<Seen>& examples, const Seen& creator) {
  std::optional<LikeExample> best;
  for (const auto& example : examples) {
    auto one = likeness(example, creator);
    if (!one.field.empty() && (!best || one.cosine > best->cosine)) best = std::move(one);
  }
  return best;
}

Status check(const SimilarQuestion& question) {
  if (question.examples.empty() || question.examples.size() > most_examples)
    return refuse("/examples", fmt::format("must be 1 to {} creators", most_examples));
  if (question.counter_examples.size() > most_examples)
    return refuse("/counter_examples", fmt::format("must be at most {} creators", most_examples));
  if (question.limit < 1 || question.limit > 100) return refuse("/limit", "must be between 1 and 100");
  if (!(question.counter_share >= 0 && question.counter_share <= 1))
    return refuse("/counter_share", "must be between 0 and 1");
  std::set<CreatorId> seen;
  for (std::size_t i = 0; i < question.examples.size(); ++i)
    if (!seen.insert(question.examples[i]).second)
      return refuse(fmt::format("/examples/{}", i), "stands there twice");
  for (std::size_t i = 0; i < question.counter_examples.size(); ++i)
    if (!seen.insert(question.counter_examples[i]).second)
      return refuse(fmt::format("/counter_examples/{}", i), "stands there twice, or is an example as well");
  return {};
}

std::string shown(const Profile& profile) {
  const auto& creator = profile.creator;
  return creator.handle.empty() ? creator.name : "@" + creator.handle;
}

std::string sentence(const SimilarHit& hit, const std::map<CreatorId, std::string>& names) {
  const auto said = [&](const LikeExample& like) {
    return fmt::format("{} of {} ({:.2f})", like.field == "bio" ? "the bio" : "the posts",
                       names.at(like.example), like.cosine);
  };
  auto out = hit.nearest.field.empty() ? std::string("near what the examples have in common")
                                       : "closest to " + said(hit.nearest);
  if (hit.nearest_counter && hit.nearest_counter->cosine > hit.nearest.cosine)
    out += "; yet closer to " + said(*hit.nearest_counter) + ", which is not wanted";
  if (const auto* niche = vocab::niche(hit.profile.creator.primary_niche); niche != nullptr)
    out += fmt::format("; makes {}", niche->label);
  return out;
}

// The examples as they are known, their names, and notes on those without vectors.
struct Examples {
  std::vector<Seen> liked, disliked;
  std::map<CreatorId, std::string> names;
};
Result<Examples> read_examples(const Call& call, const Store& store, const SearchView& view,
                               const SimilarQuestion& question, std::vector<std::string>& notes) {
  auto ids = question.examples;
  ids.insert(ids.end(), question.counter_examples.begin(), question.counter_examples.end());
  CDX_TRY_LET(const auto profiles, store.profiles(call, ids, 0));
  Examples out;
  for (const auto& profile : profiles) out.names[profile.creator.id] = shown(profile);
  const auto read = [&](const std::vector<CreatorId>& from, std::string_view pointer,
                        std::vector<Seen>& into) -> Status {
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (!out.names.contains(from[i]))
        return fail(ErrorKind::not_found,
                    fmt::format("/{}/{}: there is no creator {}", pointer, i, from[i].text()));
      auto seen = seen_of(view, from[i]);
      if (seen.embedded())
        into.push_back(std::move(seen));
      else
        notes.push_back(fmt::format("{}: not embedded yet, left out of the {}", from[i].text(),
                                    pointer == "examples" ? "examples" : "counter-examples"));
    }
    return {};
  };
  CDX_TRY(read(question.examples, "examples", out.liked));
  CDX_TRY(read(question.counter_examples, "counter_examples", out.disliked));
  return out;
}

CandidateQuestion likes(const Schema& schema, const Kinds& wanted, const SimilarQuestion& question,
                        std::size_t max) {
  CandidateQuestion out;
  for (const auto& field : schema.vectors)
    out.vectors.push_back(field.name.ends_with(kinds[0])   ? wanted[0]
                          : field.name.ends_with(kinds[1]) ? wanted[1]
                                                           : Vector{});
  out.filter = question.filter;
  out.second_look = false;
  out.max = max;
  return out;
}

}  // namespace

Result<SimilarAnswer> Matcher::similar(const Call& call, const SimilarQuestion& question) const {
  const auto& state = *state_;
  CDX_TRY(check(question));
  const auto view = state.searcher.backend().view();
  SimilarAnswer out;
  CDX_TRY_LET(const auto examples, read_examples(call, state.store, *view, question, out.degraded));
  if (examples.liked.empty())
    return fail(ErrorKind::unavailable, "/examples: none of them is embedded yet; try again later");
  const auto wanted = wanted_of(examples.liked, examples.disliked, question.counter_share);
  if (wanted[0].empty() && wanted[1].empty())
    return refuse("/counter_examples", "are what the examples are: nothing is left to look for");
  CDX_TRY_LET(auto candidates, state.searcher.candidates(
                                   call, likes(view->schema(), wanted, question, state.options.candidates)));

  auto& found = candidates.found;
  std::erase_if(
      found, [&](const Candidate& one) { return std::isnan(one.cosine) || examples.names.contains(one.id); });
  std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    return a.cosine != b.cosine ? a.cosine > b.cosine : a.id < b.id;
  });
  out.total = found.size();
  out.generation = candidates.generation;
  out.revision = candidates.revision;
  found.resize(std::min(found.size(), question.limit));

  std::vector<CreatorId> ids;
  for (const auto& one : found) ids.push_back(one.id);
  CDX_TRY_LET(auto profiles, state.store.profiles(call, ids, state.options.items_shown));
  for (const auto& one : found) {
    const auto profile = std::find_if(profiles.begin(), profiles.end(),
                                      [&](const Profile& known) { return known.creator.id == one.id; });
    if (profile == profiles.end()) continue;
    const auto seen = seen_of(*view, one.id);
    SimilarHit hit;
    hit.id = one.id;
    hit.score = std::isnan(one.semantic) ? 0 : one.semantic;
    hit.cosine = one.cosine;
    hit.nearest = nearest(examples.liked, seen).value_or(LikeExample{});
    hit.nearest_counter = nearest(examples.disliked, seen);
    if (question.explain)
      for (const auto* list : {&examples.liked, &examples.disliked})
        for (const auto& example : *list) hit.each.push_back(likeness(example, seen));
    hit.profile = std::move(*profile);
    hit.why = sentence(hit, examples.names);
    out.hits.push_back(std::move(hit));
  }
  return out;
}

}  // namespace cdx
