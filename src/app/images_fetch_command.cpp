#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <filesystem>

#include "app/command.h"
#include "app/images.h"
#include "app/progress.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "fetch/fetch.h"
#include "image/image.h"
#include "io/file.h"
#include "text/text.h"

namespace cdx::app {
namespace {

namespace fs = std::filesystem;

struct FetchFlags {
  std::vector<std::string> lists;
  std::string column, shard;
  std::vector<std::string> allowed;
  std::vector<std::uint16_t> ports;
  bool from_store = false, json = false;
  fetch::FetchOptions options;
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
  std::vector<std::string> out;
  std::optional<std::size_t> at;
  while (!text.empty()) {
    const auto span = text::find_row(text, {});
    text::Cells cells;
    text::split_row(text.substr(0, span.size), {}, cells);
    text.remove_prefix(span.next);
    if (!at) {
      for (std::size_t i = 0; i < cells.values.size(); ++i)
        if (text::fold(cells.values[i]) == text::fold(column)) at = i;
      if (!at) return fail(ErrorKind::invalid, fmt::format("{} has no column \"{}\"", path, column));
    } else if (*at < cells.values.size() && !cells.values[*at].empty()) {
      out.emplace_back(cells.values[*at]);
    }
  }
  return out;
}

// The profile pictures of every account in the store.
Status add_from_store(const Call& call, const Config& config, std::vector<std::string>& urls) {
  constexpr std::size_t page_size = 1'000;
  CDX_TRY_LET(const auto store, open_store(config));
  for (Revision since{};;) {
    CDX_TRY_LET(const auto page, store->changes(call, since, page_size));
    std::vector<CreatorId> ids;
    for (const auto& change : page.changes)
      if (!change.removed) ids.push_back(change.creator);
    CDX_TRY_LET(const auto profiles, store->profiles(call, ids, 0));
    for (const auto& profile : profiles)
      for (const auto& account : profile.accounts)
        if (account.image_url) urls.push_back(account.image_url->value);
    since = page.reached;
    if (!page.more) return {};
  }
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

// Everything that may be decoded here, by its first bytes.
std::string ending_of(std::string_view first_bytes) {
  const auto format = image::sniff(first_bytes);
  if (!image::decodable(format)) return {};
  return format == image::Format::jpeg ? "jpg" : std::string(name(format));
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
  auto options = flags.options;
  options.folder = folder;
  CDX_TRY_LET(options.shard, parse_shard(flags.shard));
  options.net.allowed_networks = flags.allowed;
  if (!flags.ports.empty()) options.net.ports = flags.ports;
  Progress progress("fetching", "pictures");
  const auto done = fetch::fetch_all(call, urls, options, ending_of, [&](const fetch::FetchProgress& now) {
    progress.show(now.finished(),
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
  return fetch_these(call, urls, flags, folder_of(config, flags.options.folder));
}

// What was given up before, once more.
Status run_retry(const Context& context, const FetchFlags& flags) {
  CDX_TRY_LET(const auto config, context.config({}));
  const auto folder = folder_of(config, flags.options.folder);
  std::vector<std::string> urls;
  {
    CDX_TRY_LET(const auto manifest, fetch::Manifest::open(folder + "/manifest.jsonl"));
    for (const auto& [url, standing] : manifest.all())
      if (standing.dead) urls.push_back(url);
  }
  std::sort(urls.begin(), urls.end());
  auto again = flags;
  again.options.retry_dead = true;
  return fetch_these(stoppable_call(), urls, again, folder);
}

void add_limits(CLI::App& command, const std::shared_ptr<FetchFlags>& flags) {
  auto& options = flags->options;
  command.add_option("--out", options.folder,
                     "folder of pictures and manifest.jsonl (default: DATA/pictures)");
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
  command.add_flag("--json", flags->json, "the result as one JSON object");
}

}  // namespace

void add_images_fetch(CLI::App& images, const Context& context, Runner& runner) {
  auto flags = std::make_shared<FetchFlags>();
  auto* fetch = images.add_subcommand("fetch", "download pictures: creatordex images fetch urls.txt");
  fetch->add_option("LIST", flags->lists, "files with one URL a line, or CSV files with --column");
  fetch->add_option("--column", flags->column, "the column of the CSV files that holds URLs");
  fetch->add_flag("--from-store", flags->from_store, "the profile pictures of all creators in the store");
  fetch->add_flag("--refresh", flags->options.refresh,
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
