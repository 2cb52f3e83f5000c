// Rows a second from CSV text to accounts on one core: import_bench [ROWS]. Prints one JSON object.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "normalize/normalize.h"
#include "source/source.h"

namespace {

using Clock = std::chrono::steady_clock;

// Twelve columns as lists of creators have them: quoted bios with commas, short forms of numbers, percents.
void write_rows(const std::filesystem::path& path, std::size_t rows) {
  std::ofstream out(path, std::ios::binary);
  out << "rank,username,display_name,bio,followers,following,posts,engagement_rate_percent,avg "
         "likes,country,category,"
         "profile_url\n";
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string n = std::to_string(i);
    out << n << ",user_" << n << ",Creator Number " << n
        << ",\"I cook, travel and film \"\"slow\"\" food. Mail: see link " << n << "\","
        << (i * 7919) % 5'000'000 << ',' << i % 2'000 << ',' << i % 900 << ',' << (i % 90) / 10 << '.'
        << i % 10 << ',' << (i % 997) << ".4K,"
        << (i % 3 == 0   ? "Brazil"
            : i % 3 == 1 ? "US"
                         : "Germany")
        << ",\"Food, Travel\",https://www.instagram.com/user_" << n << "/\n";
  }
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

int run(std::size_t rows) {
  const auto path = std::filesystem::temp_directory_path() / "creatordex_import_bench.csv";
  write_rows(path, rows);
  cdx::FileSourceOptions options;
  options.path = path.string();
  options.choose_mapping = [](const cdx::TableHead& head) -> cdx::Result<std::string> {
    CDX_TRY_LET(const cdx::normalize::Mapping mapping,
                cdx::normalize::map_columns(head.columns, head.samples, {}));
    return cdx::normalize::to_json(mapping);
  };
  const auto start = Clock::now();
  const auto source = cdx::open_file_source(options);
  if (!source) return std::fprintf(stderr, "%s\n", source.error().message.c_str()), 1;
  cdx::normalize::Normalizer normalizer;
  std::size_t done = 0, failed = 0;
  double pulling = 0;
  std::optional<cdx::Cursor> at;
  do {
    const auto pull = Clock::now();
    const auto page = (*source)->pull(cdx::Call{}, at);
    pulling += seconds_since(pull);
    if (!page) return std::fprintf(stderr, "%s\n", page.error().message.c_str()), 1;
    for (const cdx::RawRecord& record : page->records) ++(normalizer.normalize(record) ? done : failed);
    failed += page->bad.size();
    at = page->next;
  } while (at);
  const double seconds = seconds_since(start);
  struct rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "{\"rows\":%zu,\"accounts\":%zu,\"failed\":%zu,\"file_bytes\":%ju,\"seconds\":%.3f,\"pull_seconds\":%."
      "3f,"
      "\"rows_per_second\":%.0f,\"peak_rss_mb\":%.1f}\n",
      rows, done, failed, static_cast<std::uintmax_t>(std::filesystem::file_size(path)), seconds, pulling,
      static_cast<double>(done) / seconds, static_cast<double>(usage.ru_maxrss) / 1024.0);
  std::filesystem::remove(path);
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) { return run(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000); }
