#include "pipeline/follower.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/log.h"
#include "base/metrics.h"
#include "pipeline/embed_missing.h"

namespace cdx {
namespace {

// How many vector fields of a creator have a text, and how many of those their vector.
struct Coverage {
  std::size_t passages = 0, done = 0;
};

bool is_bio(const Passage& passage) { return passage.field.ends_with("_bio"); }

// A creator's vectors as far as they are known.
struct Meaning {
  std::map<std::string, std::vector<float>> fields;
  Coverage coverage;
  bool bio_missing = false, content_missing = false;
};

Meaning meaning_of(const Profile& profile, const TextVectors& vectors, std::size_t most_items) {
  Meaning out;
  for (const auto& passage : passages_of(profile, most_items)) {
    ++out.coverage.passages;
    auto vector = pooled(passage, vectors);
    if (vector.empty()) {
      (is_bio(passage) ? out.bio_missing : out.content_missing) = true;
      continue;
    }
    ++out.coverage.done;
    out.fields.emplace(passage.field, std::move(vector));
  }
  return out;
}

}  // namespace

struct Follower::State {
  Store& store;
  SearchBackend& backend;
  EmbeddingProvider* embedder;
  const Clock& clock;
  FollowerOptions options;

  std::unordered_map<CreatorId, Coverage> coverage;
  Coverage total;                        // sum over `coverage`
  std::deque<CreatorId> bios, contents;  // creators that wait for vectors, in the order they came
  Time asked_again{};                    // when vectors kept by another process were last looked for
  CreatorId asked_up_to{};               // and up to which creator
  // An index that was there before knows its creators, this follower does not yet: the survey looks at each
  // once.
  std::optional<Revision> survey_until;
  Revision surveyed;

  mutable std::mutex mutex;  // guards `shown` alone
  FollowerProgress shown;

