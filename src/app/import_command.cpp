#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/progress.h"
#include "app/terms.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "normalize/normalize.h"
#include "pipeline/import.h"

namespace cdx::app {
namespace {

constexpr std::size_t shown_rows = 5;

struct ImportFlags {
  std::vector<std::string> paths, map;
  std::string platform, delimiter, encoding, sheet;
  std::shared_ptr<TermFlags> terms = std::make_shared<TermFlags>();
  bool dry_run = false, json = false, no_header = false;
};

struct Totals {
  ImportReport report;
  std::size_t files = 0, refused = 0;
};

Result<normalize::MapOptions> map_options(const ImportFlags& flags, const std::string& path) {
  normalize::MapOptions out;
  out.file_name = path;
  if (!flags.platform.empty()) {
    out.platform = parse_platform(flags.platform);
    if (!out.platform)
      return fail(
          ErrorKind::invalid,
          fmt::format("--platform is \"{}\", but must be youtube, instagram, tiktok, x, twitch or other",
                      flags.platform));
  }
  for (const auto& pair : flags.map) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail(ErrorKind::invalid, fmt::format("--map is \"{}\", but must be field=column", pair));
    out.overrides.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return out;
}

void print_mapping(const TableHead& head, const normalize::Mapping& mapping) {
  fmt::print("{} ({}), platform {}{}\n", head.path, head.format, name(mapping.platform),
             mapping.platform_from.empty() ? "" : " by " + mapping.platform_from);
  for (const auto& binding : mapping.bindings)
    fmt::print("  {:<18} <- column {} \"{}\" ({})\n", binding.field, binding.column + 1,
               binding.column < mapping.columns.size() ? mapping.columns[binding.column] : "", binding.why);
  for (const auto& note : mapping.notes) fmt::print("  note: {}\n", note);
  for (std::size_t i = 0; i < std::min(head.samples.size(), shown_rows); ++i)
    fmt::print("  row {}: {}\n", i + 1, fmt::join(head.samples[i], " | "));
}

Result<std::unique_ptr<Source>> open_source(const ImportFlags& flags, const std::string& path,
                                            const Provenance& terms) {
  FileSourceOptions options;
  options.path = path;
  options.terms = terms;
  options.sheet = flags.sheet;
  // A page is one commit: large ones save index pages rewritten by SQLite, small ones memory.
  options.page_records = 8'000;
  options.page_bytes = 16'000'000;
  if (!flags.delimiter.empty()) {
    const auto& wanted = flags.delimiter;
    if (wanted.size() != 1 && wanted != "\\t" && wanted != "tab")
      return fail(ErrorKind::invalid,
                  fmt::format("--delimiter is \"{}\", but must be one character or tab", wanted));
    options.delimiter = wanted.size() == 1 ? wanted.front() : '\t';
  }
  if (!flags.encoding.empty()) {
    CDX_TRY_LET(options.encoding, text::parse_encoding(flags.encoding));
  }
  if (flags.no_header) options.header = false;
  CDX_TRY_LET(const auto mapping_options, map_options(flags, path));
  const bool print = flags.dry_run;
  options.choose_mapping = [mapping_options, print](const TableHead& head) -> Result<std::string> {
    CDX_TRY_LET(const auto mapping, normalize::map_columns(head.columns, head.samples, mapping_options));
    if (print) print_mapping(head, mapping);
    return normalize::to_json(mapping);
  };
  return open_file_source(options);
}

// Reads and maps everything, and keeps nothing.
Status try_source(const Call& call, Source& source, ImportReport& report,
                  const std::function<void(const ImportReport&)>& progress) {
  normalize::Normalizer normalizer;
  std::optional<Cursor> at;
  do {
    CDX_TRY(call.check());
    CDX_TRY_LET(const auto page, source.pull(call, at));
    for (const auto& record : page.records) {
      const auto mapped = normalizer.normalize(record);
      ++report.rows;
      ++(mapped ? report.imported : report.quarantined);
    }
    report.rows += page.bad.size();
    report.quarantined += page.bad.size();
    report.bytes_done = page.bytes_done;
    report.bytes_total = page.bytes_total;
    progress(report);
    at = page.next;
  } while (at);
  return {};
}

Status import_file(const Call& call, const ImportFlags& flags, const std::string& path,
                   const Provenance& terms, Store* store, const figures::FakeModel* fakes, const Clock& clock,
                   Totals& totals) {
  CDX_TRY_LET(const auto source, open_source(flags, path, terms));
  Progress progress(flags.dry_run ? "reading " + path : "import " + path, "rows");
  ImportReport report;
  const auto show = [&](const ImportReport& now) {
    progress.show(now.rows, now.bytes_total == 0
                                ? -1
                                : static_cast<double>(now.bytes_done) / static_cast<double>(now.bytes_total));
  };
  const auto done = store == nullptr ? try_source(call, *source, report, show)
                                     : import_source(call, *source, *store, clock, report, show, fakes);
  totals.report.rows += report.rows;
  totals.report.imported += report.imported;
  totals.report.unchanged += report.unchanged;
  totals.report.quarantined += report.quarantined;
  progress.finish(fmt::format("{}: {} rows, {} {}, {} unchanged, {} quarantined in {}", path, report.rows,
                              report.imported, flags.dry_run ? "readable" : "imported", report.unchanged,
                              report.quarantined, short_duration(progress.seconds())));
  return done;
}

void print_summary(const Totals& totals, double seconds) {
  JsonWriter out;
  out.object([&] {
    out.key("rows").value(totals.report.rows).key("imported").value(totals.report.imported);
    out.key("unchanged").value(totals.report.unchanged).key("quarantined").value(totals.report.quarantined);
    out.key("seconds").value(seconds);
    out.key("files").value(static_cast<std::uint64_t>(totals.files));
    out.key("refused_files").value(static_cast<std::uint64_t>(totals.refused));
  });
  fmt::print("{}\n", out.text());
}

Status run_import(const Context& context, const ImportFlags& flags) {
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto terms, terms_of(*flags.terms));
  CDX_TRY_LET(const auto paths, expand_paths(flags.paths));
  if (paths.empty()) return fail(ErrorKind::not_found, "there is no file in the folders given");
  std::unique_ptr<Store> store;
  if (!flags.dry_run) {
    CDX_TRY_LET(store, open_store(config));
  }
  CDX_TRY_LET(const auto fakes, open_fake_model(config));
  const SystemClock clock;
  const auto call = stoppable_call();
  const auto begin = std::chrono::steady_clock::now();
  Totals totals;
  std::optional<Error> last;
  for (const auto& path : paths) {
    const auto done = import_file(call, flags, path, terms, store.get(), fakes.get(), clock, totals);
    ++totals.files;
    if (done) continue;
    last = done.error();
    ++totals.refused;
    if (last->kind == ErrorKind::cancelled) break;
    // A folder's other files are worth reading when one is refused; its reason is said at once.
    if (paths.size() > 1) std::fprintf(stderr, "creatordex: %s\n", last->message.c_str());
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (flags.json) print_summary(totals, seconds);
  if (last && (last->kind == ErrorKind::cancelled || paths.size() == 1)) return tl::unexpected<Error>(*last);
  if (last)
    return fail(ErrorKind::invalid, fmt::format("{} of {} files were refused", totals.refused, totals.files));
  return {};
}

}  // namespace

void add_import(CLI::App& app, const Context& context, Runner& runner) {
  auto* command =
      app.add_subcommand("import", "take in creator records from CSV, TSV, XLSX, NDJSON and JSON files");
  auto flags = std::make_shared<ImportFlags>();
  command->add_option("paths", flags->paths, "files, folders, or - for standard input")->required();
  command->add_option("--platform", flags->platform, "youtube, instagram, tiktok, x, twitch or other");
  command->add_option("--map", flags->map, "field=column, where the header does not say it; several allowed");
  add_term_flags(*command, flags->terms, "file:NAME");
  command->add_option("--delimiter", flags->delimiter, "one character, or tab (default: found out)");
  command->add_option("--encoding", flags->encoding,
                      "utf-8, utf-16le, utf-16be, latin-1 or windows-1252 (default: found out)");
  command->add_option("--sheet", flags->sheet, "sheet of a workbook (default: the first that is not empty)");
  command->add_flag("--no-header", flags->no_header, "the first row is data");
  command->add_flag("--dry-run", flags->dry_run, "show the mapping and the first rows, keep nothing");
  command->add_flag("--json", flags->json,
                    "print one object with rows, imported, unchanged, quarantined, seconds");
  command->callback(
      [&runner, &context, flags] { runner.run = [&context, flags] { return run_import(context, *flags); }; });
}

}  // namespace cdx::app
