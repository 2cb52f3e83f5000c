#include "pipeline/follower.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "base/metrics.h"
#include "pipeline/embed_missing.h"
#include "pipeline/follower_state.h"

namespace cdx {
namespace {

constexpr std::size_t most_pictures = 10'000;  // of one step: their vectors are in memory together

// The index holds as many numbers for each field as it should.
bool indexed_as(const Meaning& meaning, const Schema& schema,
                const std::vector<std::vector<float>>& indexed) {
  for (std::size_t f = 0; f < schema.vectors.size() && f < indexed.size(); ++f) {
    const auto wanted = meaning.fields.find(schema.vectors[f].name);
    if (wanted != meaning.fields.end() && wanted->second.size() != indexed[f].size()) return false;
  }
  return true;
}

}  // namespace

void Follower::State::cover(CreatorId id, Coverage now) {
  auto& before = coverage[id];
  total.passages += now.passages - before.passages;
  total.done += now.done - before.done;
  total.pictures += now.pictures - before.pictures;
  total.pictures_done += now.pictures_done - before.pictures_done;
  before = now;
}

// Another generation of the index may have taken its place, with pictures in another space: then nothing is
// known of who waits for what.
void Follower::State::look_at_space() {
  const auto view = backend.view();
  const auto& schema = view->schema();
  Space now;
  if (const auto field = picture_field_of(schema)) {
    now.name = schema.vectors[*field].space;
    now.id = picture_space_id(now.name);
    now.dimension = schema.vectors[*field].dimension;
  }
  if (now.name == space.name) return;
  space = std::move(now);
  reader.reset();
  asked_for_reader = {};
  if (!survey_until) return;  // just begun
  coverage.clear();
  total = {};
  bios.clear();
  contents.clear();
  pictures.clear();
  survey_until.reset();
  surveyed = {};
}

// Then the page is asked for again, smaller; otherwise the next one may be larger.
bool Follower::State::too_much(const std::vector<Profile>& profiles, std::size_t changes) {
  std::size_t count = 0;
  for (const auto& profile : profiles) count += space.name.empty() ? 0 : profile.pictures.size();
  if (count > most_pictures && changes > 1) {
    change_batch = changes / 2;
    return true;
  }
  change_batch = std::min(options.change_batch, change_batch * 2);
  return false;
}

Result<KnownVectors> Follower::State::known_vectors(const Call& call,
                                                    const std::vector<Profile>& profiles) const {
  KnownVectors out;
  if (embedder != nullptr) {
    CDX_TRY_LET(out.texts,
                kept_vectors(call, store, embedder->model().space(), profiles, options.most_items));
  }
  if (!space.name.empty()) {
    CDX_TRY_LET(out.pictures, kept_picture_vectors(call, store, space.id, profiles));
  }
  return out;
}

Meaning Follower::State::meaning(const Profile& profile, const KnownVectors& vectors) const {
  return meaning_of(profile, vectors, options.most_items, space.dimension);
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
  const auto view = backend.view();
  if (picture_space_of(view->schema()) != space.name)
    return fail(ErrorKind::conflict, "the index has its pictures in another space by now");
  for (const auto& profile : profiles) {
    const auto known = meaning(profile, vectors);
    note(profile.creator.id, known, queue_missing);
    batch.upserts.push_back(to_document(profile, known.fields, clock.now(), view->schema()));
  }
  for (const auto id : removals) {
    cover(CreatorId{id}, {});
    coverage.erase(CreatorId{id});
  }
  return backend.apply(call, batch);
}

void Follower::State::note(CreatorId id, const Meaning& known, bool queue_missing) {
  cover(id, known.coverage);
  if (!queue_missing) return;
  if (embedder != nullptr && known.bio_missing) bios.push_back(id);
  if (embedder != nullptr && known.content_missing) contents.push_back(id);
  const auto readable = [&](const Digest& one) { return !lost.contains(one); };
  if (std::any_of(known.pictures_missing.begin(), known.pictures_missing.end(), readable))
    pictures.push_back(id);
}

// One page of the creators that were indexed before this follower began: which wait for vectors, and which
// got some while nobody was there to index them.
Result<bool> Follower::State::survey(const Call& call) {
  if (surveyed >= *survey_until) return false;
  CDX_TRY_LET(const auto page, store.changes(call, surveyed, change_batch));
  std::vector<CreatorId> unknown;
  for (const auto& change : page.changes)
    if (!change.removed && !coverage.contains(change.creator)) unknown.push_back(change.creator);
  CDX_TRY_LET(auto profiles, store.profiles(call, unknown, options.most_items));
  if (too_much(profiles, page.changes.size())) return true;
  CDX_TRY_LET(const auto vectors, known_vectors(call, profiles));
  const auto view = backend.view();
  std::erase_if(profiles, [&](const Profile& profile) {
    const auto known = meaning(profile, vectors);
    note(profile.creator.id, known, true);
    return indexed_as(known, view->schema(), view->vectors_of(profile.creator.id.value));
  });
  CDX_TRY_LET(const auto reached, backend.applied(call));
  if (!profiles.empty()) CDX_TRY(apply(call, profiles, {}, reached, reached, false));
  surveyed = page.more ? page.reached : *survey_until;
  show(reached, true);
  return true;
}

Result<bool> Follower::State::follow_changes(const Call& call) {
  CDX_TRY_LET(const auto since, backend.applied(call));
  look_at_space();
  if (!survey_until) survey_until = since;
  CDX_TRY_LET(const auto page, store.changes(call, since, change_batch));
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
  if (too_much(profiles, page.changes.size())) return true;
  CDX_TRY(apply(call, profiles, removals, since, page.reached, true));
  metrics::count("creatordex_index_documents_total", "Creators applied to the index", {},
                 static_cast<double>(profiles.size()));
  show(page.reached, !page.more);
  return true;
}

void Follower::State::show(Revision reached, bool caught_up) {
  FollowerProgress now;
  now.indexed = backend.view()->size();
  now.caught_up = caught_up;
  now.revision = reached;
  now.passages = total.passages;
  now.passages_done = total.done;
  now.pictures = total.pictures;
  now.pictures_done = total.pictures_done;
  metrics::set("creatordex_passages", "Vector fields that have a text", {},
               static_cast<double>(now.passages));
  metrics::set("creatordex_passages_embedded", "Vector fields in the index", {},
               static_cast<double>(now.passages_done));
  metrics::set("creatordex_pictures_indexable", "Pictures that the index should hold", {},
               static_cast<double>(now.pictures));
  metrics::set("creatordex_pictures_indexed", "Pictures in the index", {},
               static_cast<double>(now.pictures_done));
  metrics::set("creatordex_index_revision", "Store revision the index reached", {},
               static_cast<double>(reached.value));
  const std::scoped_lock lock(mutex);
  shown = now;
}

Follower::Follower(Store& store, SearchBackend& backend, EmbeddingProvider* embedder, const Clock& clock,
                   FollowerOptions options)
    : state_(new State{store, backend, embedder, clock, options}) {}
Follower::~Follower() = default;

Result<bool> Follower::step(const Call& call) {
  CDX_TRY(call.check());
  CDX_TRY_LET(const bool changed, state_->follow_changes(call));
  if (changed) return true;
  if (state_->embedder != nullptr || !state_->space.name.empty()) {
    CDX_TRY_LET(const bool looked, state_->survey(call));
    if (looked) return true;
  }
  if (state_->embeds_texts()) {
    for (const bool bio : {true, false}) {
      CDX_TRY_LET(const bool worked, state_->embed_waiting(call, bio ? state_->bios : state_->contents, bio));
      if (worked) return true;
    }
  }
  CDX_TRY_LET(const bool reads, state_->embeds_pictures(call));
  if (reads) {
    CDX_TRY_LET(const bool worked, state_->embed_waiting_pictures(call));
    if (worked) return true;
  }
  return state_->pick_up_kept(call);
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
