// creatordex credibility: train a model of fake accounts, measure it, and explain one creator's credibility.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <numeric>

#include "app/command.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "figures/figures.h"
#include "io/file.h"

namespace cdx::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = std::size_t{64} << 20U;
constexpr std::size_t items_shown = 20;
constexpr std::uint64_t eval_seed = 1;

// Files joined by "+" are one set.
struct LabelledSet {
  std::string name;
  std::vector<figures::LabelledAccount> rows;
};
Result<LabelledSet> read_set(std::string_view files) {
  LabelledSet out;
  while (!files.empty()) {
    const auto end = std::min(files.find('+'), files.size());
    const std::string path(files.substr(0, end));
    files.remove_prefix(std::min(end + 1, files.size()));
    CDX_TRY_LET(const auto bytes, read_file(path, most_bytes));
    CDX_TRY_LET(const auto rows, figures::read_labelled_accounts(bytes, path));
    out.name += (out.name.empty() ? "" : "+") + fs::path(path).filename().string();
    out.rows.insert(out.rows.end(), rows.begin(), rows.end());
  }
  return out;
}

Status train(const Context& context, const std::vector<std::string>& files, const std::string& named) {
  CDX_TRY_LET(const auto config, context.config({}));
  std::vector<figures::LabelledAccount> rows;
  for (const auto& file : files) {
    CDX_TRY_LET(const auto set, read_set(file));
    rows.insert(rows.end(), set.rows.begin(), set.rows.end());
  }
  CDX_TRY_LET(const auto trained, train_fake_model(stoppable_call(), rows));
  const auto out = named.empty() ? fake_model_file(config) : named;
  std::error_code error;
  if (const auto folder = fs::path(out).parent_path(); !folder.empty()) fs::create_directories(folder, error);
  if (error)
    return fail(ErrorKind::unavailable,
                fmt::format("cannot make the folder of {}: {}", out, error.message()));
  CDX_TRY(replace_file(out, trained.file));
  fmt::print("{}: {}\n", out, trained.model->name());
  return {};
}

struct Measured {
  std::string way, train, test;  // way: "held_out" or "across"
  figures::FakeScores scores;
  std::vector<double> splits;
};

std::string as_json(const Measured& one) {
  JsonWriter out;
  out.object([&] {
    out.key("way").value(one.way).key("train").value(one.train).key("test").value(one.test);
    out.key("accounts")
        .value(std::uint64_t{one.scores.rows})
        .key("fakes")
        .value(std::uint64_t{one.scores.fakes});
    out.key("auc").value(one.scores.auc).key("brier").value(one.scores.brier);
    out.key("calibration_error").value(one.scores.calibration_error);
    if (!one.splits.empty())
      out.key("split_auc").array([&] {
        for (const double auc : one.splits) out.value(auc);
      });
    out.key("reliability").array([&] {
      for (const auto& bin : one.scores.reliability)
        out.object([&] {
          out.key("low").value(bin.low).key("high").value(bin.high).key("count").value(
              std::uint64_t{bin.count});
          out.key("predicted").value(bin.predicted).key("seen").value(bin.seen);
        });
    });
  });
  return out.take();
}

void print(const Measured& one) {
  const bool across = one.way == "across";
  fmt::print("{} {}{}{}: AUC {:.4f}, Brier {:.4f}, calibration error {:.4f} ({} accounts, {} fake)\n",
             across ? "trained on" : "held out of", one.train, across ? ", asked about " : "",
             across ? one.test : "", one.scores.auc, one.scores.brier, one.scores.calibration_error,
             one.scores.rows, one.scores.fakes);
  if (!one.splits.empty()) {
    const auto [low, high] = std::minmax_element(one.splits.begin(), one.splits.end());
    fmt::print(
        "  {} splits of 70 to 30: AUC {:.4f} in the mean, {:.4f} to {:.4f}\n", one.splits.size(),
        std::accumulate(one.splits.begin(), one.splits.end(), 0.0) / static_cast<double>(one.splits.size()),
        *low, *high);
  }
  fmt::print("  predicted  seen   accounts\n");
  for (const auto& bin : one.scores.reliability)
    if (bin.count > 0) fmt::print("  {:9.3f}  {:.3f}  {}\n", bin.predicted, bin.seen, bin.count);
}

Status evaluate(const std::vector<std::string>& files, bool json) {
  const auto trainer =
      [](const Call& call,
         std::span<const figures::LabelledAccount> rows) -> Result<std::unique_ptr<figures::FakeModel>> {
    CDX_TRY_LET(auto trained, train_fake_model(call, rows));
    return std::move(trained.model);
  };
  const auto show = [&](const Measured& one) {
    if (json)
      fmt::print("{}\n", as_json(one));
    else
      print(one);
  };
  const auto call = stoppable_call();
  std::vector<LabelledSet> sets;
  for (const auto& file : files) {
    CDX_TRY_LET(auto set, read_set(file));
    sets.push_back(std::move(set));
  }
  for (const auto& set : sets) {
    CDX_TRY_LET(auto held_out, figures::evaluate_held_out(call, set.rows, trainer, eval_seed));
    show({"held_out", set.name, set.name, held_out.folds, held_out.split_auc});
  }
  for (const auto& from : sets)
    for (const auto& to : sets) {
      if (&from == &to) continue;
      CDX_TRY_LET(auto scores, figures::evaluate_across(call, from.rows, to.rows, trainer));
      show({"across", from.name, to.name, std::move(scores), {}});
    }
  return {};
}

