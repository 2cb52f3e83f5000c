#include "sample/sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <system_error>
#include <thread>
#include <vector>

#include "base/guard.h"
#include "model/ids.h"
#include "sample/account_json.h"
#include "sample/out_folder.h"
#include "sample/question.h"
#include "sample/vectors.h"

namespace cdx::embedded {
std::string_view sample_readme();
}

namespace cdx {
namespace {

using namespace sample;

constexpr std::uint64_t block_size = 256;  // creators a thread makes at once
// Measured; the room needed on the disk is refused beforehand, not found out after an hour.
constexpr std::uint64_t bytes_per_creator = 10'500;
constexpr std::uint64_t vector_bytes_per_creator = 6'200;

// What one block of creators adds to each file.
struct Block {
  std::string accounts, identity, niche, spikes, qrels, vector_rows;
  std::vector<float> vectors;
  std::uint64_t account_count = 0;
};

struct Job {
  Recipe recipe;
  const Calendar& calendar;
  const std::vector<Question>& questions;
  const Clusters* clusters = nullptr;  // null: no vectors
};

struct Files {
  OutFile accounts, identity, niche, spikes, qrels, queries, vectors, vector_rows;
  std::uint64_t bytes() const {
    return accounts.size() + identity.size() + niche.size() + spikes.size() + qrels.size() + queries.size() +
           vectors.size() + vector_rows.size();
  }
};

void add_account(const Job& job, const Person& person, const Presence& account, Block& block) {
  const auto platform = static_cast<Platform>(account.platform);
  const auto id = account_id(platform, account.user_id).text();
  append_account(block.accounts, job.calendar, account);
  block.identity +=
      fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\n", id, name(platform), account.user_id, account.handle,
                  person_id(person.index), name(person.kind), person_id(person.about));
  if (account.jump) {
    const auto& jump = *account.jump;
    block.spikes += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", id, name(platform), account.user_id,
                                person_id(person.index), jump.inorganic ? "inorganic" : "viral",
                                job.calendar.date(jump.days_ago + 7), job.calendar.date(jump.days_ago),
                                jump.before, jump.after);
  }
  if (job.clusters != nullptr) {
    for (const bool content : {false, true}) {
      job.clusters->append_row(block.vectors, job.recipe, person, account.platform, content);
      block.vector_rows += fmt::format("{}\t{}\t{}\n", name(platform), account.user_id,
                                       vector_field_name(account.platform, content));
    }
  }
  ++block.account_count;
}

void add_creator(const Job& job, std::uint64_t index, Block& block) {
  const auto& world = *job.recipe.world;
  const Person person = make_person(job.recipe, index);
  std::int64_t followers = 0;
  for (std::size_t i = 0; i < sample_platforms; ++i) {
    if (!person.on(i)) continue;
    const auto account = make_presence(job.recipe, job.calendar, person, i);
    followers += account.followers;
    add_account(job, person, account, block);
  }
  const auto id = person_id(index);
  const bool two = person.second != person.subject;
  block.niche += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", id, world.truth[person.subject],
                             two ? world.truth[person.second] : "", world.subjects[person.subject],
                             two ? world.subjects[person.second] : "",
                             style_names[static_cast<std::size_t>(person.style)], person.tongue->language,
                             person.country->code, followers, name(person.kind));
  for (const auto& question : job.questions)
    if (const auto value = grade(question, world, person, followers))
      block.qrels += fmt::format("{} 0 {} {}\n", question.id, id, *value);
}

Block make_block(const Job& job, std::uint64_t begin) {
  Block block;
  const auto end = std::min(begin + block_size, job.recipe.count);
  for (auto i = begin; i < end; ++i) add_creator(job, i, block);
  return block;
}

Status write_block(const Block& block, Files& files, bool vectors) {
  CDX_TRY(files.accounts.write(block.accounts));
  CDX_TRY(files.identity.write(block.identity));
  CDX_TRY(files.niche.write(block.niche));
  CDX_TRY(files.spikes.write(block.spikes));
  CDX_TRY(files.qrels.write(block.qrels));
  if (!vectors) return {};
  CDX_TRY(files.vector_rows.write(block.vector_rows));
  return files.vectors.write(
      {reinterpret_cast<const char*>(block.vectors.data()), block.vectors.size() * sizeof(float)});
}

