// Which model makes vectors of pictures: compare, switch, rollback, status.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <ctime>
#include <set>

#include "app/command.h"
#include "app/picture_wiring.h"
#include "app/progress.h"
#include "app/rebuild.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "io/disk.h"
#include "pipeline/picture_vectors.h"

namespace cdx::app {
namespace {

constexpr std::size_t embedded_at_once = 256;

// Everything that has no vector yet; what an earlier run embedded is kept. Says how many pictures were lost.
Result<std::size_t> embed_all(const Call& call, const IndexParts& parts, PictureKeeper& keeper,
                              PictureReader& reader, std::span<const Digest> pictures) {
  Progress progress("embed in " + reader.space().name, "pictures");
  std::size_t embedded = 0, lost = 0;
  for (std::size_t at = 0; at < pictures.size(); at += embedded_at_once) {
    const auto batch = pictures.subspan(at, std::min(embedded_at_once, pictures.size() - at));
    CDX_TRY_LET(const auto done, embed_pictures(call, *parts.store, keeper, reader, batch));
    embedded += done.embedded;
    lost += done.lost.size();
    progress.show(at + batch.size(),
                  static_cast<double>(at + batch.size()) / static_cast<double>(pictures.size()));
  }
  progress.finish(fmt::format("{} of {} pictures embedded in {}, {} had their vector{}", embedded,
                              pictures.size(), short_duration(progress.seconds()),
                              pictures.size() - embedded - lost,
                              lost == 0 ? "" : fmt::format(", {} gave no picture any more", lost)));
  return lost;
}

EmbeddingEvent event_for(const std::string& kind, const OpenedReader& opened) {
  const auto now = SystemClock().now();
  if (opened.reader != nullptr)
    return event_of(kind, opened.model, opened.reader->model(), opened.reader->space(), now);
  EmbeddingEvent out;
  out.event = kind;
  out.model = out.name = opened.model;
  out.at = now;
  return out;
}

// Fills the sum of what is kept and appends the line.
Status tell(const Call& call, const IndexParts& parts, const OpenedReader& opened, const std::string& kind,
            std::span<const Digest> pictures) {
  auto event = event_for(kind, opened);
  if (opened.reader != nullptr) {
    CDX_TRY_LET(const auto sum, sum_vectors(call, *parts.store, opened.reader->space().id, pictures));
    event.count = sum.count;
    event.checksum = sum.checksum;
  }
  return append_embedding_event(embedding_manifest_file(parts.config), event);
}

// The space of the index that serves; empty: it holds no pictures, or there is none.
Result<std::string> serving_space(const IndexParts& parts) {
  CDX_TRY_LET(const auto schema, schema_in_use(parts));
  return schema ? std::string(picture_space_of(*schema)) : std::string();
}

void warn_of_config(const Config& config, const std::string& model) {
  const auto& said = config.text("image_model");
  if (said != "auto" && said != model)
    std::fprintf(
        stderr,
        "note: the configuration says image_model = \"%s\"; an index that begins anew would follow that\n",
        said.c_str());
}

Status put_in_use(const Call& call, const IndexParts& parts, const OpenedReader& opened,
                  const std::string& kind) {
  const SystemClock clock;
  const auto* space = opened.reader == nullptr ? nullptr : &opened.reader->space();
  CDX_TRY_LET(const auto pictures, all_pictures(call, *parts.store));
  if (space != nullptr) {
    CDX_TRY_LET(const auto kept, open_pictures(parts.config, *parts.store, clock));
    CDX_TRY(embed_all(call, parts, *kept.keeper, *opened.reader, pictures));
    // Before the index takes its place: a service finds the model behind the new space in this line.
    CDX_TRY(tell(call, parts, opened, "embed", pictures));
  }
  CDX_TRY(rebuild_index(call, parts, index_schema(parts.embedder.get(), space)));
  CDX_TRY(tell(call, parts, opened, kind, pictures));
  fmt::print("pictures are searched with {} now; a running service takes it over by itself\n",
             space == nullptr ? "none" : space->name);
  warn_of_config(parts.config, opened.model);
  return {};
}

Status run_switch(const Context& context, const std::string& model) {
  const auto call = stoppable_call();
  CDX_TRY_LET(const auto parts, open_index_parts(context));
  CDX_TRY_LET(const auto lock, begin_alone(parts));
  CDX_TRY_LET(const auto opened, open_picture_reader(parts.config, model));
  CDX_TRY_LET(const auto now, serving_space(parts));
  const auto wanted = opened.reader == nullptr ? std::string() : opened.reader->space().name;
  CDX_TRY_LET(const auto history, read_embedding_history(embedding_manifest_file(parts.config)));
  const auto* told = history.in_use();
  if (now == wanted && told != nullptr && told->space == wanted) {
    fmt::print("{} is in use already\n", wanted.empty() ? "none" : wanted);
    return {};
  }
  return put_in_use(call, parts, opened, "switch");
}

Status run_rollback(const Context& context) {
  const auto call = stoppable_call();
  CDX_TRY_LET(const auto parts, open_index_parts(context));
  CDX_TRY_LET(const auto lock, begin_alone(parts));
  CDX_TRY_LET(const auto history, read_embedding_history(embedding_manifest_file(parts.config)));
  const auto* before = history.before();
  if (before == nullptr)
    return fail(ErrorKind::not_found, "no other model was in use before: there is nothing to go back to");
  CDX_TRY_LET(const auto opened, open_picture_reader(parts.config, before->model));
  if (opened.reader != nullptr && opened.reader->space().name != before->space)
    return fail(
        ErrorKind::conflict,
        fmt::format("{} makes vectors of {} now, not of {} as it did: its weights are others; `creatordex "
                    "model switch` puts it in use as it is",
                    before->model, opened.reader->space().name, before->space));
  return put_in_use(call, parts, opened, "rollback");
}

// One side of a comparison.
struct Measured {
  OpenedReader opened;
  Matrix rows;
  double seconds = 0, processor_seconds = 0;
};

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

Result<Measured> measure(const Call& call, const IndexParts& parts, const std::string& model,
                         std::span<const Digest> pictures, std::span<const image::Picture> crops) {
  Measured out;
  CDX_TRY_LET(out.opened, open_picture_reader(parts.config, model));
  if (out.opened.reader == nullptr)
    return fail(ErrorKind::invalid, fmt::format("\"{}\" makes no vectors to compare", model));
  auto& reader = *out.opened.reader;
  CDX_TRY(reader.read_pictures(call, crops.first(1)));  // the first call is slower than the others
  const auto begin = std::chrono::steady_clock::now();
  const double before = processor_seconds();
  CDX_TRY_LET(out.rows, reader.read_pictures(call, crops));
  out.processor_seconds = processor_seconds() - before;
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::vector<KeptVector> kept;
  for (std::size_t i = 0; i < pictures.size(); ++i)
    kept.push_back(
        {{reader.space().id, vector_key(pictures[i])}, {out.rows.row(i).begin(), out.rows.row(i).end()}});
  CDX_TRY(parts.store->keep_vectors(call, kept));  // a switch need not make them again
  return out;
}

void print_side(JsonWriter& out, const Measured& side, std::size_t pictures) {
  const auto count = static_cast<double>(side.rows.rows());
  const auto& space = side.opened.reader->space();
  out.object([&] {
    out.key("model").value(side.opened.model).key("space").value(space.name);
    out.key("dimension").value(static_cast<std::uint64_t>(space.dimension));
    out.key("reads_words").value(space.reads_words);
    out.key("pictures_per_second").value(count / std::max(side.seconds, 1e-9));
    out.key("pictures_per_processor_second").value(count / std::max(side.processor_seconds, 1e-9));
    out.key("bytes_of_all").value(static_cast<std::uint64_t>(space.dimension * sizeof(float) * pictures));
  });
}

void print_comparison(const Measured& one, const Measured& other, const SpaceComparison& compared,
                      std::size_t pictures, bool json) {
  if (json) {
    JsonWriter out;
    out.object([&] {
      out.key("sample").value(static_cast<std::uint64_t>(compared.pictures));
      out.key("overlap_at_10").value(compared.overlap).key("by_chance").value(compared.by_chance);
      out.key("rank_correlation").value(compared.rank_correlation).key("models");
      out.array([&] {
        print_side(out, one, pictures);
        print_side(out, other, pictures);
      });
    });
    fmt::print("{}\n", out.text());
    return;
  }
  for (const auto* side : {&one, &other}) {
    const auto count = static_cast<double>(side->rows.rows());
    const auto& space = side->opened.reader->space();
    fmt::print(
        "{:<52} {:>5} dimensions, words: {:<3} {:>8.1f} pictures/s, {:>8.1f} a processor second, {:>8.1f} MB "
        "of "
        "vectors for all {} pictures\n",
        space.name, space.dimension, space.reads_words ? "yes" : "no", count / std::max(side->seconds, 1e-9),
        count / std::max(side->processor_seconds, 1e-9),
        static_cast<double>(space.dimension * sizeof(float) * pictures) / 1e6, pictures);
  }
  fmt::print(
      "of the 10 nearest of each of {} pictures both have {:.1f} in common ({:.1f} by chance); rank "
      "correlation "
      "of all likenesses: {:.3f}\n",
      compared.pictures, 10 * compared.overlap, 10 * compared.by_chance, compared.rank_correlation);
}

// The same pictures every time, and as good as drawn by lot: their SHA-256s ascend.
Status run_compare(const Context& context, const std::string& first, const std::string& second,
                   std::size_t sample, bool json) {
  const auto call = stoppable_call();
  const SystemClock clock;
  CDX_TRY_LET(const auto parts, open_index_parts(context));
  CDX_TRY_LET(const auto kept, open_pictures(parts.config, *parts.store, clock));
  CDX_TRY_LET(const auto all, all_pictures(call, *parts.store));
  std::vector<Digest> pictures;
  std::vector<image::Picture> crops;
  for (std::size_t i = 0; i < all.size() && crops.size() < sample; ++i) {
    auto crop = kept.keeper->crop(call, all[i]);
    if (!crop && (crop.error().kind == ErrorKind::cancelled || crop.error().kind == ErrorKind::unavailable))
      return tl::unexpected<Error>(crop.error());
    if (!crop) continue;  // its file is gone or damaged
    pictures.push_back(all[i]);
    crops.push_back(std::move(*crop));
  }
  if (crops.size() < 12)
    return fail(
        ErrorKind::invalid,
        fmt::format("{} pictures can be read; at least 12 are needed to compare models", crops.size()));
  CDX_TRY_LET(const auto one, measure(call, parts, first, pictures, crops));
  CDX_TRY_LET(const auto other, measure(call, parts, second, pictures, crops));
  CDX_TRY_LET(const auto compared, compare_spaces(call, one.rows, other.rows));
  CDX_TRY(tell(call, parts, one.opened, "compare", pictures));
  CDX_TRY(tell(call, parts, other.opened, "compare", pictures));
  print_comparison(one, other, compared, all.size(), json);
  return {};
}

struct SpaceStatus {
  EmbeddingEvent last;  // that names the space
  std::size_t kept = 0;
};

Status run_status(const Context& context, bool json) {
  const auto call = stoppable_call();
  CDX_TRY_LET(const auto parts, open_index_parts(context));
  CDX_TRY_LET(const auto serving, serving_space(parts));
  CDX_TRY_LET(const auto history, read_embedding_history(embedding_manifest_file(parts.config)));
  CDX_TRY_LET(const auto pictures, all_pictures(call, *parts.store));
  std::vector<SpaceStatus> spaces;
  std::set<std::string> seen;
  for (auto one = history.events.rbegin(); one != history.events.rend(); ++one) {
    if (one->space.empty() || !seen.insert(one->space).second) continue;
    CDX_TRY_LET(const auto sum, sum_vectors(call, *parts.store, picture_space_id(one->space), pictures));
    spaces.push_back({*one, sum.count});
  }
  const auto* before = history.before();
  if (json) {
    JsonWriter out;
    out.object([&] {
      out.key("in_use").value(serving).key("pictures").value(static_cast<std::uint64_t>(pictures.size()));
      out.key("rollback_to").value(before == nullptr ? "" : before->space);
      out.key("spaces").array([&] {
        for (const auto& one : spaces)
          out.object([&] {
            out.key("space").value(one.last.space).key("model").value(one.last.model);
            out.key("vectors").value(static_cast<std::uint64_t>(one.kept));
            out.key("event").value(one.last.event).key("at").value(format_time(one.last.at));
          });
      });
    });
    fmt::print("{}\n", out.text());
    return {};
  }
  fmt::print("in use: {}\n", serving.empty() ? "none: the index holds no pictures" : serving);
  fmt::print("{} pictures are known\n", pictures.size());
  for (const auto& one : spaces)
    fmt::print("{:<52} {:>8} vectors, {} at {}, opened as {}\n", one.last.space, one.kept, one.last.event,
               format_time(one.last.at), one.last.model);
  if (before != nullptr) fmt::print("rollback goes to {}\n", before->space.empty() ? "none" : before->space);
  if (history.unreadable > 0) fmt::print("{} lines of the manifest cannot be read\n", history.unreadable);
  return {};
}

}  // namespace

void add_model_use(CLI::App& model, const Context& context, Runner& runner) {
  struct Flags {
    std::string first, second;
    std::size_t sample = 500;
    bool json = false;
  };
  auto flags = std::make_shared<Flags>();
  constexpr const char* names = "layout, none, clip:FOLDER, or the name of an installed model";
  auto* change = model.add_subcommand("switch",
                                      "embeds what has no vector in another model's space and builds the "
                                      "index with it, while the old serves");
  change->add_option("NAME", flags->first, names)->required();
  change->callback([&runner, &context, flags] {
    runner.run = [&context, flags] { return run_switch(context, flags->first); };
  });
  model.add_subcommand("rollback", "goes back to the model that was in use before")
      ->callback([&runner, &context] { runner.run = [&context] { return run_rollback(context); }; });
  auto* compare =
      model.add_subcommand("compare", "how two models see a sample of the pictures: agreement, speed, size");
  compare->add_option("A", flags->first, names)->required();
  compare->add_option("B", flags->second, names)->required();
  compare->add_option("--sample", flags->sample, "pictures at most (default 500)")
      ->check(CLI::Range(12, 20'000));
  compare->add_flag("--json", flags->json, "as one JSON object");
  compare->callback([&runner, &context, flags] {
    runner.run = [&context, flags] {
      return run_compare(context, flags->first, flags->second, flags->sample, flags->json);
    };
  });
  auto* status = model.add_subcommand("status", "which model is in use, and what is kept of others");
  status->add_flag("--json", flags->json, "as one JSON object");
  status->callback([&runner, &context, flags] {
    runner.run = [&context, flags] { return run_status(context, flags->json); };
  });
}

}  // namespace cdx::app
