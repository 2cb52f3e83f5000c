#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>

#include "app/command.h"
#include "app/images.h"
#include "app/progress.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "fetch/fetch.h"
#include "image/image.h"
#include "io/file.h"
#include "pipeline/pipeline.h"
#include "text/text.h"

namespace cdx::app {
namespace {

namespace fs = std::filesystem;

struct FetchFlags {
  std::vector<std::string> lists;
  std::string column, folder;
  bool from_store = false, json = false;
  std::shared_ptr<NetFlags> net = std::make_shared<NetFlags>();
};

constexpr std::size_t longest_list = std::size_t{1} << 30U;

// One URL a line; blank lines and those that begin with "#" say nothing.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && static_cast<unsigned char>(line.back()) <= ' ') line.remove_suffix(1);
    while (!line.empty() && static_cast<unsigned char>(line.front()) <= ' ') line.remove_prefix(1);
    if (!line.empty() && line.front() != '#') out.emplace_back(line);
  }
  return out;
}

Result<std::vector<std::string>> column_of(std::string_view text, const std::string& column,
                                           const std::string& path) {
  CDX_TRY_LET(auto rows, columns_of(text, {column}, path));
  std::vector<std::string> out;
  for (auto& row : rows)
    if (!row[0].empty()) out.push_back(std::move(row[0]));
  return out;
}

// The profile pictures of every account in the store.
Status add_from_store(const Call& call, const Config& config, std::vector<std::string>& urls) {
  CDX_TRY_LET(const auto store, open_store(config));
  CDX_TRY_LET(const auto until, store->revision(call));
  WishOptions wishes;
  wishes.content = false;
  wishes.kept_too = true;
  CDX_TRY_LET(const auto found,
              wanted_pictures(call, *store, {}, until, std::numeric_limits<std::size_t>::max(), wishes));
  for (const auto& one : found.wanted) urls.push_back(one.url);
  return {};
}

Result<fetch::Shard> parse_shard(const std::string& text) {
  if (text.empty()) return fetch::Shard{};
  fetch::Shard out;
  const auto slash = text.find('/');
  const auto whole = [&](std::string_view digits, std::size_t& into) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), into);
    return error == std::errc{} && end == digits.data() + digits.size();
  };
  if (slash != std::string::npos && whole(std::string_view(text).substr(0, slash), out.index) &&
      whole(std::string_view(text).substr(slash + 1), out.count) && out.index < out.count)
    return out;
  return fail(ErrorKind::invalid, "--shard must be i/n with i from 0 to n - 1, such as 0/4");
}

std::string folder_of(const Config& config, const std::string& asked) {
  return asked.empty() ? (fs::path(config.text("data")) / "pictures").string() : asked;
}

void tell(const fetch::FetchProgress& done, double seconds, bool json) {
  if (!json) {
    fmt::print("{} of {}: {} fetched ({:.1f} MB), {} unchanged, {} done before, {} given up, in {}\n",
               done.finished(), done.total, done.fetched, static_cast<double>(done.bytes) / 1e6,
               done.unchanged, done.skipped, done.dead, short_duration(seconds));
    return;
  }
  JsonWriter out;
  out.object([&] {
    const auto count = [&](std::string_view key, std::size_t value) {
      out.key(key).value(static_cast<std::uint64_t>(value));
    };
    count("total", done.total);
    count("fetched", done.fetched);
    count("unchanged", done.unchanged);
    count("skipped", done.skipped);
    count("dead", done.dead);
    count("attempts", done.attempts);
    out.key("bytes").value(done.bytes);
    out.key("seconds").value(seconds);
  });
  fmt::print("{}\n", out.text());
}

Status fetch_these(const Call& call, const std::vector<std::string>& urls, const FetchFlags& flags,
                   const std::string& folder) {
  CDX_TRY_LET(const auto options, fetch_options(*flags.net, folder));
  Progress progress("fetching", "pictures");
  const auto done =
      fetch::fetch_all(call, urls, options, picture_ending, [&](const fetch::FetchProgress& now) {
        progress.show(
            now.finished(),
            now.total == 0 ? 1 : static_cast<double>(now.finished()) / static_cast<double>(now.total));
      });
  progress.finish("");
  if (!done) return tl::unexpected<Error>(done.error());
  tell(*done, progress.seconds(), flags.json);
  return {};
}

Status run_fetch(const Context& context, const FetchFlags& flags) {
  CDX_TRY_LET(const auto config, context.config({}));
  const auto call = stoppable_call();
  std::vector<std::string> urls;
  for (const auto& path : flags.lists) {
    CDX_TRY_LET(const auto text, read_file(path, longest_list));
    auto found = flags.column.empty() ? Result<std::vector<std::string>>(lines_of(text))
                                      : column_of(text, flags.column, path);
    if (!found) return tl::unexpected<Error>(found.error());
    urls.insert(urls.end(), found->begin(), found->end());
  }
  if (flags.from_store) CDX_TRY(add_from_store(call, config, urls));
  if (flags.lists.empty() && !flags.from_store)
    return fail(ErrorKind::invalid, "name a list of URLs, or say --from-store");
  return fetch_these(call, urls, flags, folder_of(config, flags.folder));
}

