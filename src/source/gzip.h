// Unpacks gzip files of one or more members. Private to the source room.
#pragma once

#include "source/byte_file.h"

namespace cdx::source {

// `invalid` for a broken file and for one that unpacks to over 1 MB and more than `ratio` times its size.
Result<ByteFile> unpack_gzip(const ByteFile& packed, const std::string& temporary_dir, std::uint64_t ratio,
                             std::uint64_t limit);

}  // namespace cdx::source
