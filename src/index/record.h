// A batch as bytes, for the write-ahead log.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "index/index.h"

namespace cdx::engine {

// `upserts` are those of the batch that count, in any order; vectors are kept to the bit.
std::string encode_record(std::span<const Document* const> upserts, std::span<const std::uint64_t> removals,
                          Revision reached);
// `corrupt` for bytes that are not a record; `unsupported` for a newer one.
Result<IndexBatch> decode_record(std::span<const std::byte> bytes);

}  // namespace cdx::engine