void print_parts(const std::vector<figures::CredibilityPart>& parts, const std::vector<Spike>& spikes,
                 const std::string& model) {
  double known = 0;
  for (const auto& part : parts) known += part.weight;
  const auto credibility = figures::credibility(parts);
  if (credibility)
    fmt::print("credibility {:.2f}, between {:.2f} and {:.2f}; {:.0f} % of what could be known is known\n",
               credibility->value, credibility->low, credibility->high, 100 * known);
  else
    fmt::print("credibility not known: only {:.0f} % of what could be known is known\n", 100 * known);
  for (const auto& part : parts)
    fmt::print("  {:<11} {:.2f} x {:.3f}  {}\n", part.name, part.value, part.weight, part.words);
  for (const auto& spike : spikes)
    fmt::print("  step on {}: {:+.1f} % within days, {:.0f} deviations from the usual\n",
               format_date(spike.at), 100 * spike.change, spike.score);
  fmt::print("model: {}\n", model.empty() ? "none; `creatordex credibility train` makes one" : model);
}

void print_json(CreatorId id, const std::vector<figures::CredibilityPart>& parts,
                const std::vector<Spike>& spikes, const std::string& model) {
  const auto credibility = figures::credibility(parts);
  JsonWriter out;
  out.object([&] {
    out.key("id").value(id.text());
    out.key("credibility");
    if (credibility)
      out.object([&] {
        out.key("value").value(credibility->value).key("low").value(credibility->low);
        out.key("high").value(credibility->high);
      });
    else
      out.null();
    out.key("parts").array([&] {
      for (const auto& part : parts)
        out.object([&] {
          out.key("name").value(part.name).key("value").value(part.value).key("weight").value(part.weight);
          out.key("words").value(part.words);
        });
    });
    out.key("spikes").array([&] {
      for (const auto& spike : spikes)
        out.object([&] {
          out.key("account").value(spike.account.text()).key("at").value(format_time(spike.at));
          out.key("change").value(spike.change).key("score").value(spike.score);
        });
    });
    out.key("model");
    if (model.empty())
      out.null();
    else
      out.value(model);
  });
  fmt::print("{}\n", out.text());
}

Status explain(const Context& context, const std::string& text, bool json) {
  CDX_TRY_LET(const auto config, context.config({}));
  const auto id = CreatorId::parse(text);
  if (!id)
    return fail(ErrorKind::invalid, fmt::format("\"{}\" is no creator's id, which begins with cr_", text));
  const auto call = stoppable_call();
  CDX_TRY_LET(const auto store, open_store(config));
  CDX_TRY_LET(const auto profiles, store->profiles(call, std::vector{*id}, items_shown));
  if (profiles.empty()) return fail(ErrorKind::not_found, fmt::format("there is no creator {}", text));
  const auto& profile = profiles.front();
  std::vector<AccountId> accounts;
  for (const auto& account : profile.accounts) accounts.push_back(account.id);
  CDX_TRY_LET(const auto snapshots, store->snapshots(call, accounts));
  const auto now = SystemClock().now();
  CDX_TRY_LET(const auto model, open_fake_model(config));
  figures::FakeChances chances;
  if (model) {
    CDX_TRY_LET(chances, figures::fake_chances(call, *model, profile));
  }
  const auto spikes = figures::find_spikes(snapshots, now);
  const auto parts = figures::credibility_parts(profile, snapshots, spikes, now, chances);
  if (json)
    print_json(*id, parts, spikes, model ? model->name() : "");
  else
    print_parts(parts, spikes, model ? model->name() : "");
  return {};
}

}  // namespace

void add_credibility(CLI::App& app, const Context& context, Runner& runner) {
  struct Flags {
    std::vector<std::string> files;
    std::string out, id;
    bool json = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = app.add_subcommand("credibility", "how believable followers are, and the model behind it");
  command->require_subcommand(1);
  auto* training = command->add_subcommand("train", "learn from labelled accounts; the files are not kept");
  training->add_option("FILE", flags->files, "labelled accounts (docs/scoring.md names the forms)")
      ->required();
  training->add_option("--out", flags->out, "default: models/fake-accounts.json in the data folder");
  training->callback([&runner, &context, flags] {
    runner.run = [&context, flags] { return train(context, flags->files, flags->out); };
  });
  auto* evaluating = command->add_subcommand("eval", "held out of each set, and across every two sets");
  evaluating->add_option("SET", flags->files, "a file, or several joined by +, of labelled accounts")
      ->required();
  evaluating->add_flag("--json", flags->json, "one JSON line for each measurement");
  evaluating->callback(
      [&runner, flags] { runner.run = [flags] { return evaluate(flags->files, flags->json); }; });
  auto* explaining = command->add_subcommand("explain", "the parts of one creator's credibility, in words");
  explaining->add_option("ID", flags->id, "a creator's id")->required();
  explaining->add_flag("--json", flags->json, "one JSON object");
  explaining->callback([&runner, &context, flags] {
    runner.run = [&context, flags] { return explain(context, flags->id, flags->json); };
  });
}

}  // namespace cdx::app
