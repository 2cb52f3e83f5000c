// Any bytes as a file to import: CSV, workbook, JSON, gzip. Reads every page and normalises every record.
// Links cdx::source and cdx::normalize.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "normalize/normalize.h"
#include "source/source.h"

namespace {

void import_all(int descriptor) {
  cdx::FileSourceOptions options;
  options.path = "-";
  options.standard_input = descriptor;
  options.page_records = 3;  // so that cursors are used
  options.record_bytes = 4'096;
  options.spool_bytes = 4'000'000;
  options.workbook_bytes = 4'000'000;
  options.choose_mapping = [](const cdx::TableHead& head) -> cdx::Result<std::string> {
    CDX_TRY_LET(const cdx::normalize::Mapping mapping,
                cdx::normalize::map_columns(head.columns, head.samples, {}));
    return cdx::normalize::to_json(mapping);
  };
  const auto source = cdx::open_file_source(options);
  if (!source) return;
  cdx::normalize::Normalizer normalizer;
  std::optional<cdx::Cursor> at;
  do {
    const auto page = (*source)->pull(cdx::Call{}, at);
    if (!page) return;
    for (const cdx::RawRecord& record : page->records) {
      const auto done = normalizer.normalize(record);
      // A layout of our own making is never corrupt.
      if (!done && done.error().kind != cdx::ErrorKind::invalid) std::abort();
    }
    at = page->next;
  } while (at);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int descriptor = ::memfd_create("csv_fuzz", MFD_CLOEXEC);
  if (descriptor < 0) return 0;
  if (::write(descriptor, data, size) == static_cast<ssize_t>(size) && ::lseek(descriptor, 0, SEEK_SET) == 0)
    import_all(descriptor);
  ::close(descriptor);
  return 0;
}
