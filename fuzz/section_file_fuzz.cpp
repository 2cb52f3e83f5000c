// Section files of hostile bytes, as they are and with the checksums of head, table and foot made right:
// opening and checking never crash and read nothing outside the file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "io/section_file.h"
#include "io/section_format.h"
#include "support/simulated_disk.h"

namespace {

using namespace cdx;

void require(bool fine) {
  if (!fine) std::abort();
}

void look_at(std::vector<std::byte> bytes) {
  SimulatedDisk disk;
  disk.put("/sections", std::move(bytes));
  const auto opened = open_section_file(disk, "/sections");
  if (!opened) {
    require(opened.error().kind == ErrorKind::corrupt || opened.error().kind == ErrorKind::unsupported);
    return;
  }
  require(check_section_file({}, **opened).has_value());  // reads all that the table names
  require((*opened)->damage().any() == !(*opened)->damage().status());
}

// Otherwise hardly any input would come past the checksums.
void seal(std::vector<std::byte>& bytes) {
  using namespace section_format;
  if (bytes.size() < sizeof(Head) + sizeof(Foot)) return;
  const Head head{head_magic, version, head_sum(Head{})};
  std::memcpy(bytes.data(), &head, sizeof head);
  Foot foot;
  const auto at = bytes.size() - sizeof foot;
  std::memcpy(&foot, bytes.data() + at, sizeof foot);
  foot.magic = foot_magic;
  foot.version = version;
  foot.file_size = bytes.size();
  if (foot.table_offset <= at) {
    foot.table_size = at - foot.table_offset;
    foot.table_sum = sum_of(std::span(bytes).subspan(foot.table_offset, foot.table_size));
  }
  foot.sum = foot_sum(foot);
  std::memcpy(bytes.data() + at, &foot, sizeof foot);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  std::vector<std::byte> copy(bytes.begin(), bytes.end());
  look_at(copy);
  seal(copy);
  look_at(std::move(copy));
  return 0;
}
