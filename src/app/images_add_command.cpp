#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>

#include "app/images.h"
#include "app/picture_wiring.h"
#include "app/progress.h"
#include "app/terms.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "io/file.h"
#include "pipeline/pipeline.h"
#include "resolve/resolve.h"
#include "text/text.h"

namespace cdx::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = 10 << 20;  // of a picture file, as the decoder takes it
constexpr std::size_t longest_list = std::size_t{1} << 30U;
constexpr std::size_t kept_at_once = 64, bytes_at_once = 64'000'000;
constexpr std::size_t most_namesakes = 50;

struct AddFlags {
  std::vector<std::string> paths;
  std::string creator, by, platform, list;
  std::string file_column = "file", who_column = "creator", caption_column, role = "uploaded";
  bool json = false;
  std::shared_ptr<TermFlags> terms = std::make_shared<TermFlags>();
};

// A file and whose it is, as the user said it: one of `names` is an id or a handle.
struct Given {
  std::string path, caption;
  std::vector<std::string> names;
};

// Accounts by what users call them.
class Owners {
 public:
  Owners(const Call& call, const Store& store, bool by_handle, std::optional<Platform> platform)
      : call_(call), store_(store), by_handle_(by_handle), platform_(platform) {}

  // `not_found`, or `invalid` where several creators are meant.
  Result<AccountId> find(const std::vector<std::string>& names) {
    Result<AccountId> out = fail(ErrorKind::not_found, "nobody is named");
    for (const auto& name : names) {
      const auto known = found_.find(name);
      if (known == found_.end()) {
        out = by_handle_ ? of_handle(name) : of_id(name);
        if (!out && out.error().kind != ErrorKind::not_found && out.error().kind != ErrorKind::invalid)
          return out;
        found_.emplace(name, out);
      } else {
        out = known->second;
      }
      if (out || out.error().kind == ErrorKind::invalid) return out;
    }
    return out;
  }

 private:
  bool fits(Platform platform) const { return !platform_ || *platform_ == platform; }

  Result<AccountId> of_id(const std::string& text) const {
    if (const auto account = AccountId::parse(text)) {
      CDX_TRY_LET(const auto known, store_.accounts(call_, std::span(&*account, 1)));
      if (!known.empty()) return *account;
    } else if (const auto creator = CreatorId::parse(text)) {
      CDX_TRY_LET(const auto known, store_.profiles(call_, std::span(&*creator, 1), 0));
      for (const auto& profile : known)
        for (const auto& account_of : profile.accounts)
          if (fits(account_of.platform)) return account_of.id;
    } else {
      return fail(ErrorKind::not_found,
                  "\"" + text + "\" is no id of a creator (cr_…) or of an account (ac_…)");
    }
    return fail(ErrorKind::not_found, "nobody here is " + text);
  }

  Result<AccountId> of_handle(std::string_view handle) const {
    while (handle.starts_with('@')) handle.remove_prefix(1);
    std::vector<BlockKey> keys;
    for (std::size_t i = 0; i < platform_count; ++i) {
      Account account;
      account.platform = static_cast<Platform>(i);
      account.user_id = text::fold(handle);
      if (!fits(account.platform) || account.user_id.empty()) continue;
      for (auto& key : resolve::block_keys(account)) keys.push_back(std::move(key));
    }
    CDX_TRY_LET(auto known, store_.accounts_sharing(call_, keys, most_namesakes));
    // Those who only link to somebody of this name have the key too.
    std::erase_if(known, [&](const AccountChange& one) {
      const auto own = value_or<std::string>(one.account.handle, one.account.user_id);
      return text::fold(own) != text::fold(handle) || !fits(one.account.platform);
    });
    if (known.empty()) return fail(ErrorKind::not_found, fmt::format("no account is called \"{}\"", handle));
    for (const auto& one : known)
      if (one.creator != known.front().creator)
        return fail(ErrorKind::invalid,
                    fmt::format("\"{}\" is {} on {} and another creator on {}: say --platform", handle,
                                known.front().creator.text(), name(known.front().account.platform),
                                name(one.account.platform)));
    return known.front().account.id;
  }

