// Measures the local embedder: texts a second of wall and of processor time, for several settings.
//   embed_bench MODEL_FOLDER [TEXTS]
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "embed/openvino/openvino_embedder.h"

namespace {

double cpu_seconds() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Each of 30 words is one piece, so that a text has 32 tokens with [CLS] and [SEP].
std::vector<std::string> texts_of_32_tokens(std::size_t count) {
  static const std::vector<std::string> words{"travel",  "food",   "music",  "chess", "garden",
                                              "running", "camera", "winter", "city",  "books",
                                              "dance",   "coffee", "history"};
  std::vector<std::string> out(count);
  std::size_t n = 1;
  for (std::string& text : out) {
    for (int i = 0; i < 30; ++i) text += words[(n = n * 16807 % 2147483647) % words.size()] + " ";
  }
  return out;
}

struct Setting {
  std::size_t threads, streams, callers, batch, batch_tokens;
};

// Texts embedded by `callers` threads, each with its share in one call.
bool measure(const std::string& folder, const std::vector<std::string>& texts, const Setting& setting) {
  cdx::OpenVinoOptions options;
  options.model_dir = folder;
  options.threads = setting.threads;
  options.streams = setting.streams;
  options.batch = setting.batch;
  options.batch_tokens = setting.batch_tokens;
  const double opening = wall_seconds();
  const auto embedder = cdx::open_openvino_embedder(options);
  if (!embedder) {
    std::fprintf(stderr, "%s\n", embedder.error().message.c_str());
    return false;
  }
  const double opened = wall_seconds() - opening;
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  const auto warm_up = (*embedder)->embed({}, std::span(views).first(64), cdx::TextRole::passage);
  if (!warm_up) return false;

  const double wall = wall_seconds();
  const double cpu = cpu_seconds();
  std::vector<std::jthread> callers;
  const std::size_t share = views.size() / setting.callers;
  for (std::size_t c = 0; c < setting.callers; ++c) {
    callers.emplace_back([&, c] {
      if (!(*embedder)->embed({}, std::span(views).subspan(c * share, share), cdx::TextRole::passage))
        std::abort();
    });
  }
  callers.clear();
  const auto done = static_cast<double>(share * setting.callers);
  std::printf(
      "threads %zu streams %zu callers %zu batch %2zu tokens %4zu: %6.1f texts/s, %6.1f texts per CPU-s",
      setting.threads, setting.streams, setting.callers, setting.batch, setting.batch_tokens,
      done / (wall_seconds() - wall), done / (cpu_seconds() - cpu));
  const double query = wall_seconds();
  for (int i = 0; i < 50; ++i) {
    const std::vector<std::string_view> one{"vegan cooking for students"};
    if (!(*embedder)->embed({}, one, cdx::TextRole::query)) return false;
  }
  std::printf("; query %.1f ms; open %.2f s\n", (wall_seconds() - query) * 1000 / 50, opened);
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: embed_bench MODEL_FOLDER [TEXTS]\n");
    return 2;
  }
  const std::size_t texts = count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 1024;
  const std::vector<std::string> all = texts_of_32_tokens(texts < 64 ? 64 : texts);
  for (const Setting& setting :
       {Setting{1, 1, 1, 32, 1024}, Setting{1, 1, 1, 8, 1024}, Setting{1, 1, 1, 64, 4096},
        Setting{2, 1, 1, 32, 1024}, Setting{2, 1, 1, 64, 4096}, Setting{2, 2, 2, 32, 1024},
        Setting{2, 1, 2, 32, 1024}}) {
    if (!measure(arguments[1], all, setting)) return 1;
  }
  return 0;
}
