#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "app/command.h"
#include "app/images.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "image/image.h"

namespace cdx::app {
namespace {

namespace fs = std::filesystem;

struct InspectOptions {
  std::vector<std::string> paths;
  bool json = false;
  unsigned workers = 0;
};

// What a line says of one file.
struct Line {
  bool read = false;
  std::uint64_t bytes = 0;
  image::Inspection about;  // the reason alone, where the file could not be read
};

// At most `max` bytes of it: of a file that is refused for its size only the head is looked at.
Result<std::string> first_bytes(const std::string& path, std::uint64_t max, std::uint64_t& size) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (error || !fs::exists(status)) return fail(ErrorKind::not_found, "no such file");
  if (!fs::is_regular_file(status)) return fail(ErrorKind::invalid, "no regular file");
  size = fs::file_size(path, error);
  if (error) return fail(ErrorKind::unavailable, error.message());
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorKind::unavailable, "cannot be opened");
  std::string out(static_cast<std::size_t>(std::min(size, max)), '\0');
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  if (in.bad()) return fail(ErrorKind::unavailable, "cannot be read");
  out.resize(static_cast<std::size_t>(in.gcount()));
  return out;
}

Result<Line> inspect(const Call& call, image::Decoder& decoder, const std::string& path) {
  image::DecodeOptions options;
  options.keep_pixels = false;
  Line out;
  const auto bytes = first_bytes(path, options.max_bytes, out.bytes);
  if (!bytes) {
    out.about.reason = bytes.error().message;
    return out;
  }
  out.read = true;
  if (out.bytes > options.max_bytes) {
    out.about.outcome = image::Outcome::refused;
    out.about.format = image::sniff(*bytes);
    out.about.reason =
        fmt::format("the file has {} bytes; at most {} are read", out.bytes, options.max_bytes);
    return out;
  }
  CDX_TRY_LET(auto decoded, decoder.decode(call, *bytes, options));
  out.about = std::move(decoded.about);
  return out;
}

std::string_view status_of(const Line& line) { return line.read ? name(line.about.outcome) : "unreadable"; }

void print(const std::string& path, const Line& line, bool json) {
  const auto& about = line.about;
  if (!json) {
    const auto size = about.width > 0 ? fmt::format("{}x{}", about.width, about.height) : std::string("-");
    fmt::print("{:<11} {:<9} {:<11} {}{}{}\n", status_of(line), name(about.format), size, shown(path),
               about.reason.empty() ? "" : ": ", about.reason);
    return;
  }
  JsonWriter out;
  out.object([&] {
    out.key("path").value(path).key("status").value(status_of(line));
    out.key("format").value(name(about.format)).key("width").value(about.width);
    out.key("height").value(about.height).key("frames").value(about.frames);
    out.key("bytes").value(line.bytes).key("reason").value(about.reason);
  });
  fmt::print("{}\n", out.text());
}

// Files are looked at by several threads and told in their order.
class Inspections {
 public:
  Inspections(Call call, image::Decoder& decoder, const std::vector<std::string>& files)
      : call_(std::move(call)), decoder_(decoder), files_(files), lines_(files.size()) {}

  void work() {
    for (std::size_t i = next_++; i < files_.size(); i = next_++) {
      auto line = inspect(call_, decoder_, files_[i]);
      const std::scoped_lock lock(mutex_);
      lines_[i] = std::move(line);
      changed_.notify_all();
    }
  }
  Result<Line> wait(std::size_t i) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return lines_[i].has_value(); });
    return std::move(*lines_[i]);
  }
  void give_up() { next_ = files_.size(); }

 private:
  Call call_;
  image::Decoder& decoder_;
  const std::vector<std::string>& files_;
  std::vector<std::optional<Result<Line>>> lines_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
};

Status run_inspect(const InspectOptions& options) {
  const auto files = files_of(options.paths);
  CDX_TRY_LET(const auto decoder, open_decoder(options.workers));
  Inspections all(stoppable_call(), *decoder, files);
  const unsigned threads =
      options.workers > 0 ? options.workers : std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> hands;
  for (unsigned t = 0; t < threads; ++t) hands.emplace_back([&] { all.work(); });
  std::size_t unread = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto line = all.wait(i);
    if (!line) {
      all.give_up();
      return tl::unexpected<Error>(line.error());
    }
    if (!line->read) ++unread;
    print(files[i], *line, options.json);
  }
  if (unread > 0)
    return fail(ErrorKind::not_found, fmt::format("{} of {} files could not be read", unread, files.size()));
  return {};
}

void add_inspect(CLI::App& images, Runner& runner) {
  auto options = std::make_shared<InspectOptions>();
  auto* command = images.add_subcommand(
      "inspect",
      "says of each file whether it gives a picture: status, format, size, and the reason where not");
  command->add_option("PATH", options->paths, "files, or folders with all that lies below")->required();
  command->add_flag("--json", options->json, "one JSON object a line");
  command->add_option("--workers", options->workers, "files decoded at once (default: one a processor)")
      ->check(CLI::Range(1U, 256U));
  command->callback([&runner, options] { runner.run = [options] { return run_inspect(*options); }; });
}

}  // namespace

std::vector<std::string> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> out;
  for (const auto& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      out.push_back(path);
      continue;
    }
    const auto begin = out.size();
    for (fs::recursive_directory_iterator at(path, fs::directory_options::skip_permission_denied, error), end;
         !error && at != end; at.increment(error))
      if (std::error_code ignored; at->is_regular_file(ignored)) out.push_back(at->path().string());
    std::sort(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end());
  }
  return out;
}

std::string shown(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 127; }, '?');
  return text;
}

void add_images(CLI::App& app, const Context& context, Runner& runner) {
  auto* images = app.add_subcommand(
      "images", "pictures: inspect, fetch, take in for creators, find the same ones again");
  images->require_subcommand(1);
  add_inspect(*images, runner);
  add_images_fetch(*images, context, runner);
  add_images_sync(*images, context, runner);
  add_images_add(*images, context, runner);
  add_images_report(*images, context, runner);
}

}  // namespace cdx::app