Status open_files(const SampleOptions& options, Files& files) {
  CDX_TRY_LET(files.accounts, OutFile::open(options.out / "accounts.ndjson"));
  CDX_TRY_LET(files.identity, OutFile::open(options.out / "truth/identity.tsv"));
  CDX_TRY_LET(files.niche, OutFile::open(options.out / "truth/niche.tsv"));
  CDX_TRY_LET(files.spikes, OutFile::open(options.out / "truth/spikes.tsv"));
  CDX_TRY_LET(files.qrels, OutFile::open(options.out / "truth/qrels.txt"));
  CDX_TRY_LET(files.queries, OutFile::open(options.out / "truth/queries.jsonl"));
  CDX_TRY(files.identity.write("account_id\tplatform\tuser_id\thandle\tperson\tkind\tabout\n"));
  CDX_TRY(
      files.niche.write("person\tprimary\tsecondary\tsubject\tsecond_subject\tstyle\tlanguage\tcountry\t"
                        "followers\tkind\n"));
  CDX_TRY(files.spikes.write("account_id\tplatform\tuser_id\tperson\tkind\tfrom\tto\tbefore\tafter\n"));
  if (!options.vectors) return {};
  CDX_TRY_LET(files.vectors, OutFile::open(options.out / "vectors.npy"));
  CDX_TRY_LET(files.vector_rows, OutFile::open(options.out / "vectors.tsv"));
  CDX_TRY(files.vectors.write(npy_header(0)));
  return files.vector_rows.write("platform\tuser_id\tfield\n");
}

Status finish_files(const SampleOptions& options, std::uint64_t accounts, Files& files) {
  CDX_TRY(files.identity.finish());
  CDX_TRY(files.niche.finish());
  CDX_TRY(files.spikes.finish());
  CDX_TRY(files.qrels.finish());
  CDX_TRY(files.queries.finish());
  if (options.vectors) {
    CDX_TRY(files.vectors.write_at(0, npy_header(accounts * 2)));
    CDX_TRY(files.vectors.finish());
    CDX_TRY(files.vector_rows.finish());
  }
  return files.accounts.finish();  // last: where it is, the set is whole
}

// Blocks are made by all threads and written in order, a round behind the making.
Status run(const Job& job, const SampleOptions& options, Files& files,
           const std::function<void(const SampleProgress&)>& progress) {
  const unsigned threads =
      std::clamp(options.threads != 0 ? options.threads : std::thread::hardware_concurrency(), 1U, 64U);
  SampleProgress state{0, job.recipe.count, 0, 0};
  std::vector<Block> done;
  std::uint64_t next = 0;
  while (next < job.recipe.count || !done.empty()) {
    std::vector<Block> made(
        std::min<std::uint64_t>(threads * 2ULL, (job.recipe.count - next + block_size - 1) / block_size));
    std::atomic<std::size_t> turn = 0;
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < threads && !made.empty(); ++i)
      workers.emplace_back([&] {
        for (auto at = turn++; at < made.size(); at = turn++)
          made[at] = make_block(job, next + at * block_size);
      });
    CDX_TRY(options.call.check());
    for (const auto& block : done) {
      CDX_TRY(write_block(block, files, options.vectors));
      state.accounts += block.account_count;
      state.creators = std::min(state.creators + block_size, job.recipe.count);
    }
    workers.clear();  // joins
    next = std::min(next + made.size() * block_size, job.recipe.count);
    done = std::move(made);
    state.bytes = files.bytes();
    if (progress && state.creators > 0) progress(state);
  }
  return finish_files(options, state.accounts, files);
}

Status check_room(const SampleOptions& options) {
  std::error_code error;
  const auto space = std::filesystem::space(options.out, error);
  const auto wanted =
      options.creators * (bytes_per_creator + (options.vectors ? vector_bytes_per_creator : 0));
  if (!error && space.available < wanted)
    return fail(ErrorKind::unavailable,
                fmt::format("{} creators need about {} MB, but {} has {} MB left", options.creators,
                            wanted / 1'000'000, options.out.string(), space.available / 1'000'000));
  return {};
}

Status write_guarded(const SampleOptions& options,
                     const std::function<void(const SampleProgress&)>& progress) {
  CDX_TRY_LET(const World world, load_world());
  const Calendar calendar(options.today);
  const Recipe recipe{&world, options.seed, options.creators};
  CDX_TRY_LET(const auto questions, make_questions(recipe));
  CDX_TRY(prepare_folder(options.out, embedded::sample_readme()));
  CDX_TRY(check_room(options));
  Files files;
  CDX_TRY(open_files(options, files));
  for (const auto& question : questions) {
    std::string line;
    append_question(line, world, question);
    CDX_TRY(files.queries.write(line));
  }
  std::optional<Clusters> clusters;
  if (options.vectors) clusters.emplace(world, options.seed);
  return run({recipe, calendar, questions, clusters ? &*clusters : nullptr}, options, files, progress);
}

}  // namespace

Status write_sample(const SampleOptions& options,
                    const std::function<void(const SampleProgress&)>& progress) {
  static_assert(std::endian::native == std::endian::little, "vectors.npy is written as it lies in memory");
  if (options.creators > sample_creators_limit)
    return fail(ErrorKind::invalid, fmt::format("{} creators asked for; the limit is {}", options.creators,
                                                sample_creators_limit));
  const auto year = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(options.today)).year();
  if (year < std::chrono::year(2020) || year > std::chrono::year(2200))
    return fail(ErrorKind::invalid, "the newest day of the set must lie between the years 2020 and 2200");
  return guard("sample set", ErrorKind::unavailable, [&] { return write_guarded(options, progress); });
}

}  // namespace cdx
