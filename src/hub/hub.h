// Published model files, fetched once and never trusted: each is pinned by size and SHA-256.
//
// Promises: a file stands under its final name only when every byte has been checked; an interrupted download
// goes on where it stopped (Range), also after a kill; pulling again what is there costs no connection.
// Proxies are honoured as curl does (http_proxy, https_proxy, no_proxy). Redirects are followed, https never
// to http. One pull a folder at a time. Never: a file that is not in the table, credentials, a connection
// that nobody asked for.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"

namespace cdx::hub {

struct PinnedFile {
  std::string source;  // where it lies below the hub's address: "OWNER/MODEL/resolve/REVISION/FILE"
  std::string name;    // what it is called in the model's folder
  std::uint64_t bytes = 0;
  std::string sha256;
};

struct PinnedModel {
  std::string name;  // of the model, and of its folder
  std::string about;
  std::string terms;  // its licence
  std::vector<PinnedFile> files;
  std::uint64_t bytes() const;
};

// The models that `model pull` knows.
const std::vector<PinnedModel>& known_models();
// `not_found`, with the names there are.
Result<PinnedModel> find_model(std::string_view name);

// The publisher; a mirror is any server with the same paths.
inline constexpr std::string_view default_base = "https://huggingface.co";

enum class FileState { right, absent, unfinished, wrong_size, wrong_hash };
std::string_view name(FileState state);
// Reads every byte. `deep` false: looks at sizes only.
Result<FileState> check_file(const Call& call, const std::string& folder, const PinnedFile& file, bool deep);

struct PullProgress {
  std::string file;
  std::uint64_t done = 0, total = 0;  // bytes of the model
};

struct PullOptions {
  std::string base = std::string(default_base);
  std::string folder = {};  // of this model
  std::chrono::milliseconds connect_time{15'000};
  std::chrono::seconds stall_time{30};  // slower than 1 kB/s for so long is given up
  int redirects = 5;
  int attempts = 5;                              // of a file, for faults that may pass
  std::chrono::milliseconds first_pause{1'000};  // doubles with each attempt
  std::string ca_file = {};                      // empty: what the system trusts
};

// Leaves every file of the model, checked, in the folder. What is there and right is left alone. `invalid`:
// the address; `not_found`: the server has no such file; `unauthorized`; `corrupt`: the bytes are not those
// that were pinned (what was fetched is removed); `unavailable`: another pull is running, or the server
// failed in every attempt; `cancelled` and `timed_out` keep the part for the next run.
Status pull(const Call& call, const PinnedModel& model, const PullOptions& options,
            const std::function<void(const PullProgress&)>& progress = {});

}  // namespace cdx::hub
