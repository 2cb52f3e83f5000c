#include <algorithm>

#include "base/hash.h"
#include "base/log.h"
#include "pipeline/follower_state.h"

namespace cdx {

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
        if (const auto hash = hash64(text); !known.texts.contains(hash) && taken.insert(hash).second)
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

// The reader of the space that the index is in, asked for once a minute where there is none.
Result<bool> Follower::State::embeds_pictures(const Call& call) {
  if (!options.embed || options.pictures == nullptr || options.picture_spaces == nullptr) return false;
  if (space.name.empty() || pictures.empty()) return false;
  if (reader != nullptr) return true;
  if (clock.now() - asked_for_reader < std::chrono::minutes{1}) return false;
  asked_for_reader = clock.now();
  auto found = options.picture_spaces->reader(call, space.name);
  if (found) {
    reader = *std::move(found);
    return reader != nullptr;
  }
  if (found.error().kind == ErrorKind::cancelled || found.error().kind == ErrorKind::timed_out)
    return tl::unexpected<Error>(found.error());
  log::warning("pictures get no vectors here", {{"space", space.name}, {"reason", found.error().message}});
  return false;
}

// The same as for texts. A creator with more pictures than a batch takes stays in the queue meanwhile: what
// it has so far is kept.
Result<bool> Follower::State::embed_waiting_pictures(const Call& call) {
  const auto batch = options.picture_batch;
  std::vector<CreatorId> ids(
      pictures.begin(), pictures.begin() + static_cast<std::ptrdiff_t>(std::min(pictures.size(), batch)));
  CDX_TRY_LET(auto profiles, store.profiles(call, ids, options.most_items));
  CDX_TRY_LET(const auto known, known_vectors(call, profiles));
  std::vector<Digest> missing;
  std::size_t used = 0;  // profiles whose pictures are all in this batch
  for (; used < profiles.size() && missing.size() < batch; ++used) {
    auto here = meaning(profiles[used], known).pictures_missing;
    std::erase_if(here, [&](const Digest& one) { return lost.contains(one); });
    const auto room = batch - missing.size();
    missing.insert(missing.end(), here.begin(),
                   here.begin() + static_cast<std::ptrdiff_t>(std::min(here.size(), room)));
    if (here.size() > room) break;
  }
  CDX_TRY_LET(const auto done, embed_pictures(call, store, *options.pictures, *reader, missing));
  lost.insert(done.lost.begin(), done.lost.end());
  for (const auto& one : done.lost)
    log::warning("a known picture can no longer be read", {{"sha256", hex(one)}});
  CDX_TRY_LET(const auto reached, backend.applied(call));
  const bool more = used < profiles.size();
  const auto next = more ? profiles[used].creator.id : CreatorId{};
  profiles.resize(used);
  if (!profiles.empty()) CDX_TRY(apply(call, profiles, {}, reached, reached, false));
  if (more)
    while (pictures.front() != next) pictures.pop_front();
  else
    pictures.erase(pictures.begin(), pictures.begin() + static_cast<std::ptrdiff_t>(ids.size()));
  show(reached, true);
  return true;
}

// What is not embedded here another process may embed: look for its vectors every two seconds.
Result<bool> Follower::State::pick_up_kept(const Call& call) {
  std::set<CreatorId> waiting;
  if (!embeds_texts()) {
    waiting.insert(bios.begin(), bios.end());
    waiting.insert(contents.begin(), contents.end());
  }
  if (reader == nullptr) waiting.insert(pictures.begin(), pictures.end());
  if (waiting.empty() || clock.now() - asked_again < std::chrono::seconds{2}) return false;
  asked_again = clock.now();
  std::vector<CreatorId> ids;  // the next of them, round and round
  for (auto at = waiting.upper_bound(asked_up_to); at != waiting.end() && ids.size() < change_batch; ++at)
    ids.push_back(*at);
  asked_up_to = ids.size() < change_batch ? CreatorId{} : ids.back();
  CDX_TRY_LET(auto profiles, store.profiles(call, ids, options.most_items));
  CDX_TRY_LET(const auto vectors, known_vectors(call, profiles));
  std::erase_if(profiles, [&](const Profile& profile) {
    const auto now = meaning(profile, vectors).coverage;
    const auto& before = coverage[profile.creator.id];
    return now.done <= before.done && now.pictures_done <= before.pictures_done;
  });
  if (profiles.empty()) return false;
  std::set<CreatorId> richer;
  for (const auto& profile : profiles) richer.insert(profile.creator.id);
  for (auto* queue : {&bios, &contents, &pictures})
    std::erase_if(*queue, [&](CreatorId id) { return richer.contains(id); });
  CDX_TRY_LET(const auto reached, backend.applied(call));
  CDX_TRY(apply(call, profiles, {}, reached, reached, true));
  show(reached, true);
  return false;
}

}  // namespace cdx
