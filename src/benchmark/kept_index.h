// The index of the hybrid measurements: in memory, or in a folder of its own that keeps it for the next run.
// Private to the benchmark room.
#pragma once

#include <memory>
#include <string>

#include "benchmark/hybrid_world.h"
#include "index/index.h"

namespace cdx::benchmark {

struct KeptIndex {
  std::unique_ptr<Index> index;
  bool built = true;  // false: the folder had it
  std::uint64_t disk_bytes = 0;
};

// Opens what the folder keeps, or applies every document of the world and makes one segment of them; an empty
// folder name: in memory. `invalid`, and nothing is touched, when the folder holds anything else: another
// index, or one of this kind with other documents or fields.
Result<KeptIndex> keep_index(const Call& call, const std::string& folder, const HybridWorld& world);
// Opens only; `not_found` when there is no such index.
Result<std::unique_ptr<Index>> open_kept_index(const std::string& folder, const Schema& schema);

// The documents first .. end - 1 of the world in one batch.
Status apply_documents(const Call& call, const HybridWorld& world, std::size_t first, std::size_t end,
                       Index& index);
std::uint64_t folder_bytes(const std::string& folder);

}  // namespace cdx::benchmark