  const Call& call_;
  const Store& store_;
  bool by_handle_;
  std::optional<Platform> platform_;
  std::map<std::string, Result<AccountId>, std::less<>> found_;
};

Result<std::vector<Given>> given_files(const AddFlags& flags) {
  std::vector<Given> out;
  for (auto& path : files_of(flags.paths)) {
    const fs::path file(path);
    // The file is called as its creator is, or lies in a folder that is.
    std::vector<std::string> names{file.stem().string(), file.parent_path().filename().string()};
    if (!flags.creator.empty()) names = {flags.creator};
    out.push_back({std::move(path), "", std::move(names)});
  }
  if (flags.list.empty()) return out;
  CDX_TRY_LET(const auto text, read_file(flags.list, longest_list));
  std::vector columns{flags.file_column, flags.who_column};
  if (!flags.caption_column.empty()) columns.push_back(flags.caption_column);
  CDX_TRY_LET(const auto rows, columns_of(text, columns, flags.list));
  for (const auto& row : rows)
    if (!row[0].empty())
      out.push_back(
          {(fs::path(flags.list).parent_path() / row[0]).string(), row.size() > 2 ? row[2] : "", {row[1]}});
  return out;
}

// Takes files in, some at a time, and tells each one's fate.
class Adder {
 public:
  Adder(const Call& call, PictureKeeper& keeper, Owners& owners, const AddFlags& flags, Provenance terms)
      : call_(call), keeper_(keeper), owners_(owners), flags_(flags), terms_(std::move(terms)) {}

  Status take(const Given& file) {
    const auto owner = owners_.find(file.names);
    if (!owner) return refuse(file.path, owner.error());
    auto bytes = read_file(file.path, most_bytes);
    if (!bytes) return refuse(file.path, bytes.error());
    bytes_held_ += bytes->size();
    auto terms = terms_;
    if (terms.source.empty()) terms.source = "file:" + fs::path(file.path).filename().string();
    batch_.push_back(
        {*owner, parse_picture_role(flags_.role), "", file.caption, *std::move(bytes), std::move(terms)});
    paths_.push_back(file.path);
    return batch_.size() >= kept_at_once || bytes_held_ > bytes_at_once ? flush() : Status();
  }

  Status flush() {
    CDX_TRY_LET(const auto done, keeper_.add_all(call_, batch_));
    for (std::size_t i = 0; i < done.size(); ++i) {
      if (done[i])
        tell(paths_[i], &*done[i], "");
      else
        CDX_TRY(refuse(paths_[i], done[i].error()));
    }
    batch_.clear();
    paths_.clear();
    bytes_held_ = 0;
    return {};
  }
  std::size_t kept() const { return kept_; }
  std::size_t refused() const { return refused_; }

 private:
  Status refuse(const std::string& path, const Error& error) {
    if (error.kind == ErrorKind::cancelled || error.kind == ErrorKind::timed_out ||
        error.kind == ErrorKind::corrupt)
      return tl::unexpected<Error>(error);
    tell(path, nullptr, error.message);
    return {};
  }

  void tell(const std::string& path, const KnownPicture* picture, const std::string& reason) {
    ++(picture != nullptr ? kept_ : refused_);
    if (!flags_.json) {
      if (picture == nullptr) fmt::print("refused {}: {}\n", shown(path), shown(reason));
      return;
    }
    JsonWriter out;
    out.object([&] {
      out.key("path").value(path).key("status").value(picture != nullptr ? "kept" : "refused");
      if (picture != nullptr) {
        out.key("sha256").value(hex(picture->sha256)).key("account").value(picture->account.text());
        out.key("width").value(picture->width).key("height").value(picture->height);
      }
      out.key("reason").value(reason);
    });
    fmt::print("{}\n", out.text());
  }

