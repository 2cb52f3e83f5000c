// What a Follower knows and does. Seen by its sources only: follower.cpp keeps the index in step,
// follower_embed.cpp fills in what has no vector.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <unordered_map>

#include "pipeline/follower.h"
#include "pipeline/meaning.h"

namespace cdx {

struct Follower::State {
  Store& store;
  SearchBackend& backend;
  EmbeddingProvider* embedder;
  const Clock& clock;
  FollowerOptions options;

  std::size_t change_batch = options.change_batch;  // smaller while creators have many pictures
  std::unordered_map<CreatorId, Coverage> coverage = {};
  Coverage total = {};  // sum over `coverage`
  // Creators that wait for vectors, in the order they came.
  std::deque<CreatorId> bios = {}, contents = {}, pictures = {};
  Time asked_again{};          // when vectors kept by another process were last looked for
  CreatorId asked_up_to = {};  // and up to which creator
  // An index that was there before knows its creators, this follower does not yet: the survey looks at each
  // once.
  std::optional<Revision> survey_until = {};
  Revision surveyed = {};

  // Where the index has its pictures; an empty name: it has no place for them.
  struct Space {
    std::string name;
    std::uint64_t id = 0;
    std::size_t dimension = 0;
  };
  Space space = {};
  std::shared_ptr<PictureReader> reader = {};  // of that space; null: not asked for yet, or not to be had
  Time asked_for_reader{};
  std::set<Digest> lost = {};  // pictures that can no longer be read

  mutable std::mutex mutex = {};  // guards `shown` alone
  FollowerProgress shown = {};

  void look_at_space();
  bool too_much(const std::vector<Profile>& profiles, std::size_t changes);
  Result<KnownVectors> known_vectors(const Call& call, const std::vector<Profile>& profiles) const;
  Meaning meaning(const Profile& profile, const KnownVectors& vectors) const;
  Status apply(const Call& call, const std::vector<Profile>& profiles,
               std::span<const std::uint64_t> removals, Revision follows, Revision reached,
               bool queue_missing);
  void note(CreatorId id, const Meaning& meaning, bool queue_missing);
  Result<bool> follow_changes(const Call& call);
  Result<bool> survey(const Call& call);
  Result<bool> embed_waiting(const Call& call, std::deque<CreatorId>& waiting, bool bio);
  Result<bool> embed_waiting_pictures(const Call& call);
  Result<bool> pick_up_kept(const Call& call);
  bool embeds_texts() const { return options.embed && embedder != nullptr; }
  Result<bool> embeds_pictures(const Call& call);
  void cover(CreatorId id, Coverage now);
  void show(Revision reached, bool caught_up);
};

}  // namespace cdx
