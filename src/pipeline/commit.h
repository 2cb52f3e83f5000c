// From normalised accounts to committed creators: merge, resolve, derive, commit. Part of
// pipeline/pipeline.h.
#pragma once

#include <vector>

#include "base/call.h"
#include "base/time.h"
#include "figures/fake_model.h"
#include "model/model.h"
#include "store/store.h"

namespace cdx {

struct AccountUpdate {
  Account account;
  std::vector<ContentItem> items;
  std::vector<MetricSnapshot> snapshots;
  std::string declared_key = {};  // the source's own key for the creator, with the source's name; empty: none
};

struct CommitExtras {  // what goes into the same commit
  std::vector<Quarantined> quarantine;
  std::vector<Checkpoint> checkpoints;
  const figures::FakeModel* fakes = nullptr;  // asked for credibility, where there is one
};

// Of all rules that derive a creator from what is kept of it; stored with it.
std::uint32_t derivation_version();

// Commits a batch as a whole. Accounts already known are merged field by field; new ones join the creator
// that resolve::decide names, or become one. Every creator touched is derived again from all it has. A
// conflict with another writer is retried a few times, then returned.
Status commit_accounts(const Call& call, Store& store, const Clock& clock,
                       const std::vector<AccountUpdate>& updates, const CommitExtras& extras);

}  // namespace cdx