  Result<TextVectors> known_vectors(const Call& call, const std::vector<Profile>& profiles) const;
  Status apply(const Call& call, const std::vector<Profile>& profiles,
               std::span<const std::uint64_t> removals, Revision follows, Revision reached,
               bool queue_missing);
  void note(CreatorId id, const Meaning& meaning, bool queue_missing);
  Result<bool> follow_changes(const Call& call);
  Result<bool> survey(const Call& call);
  Result<bool> embed_waiting(const Call& call, std::deque<CreatorId>& waiting, bool bio);
  Result<bool> pick_up_kept(const Call& call);
  void cover(CreatorId id, Coverage now);
  void show(Revision reached, bool caught_up);
};

void Follower::State::cover(CreatorId id, Coverage now) {
  auto& before = coverage[id];
  total.passages += now.passages - before.passages;
  total.done += now.done - before.done;
  before = now;
}

Result<TextVectors> Follower::State::known_vectors(const Call& call,
                                                   const std::vector<Profile>& profiles) const {
  if (embedder == nullptr) return TextVectors();
  return kept_vectors(call, store, embedder->model().space(), profiles, options.most_items);
}

Status Follower::State::apply(const Call& call, const std::vector<Profile>& profiles,
                              std::span<const std::uint64_t> removals, Revision follows, Revision reached,
                              bool queue_missing) {
  CDX_TRY_LET(const auto vectors, known_vectors(call, profiles));
  IndexBatch batch;
  batch.follows =
      follows;  // a conflict, when the index lost documents meanwhile and went back: looked at anew
  batch.reached = reached;
  batch.removals.assign(removals.begin(), removals.end());
  for (const auto& profile : profiles) {
    const auto meaning = meaning_of(profile, vectors, options.most_items);
    note(profile.creator.id, meaning, queue_missing);
    batch.upserts.push_back(to_document(profile, meaning.fields, clock.now()));
  }
  for (const auto id : removals) {
    cover(CreatorId{id}, {});
    coverage.erase(CreatorId{id});
  }
  return backend.apply(call, batch);
}

void Follower::State::note(CreatorId id, const Meaning& meaning, bool queue_missing) {
  cover(id, meaning.coverage);
  if (queue_missing && meaning.bio_missing) bios.push_back(id);
  if (queue_missing && meaning.content_missing) contents.push_back(id);
}

// One page of the creators that were indexed before this follower began: which wait for vectors, and which
// got some while nobody was there to index them.
Result<bool> Follower::State::survey(const Call& call) {
  if (surveyed >= *survey_until) return false;
  CDX_TRY_LET(const auto page, store.changes(call, surveyed, options.change_batch));
  std::vector<CreatorId> unknown;
  for (const auto& change : page.changes)
    if (!change.removed && !coverage.contains(change.creator)) unknown.push_back(change.creator);
  CDX_TRY_LET(auto profiles, store.profiles(call, unknown, options.most_items));
  CDX_TRY_LET(const auto vectors, known_vectors(call, profiles));
  const auto view = backend.view();
  std::erase_if(profiles, [&](const Profile& profile) {
    const auto meaning = meaning_of(profile, vectors, options.most_items);
    note(profile.creator.id, meaning, true);
    const auto indexed = view->vectors_of(profile.creator.id.value);
    const auto have =
        std::count_if(indexed.begin(), indexed.end(), [](const auto& one) { return !one.empty(); });
    return static_cast<std::size_t>(have) >= meaning.fields.size();
  });
  CDX_TRY_LET(const auto reached, backend.applied(call));
  if (!profiles.empty()) CDX_TRY(apply(call, profiles, {}, reached, reached, false));
  surveyed = page.more ? page.reached : *survey_until;
  show(reached, true);
  return true;
}

Result<bool> Follower::State::follow_changes(const Call& call) {
  CDX_TRY_LET(const auto since, backend.applied(call));
  if (!survey_until) survey_until = since;
  CDX_TRY_LET(const auto page, store.changes(call, since, options.change_batch));
  if (page.changes.empty() && page.reached == since) {
    show(since, true);
    return false;
  }
  std::vector<CreatorId> changed;
  std::vector<std::uint64_t> removals;
  for (const auto& change : page.changes) {
    if (change.removed)
      removals.push_back(change.creator.value);
    else
      changed.push_back(change.creator);
  }
  CDX_TRY_LET(const auto profiles, store.profiles(call, changed, options.most_items));
  CDX_TRY(apply(call, profiles, removals, since, page.reached, true));
  metrics::count("creatordex_index_documents_total", "Creators applied to the index", {},
                 static_cast<double>(profiles.size()));
  show(page.reached, !page.more);
  return true;
}

// Takes creators from the queue until their missing texts fill a batch, embeds those, and applies the
// creators again.
Result<bool> Follower::State::embed_waiting(const Call& call, std::deque<CreatorId>& waiting, bool bio) {
  if (waiting.empty()) return false;
  std::vector<CreatorId> ids(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                    waiting.size(), options.embed_batch)));
  CDX_TRY_LET(auto profiles, store.profiles(call, ids, options.most_items));
  CDX_TRY_LET(const auto known, known_vectors(call, profiles));

  std::vector<std::string> texts;
  std::set<std::uint64_t> taken;
  std::size_t used = 0;  // profiles whose texts are all in this batch
  for (; used < profiles.size() && texts.size() < options.embed_batch; ++used)
    for (auto& passage : passages_of(profiles[used], options.most_items)) {
      if (is_bio(passage) != bio) continue;
      for (auto& text : passage.texts)
        if (const auto hash = hash64(text); !known.contains(hash) && taken.insert(hash).second)
          texts.push_back(std::move(text));
    }
  if (!texts.empty()) {
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    CDX_TRY_LET(const auto rows, embedder->embed(call, views, TextRole::passage));
    std::vector<KeptVector> kept;
    for (std::size_t i = 0; i < texts.size(); ++i)
      kept.push_back(
          {{embedder->model().space(), hash64(texts[i])}, {rows.row(i).begin(), rows.row(i).end()}});
    CDX_TRY(store.keep_vectors(call, kept));
  }
  // Creators that were removed meanwhile are not among the profiles; they leave the queue as well.
  const auto last = used < profiles.size() ? profiles[used].creator.id : CreatorId{};
  profiles.resize(used);
  CDX_TRY_LET(const auto reached, backend.applied(call));
  CDX_TRY(apply(call, profiles, {}, reached, reached, false));
  if (last == CreatorId{})
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(ids.size()));
  else
    while (waiting.front() != last) waiting.pop_front();
  show(reached, true);
  return true;
}