  const Call& call_;
  PictureKeeper& keeper_;
  Owners& owners_;
  const AddFlags& flags_;
  Provenance terms_;
  std::vector<NewPicture> batch_;
  std::vector<std::string> paths_;
  std::size_t bytes_held_ = 0, kept_ = 0, refused_ = 0;
};

Status check_flags(const AddFlags& flags, std::optional<Platform>& platform) {
  if (flags.paths.empty() && flags.list.empty())
    return fail(ErrorKind::invalid, "name files or folders, or a CSV file with --list");
  if (!flags.paths.empty() && flags.creator.empty() && flags.by.empty())
    return fail(ErrorKind::invalid, "say whose the pictures are: --creator ID, or --by handle or id");
  if (flags.platform.empty()) return {};
  platform = parse_platform(flags.platform);
  if (platform) return {};
  return fail(ErrorKind::invalid,
              fmt::format("--platform is \"{}\", but must be youtube, instagram, tiktok, x, twitch or other",
                          flags.platform));
}

Status run_add(const Context& context, const AddFlags& flags) {
  std::optional<Platform> platform;
  CDX_TRY(check_flags(flags, platform));
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(auto terms, terms_of(*flags.terms));
  CDX_TRY_LET(const auto files, given_files(flags));
  CDX_TRY_LET(const auto store, open_store(config));
  const SystemClock clock;
  CDX_TRY_LET(const auto parts, open_pictures(config, *store, clock));
  const auto call = stoppable_call();
  Owners owners(call, *store, flags.creator.empty() && flags.by == "handle", platform);
  Adder adder(call, *parts.keeper, owners, flags, std::move(terms));
  Progress progress("taking in", "pictures");
  for (std::size_t i = 0; i < files.size(); ++i) {
    CDX_TRY(call.check());
    CDX_TRY(adder.take(files[i]));
    progress.show(i + 1, static_cast<double>(i + 1) / static_cast<double>(files.size()));
  }
  CDX_TRY(adder.flush());
  progress.finish(fmt::format("{} pictures kept, {} refused, in {}", adder.kept(), adder.refused(),
                              short_duration(progress.seconds())));
  if (adder.refused() == 0) return {};
  return fail(ErrorKind::invalid,
              fmt::format("{} of {} pictures were not kept", adder.refused(), files.size()));
}

}  // namespace

void add_images_add(CLI::App& images, const Context& context, Runner& runner) {
  auto flags = std::make_shared<AddFlags>();
  auto* command = images.add_subcommand("add", "take in picture files for creators that are in the store");
  command->add_option("PATH", flags->paths, "files, or folders with all that lies below");
  command->add_option("--creator", flags->creator, "whose they are: cr_… (its first account) or ac_…");
  command
      ->add_option("--by", flags->by,
                   "what names of files (or of their folders), or --who-column, say: handle or id")
      ->check(CLI::IsMember({"handle", "id"}));
  command->add_option("--platform", flags->platform, "accounts of this platform alone");
  command->add_option("--list", flags->list,
                      "a CSV file that names files, from its own folder, and whose they are");
  command->add_option("--file-column", flags->file_column, "its column with files (default: file)");
  command->add_option("--who-column", flags->who_column, "its column with handles or ids (default: creator)");
  command->add_option("--caption-column", flags->caption_column, "its column with captions");
  command
      ->add_option("--role", flags->role, "what they are: uploaded, profile or content (default: uploaded)")
      ->check(CLI::IsMember({"uploaded", "profile", "content"}));
  add_term_flags(*command, flags->terms, "file:NAME");
  command->add_flag("--json", flags->json, "one JSON object a file");
  command->callback(
      [&runner, &context, flags] { runner.run = [&context, flags] { return run_add(context, *flags); }; });
}

}  // namespace cdx::app
