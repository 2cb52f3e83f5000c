#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/command.h"
#include "app/progress.h"
#ifdef CDX_WITH_IMAGE
#include "app/picture_wiring.h"
#include "pipeline/pipeline.h"
#endif
#include "app/wiring.h"
#include "base/json_text.h"
#include "io/disk.h"

namespace cdx::app {
namespace {

namespace fs = std::filesystem;

// What was looked at and what was found.
struct Findings {
  struct Part {
    std::string name, summary;
    std::vector<std::string> faults, notes;
  };
  std::vector<Part> parts;

  bool sound() const {
    return std::all_of(parts.begin(), parts.end(), [](const Part& part) { return part.faults.empty(); });
  }
};

#ifdef CDX_WITH_IMAGE
// A picture without its file is still found by what is known of it; it is only not shown any more.
Status look_for_picture_files(const Call& call, const Store& store, const std::string& folder,
                              Findings::Part& out) {
  constexpr std::size_t most_told = 20;
  std::size_t gone = 0;
  CDX_TRY(walk_pictures(call, store, [&](CreatorId, const std::vector<KnownPicture>& pictures) -> Status {
    for (const auto& one : pictures) {
      if (find_picture_file(folder, one.sha256)) continue;
      if (++gone <= most_told)
        out.notes.push_back(fmt::format("the file of picture {} is not in {}", hex(one.sha256), folder));
    }
    return {};
  }));
  if (gone > most_told) out.notes.push_back(fmt::format("{} files of pictures are gone", gone));
  return {};
}
#endif

Result<Findings::Part> look_at_store(const Call& call, const Config& config) {
  Findings::Part out{"store " + config.text("store"), "", {}, {}};
  const auto store = open_store(config);
  if (!store) {
    out.faults.push_back(store.error().message);
    return out;
  }
  CDX_TRY_LET(out.faults, (*store)->check(call));
  CDX_TRY_LET(const auto counts, (*store)->counts(call));
  out.summary = fmt::format("{} creators, {} accounts, {} raw records, {} pictures, {} kept vectors",
                            counts.creators, counts.accounts, counts.raw, counts.pictures, counts.vectors);
#ifdef CDX_WITH_IMAGE
  if (out.faults.empty()) CDX_TRY(look_for_picture_files(call, **store, pictures_folder(config), out));
#endif
  return out;
}

Result<Findings::Part> look_at_index(const Call& call, const std::string& folder) {
  Findings::Part out{"index " + folder, "", {}, {}};
  Progress progress("reading " + folder, "bytes");
  CDX_TRY_LET(
      const auto report,
      check_index(call, posix_disk(), folder, [&](std::string_view, std::uint64_t done, std::uint64_t all) {
        progress.show(done, static_cast<double>(done) / static_cast<double>(std::max<std::uint64_t>(all, 1)));
      }));
  out.summary = fmt::format(
      "{} segments with {} documents, {} batches in the log, {} bytes compared, store revision {}",
      report.segments, report.documents, report.logged, report.bytes, report.revision.value);
  out.faults = report.faults;
  for (const auto& file : report.set_aside)
    out.notes.push_back(file + ": set aside by a start; look at it, then delete it");
  for (const auto& file : report.strange)
    out.notes.push_back(file + ": not part of the index; the next start removes what is its own");
  return out;
}

// The generation in use of every index under the folder of the configuration.
std::vector<std::string> index_folders(const Config& config) {
  std::vector<std::string> out;
  const auto& url = config.text("search");
  if (!url.starts_with("embedded:")) return out;
  const auto root = fs::path(config.text("data")) / url.substr(std::string_view("embedded:").size());
  std::error_code error;
  for (const auto& space : fs::directory_iterator(root, error))
    for (const auto& generation : fs::directory_iterator(space.path(), error))
      if (generation.is_directory(error)) out.push_back(generation.path().string());
  std::sort(out.begin(), out.end());
  return out;
}

void print(const Findings& findings) {
  for (const auto& part : findings.parts) {
    fmt::print("{}: {}{}{}\n", part.name, part.faults.empty() ? "sound" : "NOT SOUND",
               part.summary.empty() ? "" : "; ", part.summary);
    for (const auto& fault : part.faults) fmt::print("  fault: {}\n", fault);
    for (const auto& note : part.notes) fmt::print("  note: {}\n", note);
  }
}

std::string as_json(const Findings& findings) {
  JsonWriter out;
  const auto list = [&](const std::vector<std::string>& values) {
    out.array([&] {
      for (const auto& value : values) out.value(value);
    });
  };
  out.object([&] {
    out.key("sound").value(findings.sound()).key("parts").array([&] {
      for (const auto& part : findings.parts)
        out.object([&] {
          out.key("name").value(part.name).key("summary").value(part.summary).key("faults");
          list(part.faults);
          out.key("notes");
          list(part.notes);
        });
    });
  });
  return out.take();
}

Status run_doctor(const Context& context, bool json) {
  const auto call = stoppable_call();
  CDX_TRY_LET(const auto config, context.config({}));
  Findings findings;
  CDX_TRY_LET(auto store, look_at_store(call, config));
  findings.parts.push_back(std::move(store));
  for (const auto& folder : index_folders(config)) {
    CDX_TRY_LET(auto index, look_at_index(call, folder));
    findings.parts.push_back(std::move(index));
  }
  if (json)
    fmt::print("{}\n", as_json(findings));
  else
    print(findings);
  if (findings.sound()) return {};
  return fail(
      ErrorKind::corrupt,
      "something is not sound. A damaged index is mended by `creatordex index rebuild` (a server does so by "
      "itself); a damaged store needs its backup");
}

}  // namespace

void add_doctor(CLI::App& app, const Context& context, Runner& runner) {
  auto* command =
      app.add_subcommand("doctor", "reads every byte of store and index and says what is not sound");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "as one JSON object");
  command->callback([&, json] { runner.run = [&context, json] { return run_doctor(context, *json); }; });
}

}  // namespace cdx::app
