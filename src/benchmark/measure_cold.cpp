#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>

#include "benchmark/benchmark.h"
#include "benchmark/cost.h"
#include "benchmark/hybrid_ask.h"
#include "benchmark/hybrid_world.h"
#include "benchmark/kept_index.h"

namespace cdx::benchmark {
namespace {

// Asks the system to forget what it holds of the folder's files, so that the next reads come from the disk.
// The host of a virtual machine may still hold them.
void evict(const std::string& folder) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;
    ::fdatasync(file);
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
  }
}

class Watch {
 public:
  Watch() : begin_(std::chrono::steady_clock::now()) {}
  double ms() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace

Result<ColdReport> measure_cold(const Call& call, const ColdOptions& options) {
  CDX_TRY_LET(const auto questions, HybridQuestions::read(options.hybrid));
  if (options.evict) evict(options.folder);
  ColdReport report;
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  const double cpu = process_cpu_s();
  const Watch watch;
  CDX_TRY_LET(const auto index, open_kept_index(options.folder, questions.schema()));
  const auto snapshot = index->snapshot();
  report.open_ms = watch.ms();
  const auto& asking = options.hybrid.asking;
  CDX_TRY_LET(const auto first,
              ask_hybrid(call, *snapshot, questions.retrieval(0), options.hybrid.depth, asking.k));
  report.first_ms = watch.ms();
  report.cpu_ms = (process_cpu_s() - cpu) * 1e3;
  getrusage(RUSAGE_SELF, &after);
  const Watch again;
  CDX_TRY_LET(const auto second,
              ask_hybrid(call, *snapshot, questions.retrieval(0), options.hybrid.depth, asking.k));
  report.again_ms = again.ms();
  report.found = first.best.size();
  report.documents = snapshot->size();
  report.segments = index->health().segments;
  report.faults_disk = static_cast<std::size_t>(after.ru_majflt - before.ru_majflt);
  report.faults_memory = static_cast<std::size_t>(after.ru_minflt - before.ru_minflt);
  report.rss_mb = resident_mb();
  report.disk_bytes = folder_bytes(options.folder);
  return report;
}

}  // namespace cdx::benchmark
