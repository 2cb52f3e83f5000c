// One source to the store. Part of pipeline/pipeline.h.
#pragma once

#include <functional>

#include "base/call.h"
#include "base/time.h"
#include "figures/fake_model.h"
#include "source/source.h"
#include "store/store.h"

namespace cdx {

struct ImportReport {
  std::uint64_t rows = 0;         // records seen; the sum of the next three
  std::uint64_t imported = 0;     // new to the store
  std::uint64_t unchanged = 0;    // the store has these bytes already
  std::uint64_t quarantined = 0;  // could not be taken; kept aside with place and reason
  std::uint64_t bytes_done = 0, bytes_total = 0;
  std::vector<Quarantined> first_quarantined;  // the first most_told of them, with place and reason
};
inline constexpr std::size_t most_told = 50;

// Pulls the source to its end. Each page is kept verbatim, then committed: a stop or a crash at any point
// loses nothing that was committed, and another run completes the rest. Records that were kept but not
// committed by an earlier run are taken up first. `report` is up to date also when an error is returned.
// `fakes`, if given, is asked about accounts for their credibility.
Status import_source(const Call& call, Source& source, Store& store, const Clock& clock, ImportReport& report,
                     const std::function<void(const ImportReport&)>& progress,
                     const figures::FakeModel* fakes = nullptr);

}  // namespace cdx