// What was given up before, once more.
Status run_retry(const Context& context, const FetchFlags& flags) {
  CDX_TRY_LET(const auto config, context.config({}));
  const auto folder = folder_of(config, flags.folder);
  std::vector<std::string> urls;
  {
    CDX_TRY_LET(const auto manifest, fetch::Manifest::open(folder + "/manifest.jsonl"));
    for (const auto& [url, standing] : manifest.all())
      if (standing.dead) urls.push_back(url);
  }
  std::sort(urls.begin(), urls.end());
  auto again = flags;
  again.net = std::make_shared<NetFlags>(*flags.net);
  again.net->options.retry_dead = true;
  return fetch_these(stoppable_call(), urls, again, folder);
}

void add_limits(CLI::App& command, const std::shared_ptr<FetchFlags>& flags) {
  command.add_option("--out", flags->folder,
                     "folder of pictures and manifest.jsonl (default: DATA/pictures)");
  add_net_flags(command, flags->net);
  command.add_flag("--json", flags->json, "the result as one JSON object");
}

}  // namespace

Result<std::vector<std::vector<std::string>>> columns_of(std::string_view text,
                                                         const std::vector<std::string>& columns,
                                                         const std::string& path) {
  std::vector<std::vector<std::string>> out;
  std::vector<std::size_t> places;
  while (!text.empty()) {
    const auto span = text::find_row(text, {});
    text::Cells cells;
    text::split_row(text.substr(0, span.size), {}, cells);
    text.remove_prefix(span.next);
    if (places.empty()) {
      for (const auto& column : columns) {
        std::size_t at = 0;
        while (at < cells.values.size() && text::fold(cells.values[at]) != text::fold(column)) ++at;
        if (at == cells.values.size())
          return fail(ErrorKind::invalid, fmt::format("{} has no column \"{}\"", path, column));
        places.push_back(at);
      }
      continue;
    }
    auto& row = out.emplace_back();
    for (const auto at : places) row.emplace_back(at < cells.values.size() ? cells.values[at] : "");
  }
  return out;
}

std::string picture_ending(std::string_view first_bytes) { return file_ending(image::sniff(first_bytes)); }

Result<fetch::FetchOptions> fetch_options(const NetFlags& flags, const std::string& folder) {
  auto out = flags.options;
  out.folder = folder;
  CDX_TRY_LET(out.shard, parse_shard(flags.shard));
  out.net.allowed_networks = flags.allowed;
  if (!flags.ports.empty()) out.net.ports = flags.ports;
  return out;
}

void add_net_flags(CLI::App& command, const std::shared_ptr<NetFlags>& flags) {
  auto& options = flags->options;
  command.add_option("--shard", flags->shard, "i/n: this one of n processes that share the lists");
  command.add_option("--concurrency", options.concurrency, "downloads at once (default 64)")
      ->check(CLI::Range(1, 4'096));
  command.add_option("--per-host", options.per_host, "of them from one host (default 8)")
      ->check(CLI::Range(1, 4'096));
  command.add_option("--attempts", options.attempts, "of one URL, for faults that may pass (default 4)")
      ->check(CLI::Range(1, 20));
  command.add_flag("--allow-http", options.net.allow_http, "also http, not only https");
  command.add_option("--allow-network", flags->allowed,
                     "a network that may be asked although it is not public, such as 10.1.0.0/16");
  command.add_option("--port", flags->ports, "ports that may be asked (default 80 and 443)");
}

void add_images_fetch(CLI::App& images, const Context& context, Runner& runner) {
  auto flags = std::make_shared<FetchFlags>();
  auto* fetch = images.add_subcommand("fetch", "download pictures: creatordex images fetch urls.txt");
  fetch->add_option("LIST", flags->lists, "files with one URL a line, or CSV files with --column");
  fetch->add_option("--column", flags->column, "the column of the CSV files that holds URLs");
  fetch->add_flag("--from-store", flags->from_store, "the profile pictures of all creators in the store");
  fetch->add_flag("--refresh", flags->net->options.refresh,
                  "ask again for what was fetched, and take it if it changed");
  add_limits(*fetch, flags);
  fetch->callback(
      [&runner, &context, flags] { runner.run = [&context, flags] { return run_fetch(context, *flags); }; });
  auto again = std::make_shared<FetchFlags>();
  auto* retry = images.add_subcommand("retry", "ask once more for what was given up");
  add_limits(*retry, again);
  retry->callback(
      [&runner, &context, again] { runner.run = [&context, again] { return run_retry(context, *again); }; });
}

}  // namespace cdx::app