// Without a working embedder here, another process may fill the kept vectors: look every two seconds.
Result<bool> Follower::State::pick_up_kept(const Call& call) {
  if (embedder == nullptr || (bios.empty() && contents.empty())) return false;
  if (clock.now() - asked_again < std::chrono::seconds{2}) return false;
  asked_again = clock.now();
  std::set<CreatorId> waiting(bios.begin(), bios.end());
  waiting.insert(contents.begin(), contents.end());
  std::vector<CreatorId> ids;  // the next of them, round and round
  for (auto at = waiting.upper_bound(asked_up_to); at != waiting.end() && ids.size() < options.change_batch;
       ++at)
    ids.push_back(*at);
  asked_up_to = ids.size() < options.change_batch ? CreatorId{} : ids.back();
  CDX_TRY_LET(auto profiles, store.profiles(call, ids, options.most_items));
  CDX_TRY_LET(const auto vectors, known_vectors(call, profiles));
  std::erase_if(profiles, [&](const Profile& profile) {
    const auto id = profile.creator.id;
    return meaning_of(profile, vectors, options.most_items).coverage.done <= coverage[id].done;
  });
  if (profiles.empty()) return false;
  std::set<CreatorId> richer;
  for (const auto& profile : profiles) richer.insert(profile.creator.id);
  std::erase_if(bios, [&](CreatorId id) { return richer.contains(id); });
  std::erase_if(contents, [&](CreatorId id) { return richer.contains(id); });
  CDX_TRY_LET(const auto reached, backend.applied(call));
  CDX_TRY(apply(call, profiles, {}, reached, reached, true));
  show(reached, true);
  return false;
}

void Follower::State::show(Revision reached, bool caught_up) {
  FollowerProgress now;
  now.indexed = backend.view()->size();
  now.caught_up = caught_up;
  now.revision = reached;
  now.passages = total.passages;
  now.passages_done = total.done;
  metrics::set("creatordex_passages", "Vector fields that have a text", {},
               static_cast<double>(now.passages));
  metrics::set("creatordex_passages_embedded", "Vector fields in the index", {},
               static_cast<double>(now.passages_done));
  metrics::set("creatordex_index_revision", "Store revision the index reached", {},
               static_cast<double>(reached.value));
  const std::scoped_lock lock(mutex);
  shown = now;
}

Follower::Follower(Store& store, SearchBackend& backend, EmbeddingProvider* embedder, const Clock& clock,
                   FollowerOptions options)
    : state_(new State{store, backend, embedder, clock, options, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}) {}
Follower::~Follower() = default;

Result<bool> Follower::step(const Call& call) {
  CDX_TRY(call.check());
  CDX_TRY_LET(const bool changed, state_->follow_changes(call));
  if (changed) return true;
  if (state_->embedder == nullptr) return false;
  CDX_TRY_LET(const bool looked, state_->survey(call));
  if (looked) return true;
  if (!state_->options.embed) return state_->pick_up_kept(call);
  CDX_TRY_LET(const bool bio, state_->embed_waiting(call, state_->bios, true));
  if (bio) return true;
  return state_->embed_waiting(call, state_->contents, false);
}

Status Follower::catch_up(const Call& call) {
  for (;;) {
    CDX_TRY_LET(const bool worked, step(call));
    if (!worked) return {};
  }
}

void Follower::run(std::stop_token stop) {
  const Call call{std::chrono::steady_clock::time_point::max(), stop};
  while (!stop.stop_requested()) {
    const auto worked = step(call);
    if (worked && *worked) continue;
    if (!worked && worked.error().kind != ErrorKind::cancelled)
      log::error("the index could not follow the store; trying again", {{"reason", worked.error().message}});
    std::this_thread::sleep_for(state_->options.poll);
  }
}

FollowerProgress Follower::progress() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->shown;
}

}  // namespace cdx
