// A store that fails now and then, by a seed: for tests of whatever must survive it. Every call may fail
// before it does anything, and commits, appends and kept vectors may fail after having been done, as when the
// answer gets lost.
#pragma once

#include <mutex>
#include <random>

#include "store/store.h"

namespace cdx::test {

class FaultyStore final : public Store {
 public:
  FaultyStore(Store& inner, std::uint64_t seed, double share) : inner_(inner), random_(seed), share_(share) {}

  Result<Appended> append_raw(const Call& call, std::span<const RawRecord> records) override {
    return writing([&] { return inner_.append_raw(call, records); });
  }
  Result<RawPage> read_raw(const Call& call, RawOffset after, std::size_t max) const override {
    return reading([&] { return inner_.read_raw(call, after, max); });
  }
  Result<std::vector<AccountChange>> accounts(const Call& call,
                                              std::span<const AccountId> ids) const override {
    return reading([&] { return inner_.accounts(call, ids); });
  }
  Result<std::vector<AccountChange>> accounts_sharing(const Call& call, std::span<const BlockKey> keys,
                                                      std::size_t max) const override {
    return reading([&] { return inner_.accounts_sharing(call, keys, max); });
  }
  Result<std::vector<Creator>> creators(const Call& call, std::span<const CreatorId> ids) const override {
    return reading([&] { return inner_.creators(call, ids); });
  }
  Result<std::vector<Profile>> profiles(const Call& call, std::span<const CreatorId> ids,
                                        std::size_t max) const override {
    return reading([&] { return inner_.profiles(call, ids, max); });
  }
  Result<std::vector<MetricSnapshot>> snapshots(const Call& call,
                                                std::span<const AccountId> ids) const override {
    return reading([&] { return inner_.snapshots(call, ids); });
  }
  Result<std::vector<KnownPicture>> pictures(const Call& call,
                                             std::span<const AccountId> ids) const override {
    return reading([&] { return inner_.pictures(call, ids); });
  }
  Result<std::optional<std::string>> checkpoint(const Call& call, std::string_view name) const override {
    return reading([&] { return inner_.checkpoint(call, name); });
  }
  Result<std::vector<Quarantined>> quarantine(const Call& call, std::string_view source,
                                              std::size_t max) const override {
    return reading([&] { return inner_.quarantine(call, source, max); });
  }
  Result<Revision> commit(const Call& call, const ChangeSet& changes) override {
    return writing([&] { return inner_.commit(call, changes); });
  }
  Result<Revision> revision(const Call& call) const override {
    return reading([&] { return inner_.revision(call); });
  }
  Result<ChangePage> changes(const Call& call, Revision since, std::size_t max) const override {
    return reading([&] { return inner_.changes(call, since, max); });
  }
  Result<std::vector<KeptVector>> vectors(const Call& call, std::span<const VectorKey> keys) const override {
    return reading([&] { return inner_.vectors(call, keys); });
  }
  Status keep_vectors(const Call& call, std::span<const KeptVector> vectors) override {
    return writing([&] { return inner_.keep_vectors(call, vectors); });
  }
  Result<std::vector<std::string>> check(const Call& call) const override {
    return reading([&] { return inner_.check(call); });
  }
  Result<StoreCounts> counts(const Call& call) const override {
    return reading([&] { return inner_.counts(call); });
  }

 private:
  bool fails() const {
    const std::scoped_lock lock(mutex_);
    return std::uniform_real_distribution<double>(0, 1)(random_) < share_;
  }
  template <class Work>
  auto reading(Work work) const -> decltype(work()) {
    if (fails()) return fail(ErrorKind::unavailable, "injected before");
    return work();
  }
  template <class Work>
  auto writing(Work work) -> decltype(work()) {
    if (fails()) return fail(ErrorKind::unavailable, "injected before");
    auto done = work();
    if (fails()) return fail(ErrorKind::unavailable, "injected after");
    return done;
  }

  Store& inner_;
  mutable std::mutex mutex_;
  mutable std::mt19937_64 random_;
  double share_;
};

}  // namespace cdx::test
