#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/command.h"
#include "app/taxonomy.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "io/file.h"
#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_entries = 200;

Status write_folder(const fs::path& folder, const vocab::TaxonomyFiles& files) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return fail(ErrorKind::unavailable,
                fmt::format("cannot make the folder {}: {}", folder.string(), error.message()));
  for (const auto& [name, bytes] : files) {
    CDX_TRY_LET(auto file, ReplacingFile::open((folder / name).string()));
    CDX_TRY(file.append(bytes));
    CDX_TRY(file.commit());
  }
  return {};
}

Status export_files(const Context& context, const std::string& folder) {
  CDX_TRY(context.config({}));  // also puts what is installed in force
  const auto files = vocab::taxonomy_in_force();
  CDX_TRY(write_folder(folder, files));
  fmt::print("{} files of taxonomy {:08x} in {}\n", files.size(), vocab::version(), folder);
  return {};
}

Result<vocab::TaxonomyFiles> checked(const std::string& folder) {
  CDX_TRY_LET(auto files, vocab::read_taxonomy(folder));
  if (files.empty())
    return fail(ErrorKind::not_found,
                fmt::format("{} holds no file of a taxonomy, such as niches.tsv", folder));
  const auto wrong = vocab::check_taxonomy(files, text::fold);
  for (const auto& one : wrong) fmt::print("{}/{}\n", folder, one);
  if (!wrong.empty())
    return fail(ErrorKind::invalid, fmt::format("{} has {} mistakes", folder, wrong.size()));
  return files;
}

Status check_files(const std::string& folder) {
  CDX_TRY_LET(const auto files, checked(folder));
  fmt::print("{}: {} files, right\n", folder, files.size());
  return {};
}

std::string install_detail(const vocab::TaxonomyFiles& files, std::uint64_t before, std::uint64_t after) {
  JsonWriter out;
  out.object([&] {
    out.key("from").value(fmt::format("{:016x}", before)).key("to").value(fmt::format("{:016x}", after));
    out.key("files").array([&] {
      for (const auto& [name, bytes] : files) out.value(name);
    });
  });
  return out.take();
}

Status install(const Context& context, const std::string& from) {
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto files, checked(from));
  const auto before = taxonomy_hash(vocab::taxonomy_in_force());
  auto merged = vocab::taxonomy_in_force();
  for (const auto& [name, bytes] : files) merged[name] = bytes;
  // What is installed must be right as a whole, together with what was installed before.
  if (const auto wrong = vocab::check_taxonomy(merged, text::fold); !wrong.empty())
    return fail(ErrorKind::invalid, fmt::format("with what is installed already: {}", wrong.front()));
  const auto after = taxonomy_hash(merged);
  CDX_TRY(write_folder(taxonomy_folder(config), merged));
  CDX_TRY(audit_taxonomy(config, "taxonomy.install", fmt::format("{:016x}", after),
                         install_detail(files, before, after)));
  fmt::print("taxonomy {:016x} is in {} and will be used from the next start on\n", after,
             taxonomy_folder(config));
  return {};
}

Status history(const Context& context) {
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto entries, taxonomy_audits(config, most_entries));
  for (const auto& entry : entries)
    fmt::print("{} {} {} {} {}\n", format_time(entry.at), entry.actor, entry.action, entry.subject,
               entry.detail);
  if (entries.empty()) fmt::print("the built-in taxonomy was never changed here\n");
  return {};
}

}  // namespace

void add_taxonomy(CLI::App& app, const Context& context, Runner& runner) {
  auto* command =
      app.add_subcommand("taxonomy", "niches, compatibility, risks and styles as files of your own");
  command->require_subcommand(1);
  auto folder = std::make_shared<std::string>();
  const auto with_folder = [&](const char* name, const char* help, std::function<Status()> work) {
    auto* sub = command->add_subcommand(name, help);
    sub->add_option("folder", *folder, "folder of the files")->required();
    sub->callback([&runner, work = std::move(work)] { runner.run = work; });
  };
  with_folder("export", "write the files in force",
              [&context, folder] { return export_files(context, *folder); });
  with_folder("check", "say what is wrong with files, by line", [folder] { return check_files(*folder); });
  with_folder("install", "check files and use them from the next start on",
              [&context, folder] { return install(context, *folder); });
  command->add_subcommand("history", "who installed which taxonomy, and when")->callback([&runner, &context] {
    runner.run = [&context] { return history(context); };
  });
}

}  // namespace cdx::app
