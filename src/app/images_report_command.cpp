#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/images.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "pipeline/pipeline.h"

namespace cdx::app {
namespace {

struct ReportFlags {
  bool json = false;
  int near = -1;
};

std::string_view word(image::Sameness sameness) {
  switch (sameness) {
    case image::Sameness::exact:
      return "the same bytes";
    case image::Sameness::mirrored:
      return "mirrored";
    case image::Sameness::near:
      return "the same picture";
    case image::Sameness::different:
      break;
  }
  return "different";
}

std::string_view key(image::Sameness sameness) {
  switch (sameness) {
    case image::Sameness::exact:
      return "exact";
    case image::Sameness::mirrored:
      return "mirrored";
    default:
      return "near";
  }
}

void print(const PictureReport& report) {
  fmt::print("{} pictures of {} creators, {} groups of the same ones at several creators\n", report.pictures,
             report.creators, report.groups.size());
  if (report.unreadable > 0)
    fmt::print("{} were fingerprinted by another version of this program and left out\n", report.unreadable);
  for (const auto& group : report.groups) {
    fmt::print("\n");
    for (std::size_t i = 0; i < group.pictures.size(); ++i) {
      const auto& one = group.pictures[i];
      fmt::print("  {:<2} {} {} @{} ({}) {} {}{}\n", i + 1, format_date(one.picture.origin.fetched_at),
                 name(one.platform), shown(one.handle), shown(one.creator_name), one.creator.text(),
                 hex(one.picture.sha256).substr(0, 16), i == 0 ? ", known first" : "");
    }
    for (const auto& link : group.links)
      fmt::print("     {} and {}: {}, {:.0f} % of the edges\n", link.first + 1, link.second + 1,
                 word(link.sameness), link.edges * 100);
  }
}

std::string as_json(const PictureReport& report) {
  JsonWriter out;
  const auto picture = [&](const ReportedPicture& one) {
    out.object([&] {
      out.key("creator").value(one.creator.text()).key("name").value(one.creator_name);
      out.key("account").value(one.picture.account.text()).key("platform").value(name(one.platform));
      out.key("handle").value(one.handle).key("sha256").value(hex(one.picture.sha256));
      out.key("role").value(name(one.picture.role)).key("url").value(one.picture.url);
      out.key("known_since").value(format_time(one.picture.origin.fetched_at));
    });
  };
  out.object([&] {
    out.key("pictures").value(static_cast<std::uint64_t>(report.pictures));
    out.key("creators").value(static_cast<std::uint64_t>(report.creators));
    out.key("left_out").value(static_cast<std::uint64_t>(report.unreadable));
    out.key("groups").array([&] {
      for (const auto& group : report.groups)
        out.object([&] {
          out.key("pictures").array([&] {
            for (const auto& one : group.pictures) picture(one);
          });
          out.key("links").array([&] {
            for (const auto& link : group.links)
              out.object([&] {
                out.key("first").value(static_cast<std::uint64_t>(link.first));
                out.key("second").value(static_cast<std::uint64_t>(link.second));
                out.key("sameness").value(key(link.sameness)).key("edges").value(link.edges);
              });
          });
        });
    });
  });
  return out.take();
}

Status run_report(const Context& context, const ReportFlags& flags) {
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto store, open_store(config));
  image::DuplicateOptions options;
  if (flags.near >= 0) {
    options.whole = options.window = flags.near;
    options.quarter = std::min(options.quarter, flags.near);
  }
  CDX_TRY_LET(const auto report, report_same_pictures(stoppable_call(), *store, options));
  if (flags.json)
    fmt::print("{}\n", as_json(report));
  else
    print(report);
  return {};
}

}  // namespace

void add_images_report(CLI::App& images, const Context& context, Runner& runner) {
  auto flags = std::make_shared<ReportFlags>();
  auto* command = images.add_subcommand(
      "report", "the same pictures at several creators, shared or stolen, and who was known with them first");
  command
      ->add_option("--near", flags->near,
                   "bits of 64 in which the hashes of pictures that are compared may differ (default 12)")
      ->check(CLI::Range(0, 16));
  command->add_flag("--json", flags->json, "one JSON object");
  command->callback(
      [&runner, &context, flags] { runner.run = [&context, flags] { return run_report(context, *flags); }; });
}

}  // namespace cdx::app
