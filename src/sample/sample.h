// The sample set: invented creators on four platforms, with known truth, for demos, measurements and tests.
//
// Promises: equal options give equal bytes, on any number of threads; memory does not grow with `creators`;
// every name, bio, post and figure is made up here from src/sample/data, so the set may be given to anybody.
// The folder holds accounts.ndjson (what to import), README, truth/ (never to be imported), and with
// `vectors` also vectors.npy and vectors.tsv. A folder with anything else in it is refused; an older sample
// set is replaced. Never: the network, real accounts, real mail addresses.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "base/time.h"

namespace cdx {

inline constexpr std::uint64_t sample_creators_limit = 5'000'000;

struct SampleOptions {
  std::uint64_t creators =
      1000;  // at most sample_creators_limit; people, brands, fans, impostors, agencies together
  std::uint64_t seed = 1;
  std::filesystem::path out;
  Time today = {};       // the newest day of the set; the same day gives the same bytes
  bool vectors = false;  // also vectors.npy: 384 float32 a row, about 6 KB a creator
  unsigned threads = 0;  // 0: as many as the machine has
  Call call = {};        // a stop leaves no finished set behind
};

struct SampleProgress {
  std::uint64_t creators = 0;  // written so far
  std::uint64_t total = 0;
  std::uint64_t accounts = 0;
  std::uint64_t bytes = 0;  // of all files
};

// `invalid` for options out of range or a folder that holds something else, `unavailable` when the disk
// refuses or has too little room, `cancelled` on a stop. `progress` is called from the calling thread, a few
// times a second.
Status write_sample(const SampleOptions& options,
                    const std::function<void(const SampleProgress&)>& progress = {});

// Who the creators of a set are, without the set: what can be found by name, for measurements.
struct SampleName {
  std::string name;                  // as shown
  std::string plain_name;            // in Latin letters
  std::vector<std::string> handles;  // distinct
  double followers = 0;              // of the largest account
};
class SampleNames {
 public:
  // `invalid` beyond sample_creators_limit or without creators.
  static Result<SampleNames> open(std::uint64_t creators, std::uint64_t seed);
  // The creator written as number `index` (below `creators`) by write_sample() with these options.
  // Thread-safe.
  SampleName of(std::uint64_t index) const;

 private:
  struct Parts;
  std::shared_ptr<const Parts> parts_;
};

}  // namespace cdx
