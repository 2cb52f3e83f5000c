// The creators a measurement is made with: lines of nine columns, parted by tabs. Private to the benchmark
// room.
//
//   id  name  bio  tags  platform  followers  niche  country  engagement
// ids are 0, 1, 2, …: the number of the line, and of the row of a matrix of vectors. Errors: `not_found`;
// `invalid` names file, line and reason.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/file.h"

namespace cdx::benchmark {

struct CreatorRow {
  std::string_view name, bio, tags, platform, niche, country;
  double followers = 0, engagement = 0;
};

struct CreatorFile {
  MappedFile file;  // the rows look into it
  std::vector<CreatorRow> rows;
};
Result<CreatorFile> read_creators(const std::string& path);

// One question a line; empty lines are left out. `invalid` when there is none.
Result<std::vector<std::string>> read_questions(const std::string& path);

}  // namespace cdx::benchmark
