#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>

#include "app/command.h"
#include "base/json_text.h"
#include "benchmark/benchmark.h"
#include "sample/sample.h"
#include "store/memory/memory_store.h"

namespace cdx::app {
namespace {

using benchmark::Asking;

constexpr std::size_t most_answers = 1'000, most_threads = 256;

// What one measurement is made of: its flags, and how it is run. One JSON line a point on standard output.
struct BenchFlags {
  benchmark::NearestOptions nearest;
  benchmark::WordsOptions words;
  benchmark::HybridOptions hybrid;
  benchmark::ChurnOptions churn;
  benchmark::ArrivalsOptions arrivals;
  benchmark::ColdOptions cold;
  benchmark::SuggestOptions suggest;
  std::string efforts;
};

// Six digits: more would be noise.
std::string measured(double value) { return fmt::format("{:.6g}", value); }

void write_speed(JsonWriter& out, const benchmark::Speed& speed) {
  out.key("queries").value(std::uint64_t{speed.queries}).key("threads").value(std::uint64_t{speed.threads});
  out.key("qps_wall")
      .raw(measured(speed.qps_wall))
      .key("qps_cpu")
      .raw(measured(speed.qps_cpu))
      .key("cpu_ms")
      .raw(measured(speed.cpu_ms));
  out.key("p50_ms")
      .raw(measured(speed.p50_ms))
      .key("p95_ms")
      .raw(measured(speed.p95_ms))
      .key("p99_ms")
      .raw(measured(speed.p99_ms));
  out.key("cpu_p50_ms").raw(measured(speed.cpu_p50_ms)).key("cpu_p95_ms").raw(measured(speed.cpu_p95_ms));
  out.key("cpu_p99_ms").raw(measured(speed.cpu_p99_ms));
}

void write_build(JsonWriter& out, const benchmark::Build& build) {
  out.key("built")
      .value(build.built)
      .key("build_cpu_s")
      .raw(measured(build.cpu_s))
      .key("build_wall_s")
      .raw(measured(build.wall_s));
  out.key("rss_mb").raw(measured(build.rss_mb)).key("anon_mb").raw(measured(build.anon_mb));
  out.key("disk_bytes").value(std::uint64_t{build.disk_bytes});
}

template <class Body>
void print_line(const char* kind, Body&& body) {
  JsonWriter out;
  out.object([&] {
    out.key("bench").value(kind);
    body(out);
  });
  fmt::print("{}\n", out.text());
  std::fflush(stdout);
}

Result<std::vector<std::size_t>> parse_efforts(std::string_view text) {
  std::vector<std::size_t> out;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    more = comma != std::string_view::npos;
    const auto one = text.substr(0, comma);
    std::size_t effort = 0;
    const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), effort);
    if (error != std::errc{} || end != one.data() + one.size())
      return fail(ErrorKind::invalid,
                  fmt::format("--effort has \"{}\", but takes whole numbers such as 0,20,40", one));
    out.push_back(effort);
    if (more) text.remove_prefix(comma + 1);
  }
  return out;
}

Status bench_nearest(const char* kind, BenchFlags& flags) {
  auto& options = flags.nearest;
  CDX_TRY_LET(options.efforts, parse_efforts(flags.efforts));
  CDX_TRY_LET(const auto report, benchmark::measure_nearest(stoppable_call(), options));
  for (const auto& point : report.points)
    print_line(kind, [&](JsonWriter& out) {
      out.key("n").value(std::uint64_t{report.rows}).key("dimension").value(std::uint64_t{report.dimension});
      out.key("passing").value(std::uint64_t{report.passing}).key("k").value(std::uint64_t{options.asking.k});
      out.key("effort").value(std::uint64_t{point.effort}).key("recall").raw(measured(point.recall));
      out.key("way").value(point.way).key("compared").raw(measured(point.compared));
      write_speed(out, point.speed);
      write_build(out, report.build);
    });
  return {};
}

Status bench_words(BenchFlags& flags) {
  CDX_TRY_LET(const auto report, benchmark::measure_words(stoppable_call(), flags.words));
  print_line("text", [&](JsonWriter& out) {
    out.key("n").value(std::uint64_t{report.build.items}).key("k").value(std::uint64_t{flags.words.asking.k});
    out.key("recall")
        .raw(measured(report.recall))
        .key("docs_per_cpu_s")
        .raw(measured(report.documents_per_cpu_s));
    write_speed(out, report.speed);
    write_build(out, report.build);
  });
  return {};
}

Status bench_hybrid(BenchFlags& flags) {
  CDX_TRY_LET(const auto report, benchmark::measure_hybrid(stoppable_call(), flags.hybrid));
  print_line("hybrid", [&](JsonWriter& out) {
    out.key("n").value(std::uint64_t{report.documents}).key("passing").value(std::uint64_t{report.passing});
    out.key("k").value(std::uint64_t{flags.hybrid.asking.k});
    out.key("vector_fields").value(std::uint64_t{flags.hybrid.vector_fields});
    out.key("agreement").raw(measured(report.agreement)).key("candidates").raw(measured(report.candidates));
    write_speed(out, report.speed);
    out.key("segments").value(std::uint64_t{report.segments});
    write_build(out, report.build);
    out.key("plan").value(report.plan);
  });
  return {};
}

Status bench_churn(BenchFlags& flags) {
  CDX_TRY_LET(const auto rounds, benchmark::measure_churn(stoppable_call(), flags.churn));
  for (const auto& round : rounds)
    print_line("churn", [&](JsonWriter& out) {
      out.key("round").value(std::uint64_t{round.round}).key("n").value(std::uint64_t{round.documents});
      out.key("changed").value(std::uint64_t{round.changed}).key("compacted").value(round.compacted);
      out.key("segments").value(std::uint64_t{round.segments});
      out.key("k").value(std::uint64_t{flags.churn.hybrid.asking.k});
      out.key("agreement").raw(measured(round.agreement)).key("recall").raw(measured(round.recall));
      out.key("apply_cpu_s").raw(measured(round.apply_cpu_s));
      out.key("batch_p50_ms").raw(measured(round.batch_p50_ms));
      out.key("batch_p99_ms").raw(measured(round.batch_p99_ms));
      write_speed(out, round.speed);
      out.key("rss_mb").raw(measured(round.rss_mb)).key("disk_bytes").value(std::uint64_t{round.disk_bytes});
    });
  return {};
}

void print_phase(const benchmark::ArrivalsPhase& phase) {
  print_line("arrivals", [&](JsonWriter& out) {
    out.key("phase").value(phase.name).key("seconds").raw(measured(phase.seconds));
    out.key("all_cpu_s").raw(measured(phase.cpu_s)).key("arrived").value(std::uint64_t{phase.arrived});
    if (phase.busy_s > 0)
      out.key("arrived_per_s")
          .raw(measured(static_cast<double>(phase.arrived) / phase.seconds))
          .key("busy_s")
          .raw(measured(phase.busy_s));
    out.key("batch_p50_ms").raw(measured(phase.batch_p50_ms));
    out.key("batch_p99_ms").raw(measured(phase.batch_p99_ms));
    out.key("batch_most_ms").raw(measured(phase.batch_most_ms));
    out.key("n").value(std::uint64_t{phase.documents}).key("segments").value(std::uint64_t{phase.segments});
    write_speed(out, phase.speed);
    out.key("rss_mb").raw(measured(phase.rss_mb)).key("anon_mb").raw(measured(phase.anon_mb));
    out.key("disk_bytes").value(std::uint64_t{phase.disk_bytes});
  });
}

Status bench_cold(BenchFlags& flags) {
  CDX_TRY_LET(const auto report, benchmark::measure_cold(stoppable_call(), flags.cold));
  print_line("cold", [&](JsonWriter& out) {
    out.key("n").value(std::uint64_t{report.documents}).key("segments").value(std::uint64_t{report.segments});
    out.key("evicted").value(flags.cold.evict).key("found").value(std::uint64_t{report.found});
    out.key("open_ms").raw(measured(report.open_ms)).key("first_ms").raw(measured(report.first_ms));
    out.key("again_ms").raw(measured(report.again_ms)).key("cpu_ms").raw(measured(report.cpu_ms));
    out.key("faults_disk").value(std::uint64_t{report.faults_disk});
    out.key("faults_memory").value(std::uint64_t{report.faults_memory});
    out.key("rss_mb").raw(measured(report.rss_mb)).key("disk_bytes").value(std::uint64_t{report.disk_bytes});
  });
  return {};
}

Status bench_suggest(BenchFlags& flags) {
  const auto store = open_memory_store();
  CDX_TRY_LET(const auto report, benchmark::measure_suggest(stoppable_call(), flags.suggest, *store));
  for (const auto& point : report.points)
    print_line("suggest", [&](JsonWriter& out) {
      out.key("n")
          .value(std::uint64_t{report.creators})
          .key("segments")
          .value(std::uint64_t{report.segments});
      out.key("kind").value(point.kind).key("found").raw(measured(point.found));
      out.key("answers").raw(measured(point.answers));
      write_speed(out, point.speed);
      write_build(out, report.build);
    });
  return {};
}

void add_asking(CLI::App& command, Asking& asking) {
  command.add_option("--k", asking.k, "answers wanted (default 10)")
      ->check(CLI::Range(std::size_t{1}, most_answers));
  command.add_option("--threads", asking.threads, "threads that ask (default 1)")
      ->check(CLI::Range(std::size_t{1}, most_threads));
  command.add_option("--first", asking.first, "ask the first N queries only (default: all)");
}

void add_kept(CLI::App& command, Asking& asking) {
  command.add_option("--index", asking.index,
                     "folder that keeps the index, so that the next run does not build it");
}

void add_nearest(CLI::App& bench, const char* name, const char* help, Runner& runner) {
  auto* command = bench.add_subcommand(name, help);
  auto flags = std::make_shared<BenchFlags>();
  flags->efforts = "0";
  auto& options = flags->nearest;
  command->add_option("--base", options.base, ".npy of float32 unit rows: what is searched")->required();
  command->add_option("--query", options.query, ".npy of float32 unit rows: what is asked")->required();
  if (std::string_view(name) == "filter") {
    command->add_option("--labels", options.labels, ".npy with one uint8 for each row of the base")
        ->required();
    command
        ->add_option("--label", options.label,
                     "rows with this label may be returned (default 1); of several, such as 1,2,3, question "
                     "after question "
                     "takes the next")
        ->delimiter(',')
        ->check(CLI::Range(0U, 255U));
  }
  command->add_option("--effort", flags->efforts,
                      "search windows to measure, such as 0,20,40; 0: chosen by the engine");
  command->add_option("--truth", options.truth, ".npy of row numbers, best first (default: computed)");
  command->add_option("--out", options.hits, ".npy of row numbers to write, of the last effort");
  command->add_option("--build-threads", options.build_threads, "threads that build (default 1)")
      ->check(CLI::Range(std::size_t{1}, most_threads));
  add_asking(*command, options.asking);
  add_kept(*command, options.asking);
  command->callback(
      [&runner, flags, name] { runner.run = [flags, name] { return bench_nearest(name, *flags); }; });
}

void add_words(CLI::App& bench, Runner& runner) {
  auto* command = bench.add_subcommand("text", "words: BM25, any word of the question");
  auto flags = std::make_shared<BenchFlags>();
  auto& options = flags->words;
  command->add_option("--docs", options.documents, "creators: nine columns, parted by tabs")->required();
  command->add_option("--queries", options.questions, "one question a line")->required();
  command->add_flag("--stems", options.stems, "search stems, as the engine does");
  command->add_flag("--count", options.count, "count every match");
  add_asking(*command, options.asking);
  add_kept(*command, options.asking);
  command->callback([&runner, flags] { runner.run = [flags] { return bench_words(*flags); }; });
}

// What every hybrid measurement asks.
void add_questions(CLI::App& command, benchmark::HybridOptions& options) {
  command.add_option("--queries", options.questions, "one question a line")->required();
  command.add_option("--query", options.query, ".npy of float32 unit rows, one for each question")
      ->required();
  command
      .add_option("--vector-fields", options.vector_fields, "1 to 8 fields with a vector each (default 1)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{8}));
  command.add_option("--filter", options.filters,
                     "FIELD=VALUE that must hold: platform, niche, country, band; several allowed");
  command.add_option("--min-followers", options.min_followers, "at least so many");
  command.add_option("--depth", options.depth, "candidates of each leg (default 100)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}));
  add_asking(command, options.asking);
}

void add_documents(CLI::App& command, benchmark::HybridOptions& options) {
  command.add_option("--docs", options.documents, "creators: nine columns, parted by tabs")->required();
  command.add_option("--base", options.base, ".npy of float32 unit rows, one for each creator")->required();
}

void add_hybrid(CLI::App& bench, Runner& runner) {
  auto* command = bench.add_subcommand("hybrid", "words, vectors and a filter, joined by ranks");
  auto flags = std::make_shared<BenchFlags>();
  add_documents(*command, flags->hybrid);
  add_questions(*command, flags->hybrid);
  add_kept(*command, flags->hybrid.asking);
  command->callback([&runner, flags] { runner.run = [flags] { return bench_hybrid(*flags); }; });
}

void add_churn(CLI::App& bench, Runner& runner) {
  auto* command =
      bench.add_subcommand("churn", "an index in a folder while its documents change, round after round");
  auto flags = std::make_shared<BenchFlags>();
  auto& options = flags->churn;
  add_documents(*command, options.hybrid);
  add_questions(*command, options.hybrid);
  command->add_option("--dir", options.folder, "new or empty folder for the index")->required();
  command->add_option("--rounds", options.rounds, "how many (default 10)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000}));
  command->add_option("--share", options.share, "of the documents changed in a round (default 0.1)")
      ->check(CLI::Range(0.0001, 0.5));
  command->add_flag("--compact", options.compact, "make one segment of all at the end");
  command->callback([&runner, flags] { runner.run = [flags] { return bench_churn(*flags); }; });
}

void add_arrivals(CLI::App& bench, Runner& runner) {
  auto* command =
      bench.add_subcommand("arrivals", "an index in a folder while creators arrive and others ask");
  auto flags = std::make_shared<BenchFlags>();
  auto& options = flags->arrivals;
  add_documents(*command, options.hybrid);
  add_questions(*command, options.hybrid);
  command->add_option("--dir", options.folder, "new or empty folder for the index, or one of `bench hybrid`")
      ->required();
  command->add_option("--burst", options.burst, "creators that come at once (default 100000)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{10'000'000}));
  command->add_option("--steady", options.steady_a_second, "creators a second afterwards (default 300)")
      ->check(CLI::Range(10.0, 100'000.0));
  command->add_option("--seconds", options.steady_s, "how long (default 120)")->check(CLI::Range(1.0, 1e6));
  command
      ->add_option("--window", options.window_s, "a line every so many seconds of it (default: one in all)")
      ->check(CLI::Range(1.0, 1e6));
  command
      ->add_option("--calm", options.calm_s, "seconds in which nothing comes, before and after (default 20)")
      ->check(CLI::Range(1.0, 1e5));
  command->add_option("--asks", options.asks_a_second, "questions a second (default 50)")
      ->check(CLI::Range(0.1, 10'000.0));
  command->callback([&runner, flags] {
    runner.run = [flags]() -> Status {
      CDX_TRY(benchmark::measure_arrivals(stoppable_call(), flags->arrivals, print_phase));
      return {};
    };
  });
}

void add_cold(CLI::App& bench, Runner& runner) {
  auto* command = bench.add_subcommand("cold", "from a folder to the first answer");
  auto flags = std::make_shared<BenchFlags>();
  add_questions(*command, flags->cold.hybrid);
  command->add_option("--dir", flags->cold.folder, "folder that `bench hybrid --index` kept")->required();
  command->add_flag("--evict", flags->cold.evict, "ask the system to forget the files first");
  command->callback([&runner, flags] { runner.run = [flags] { return bench_cold(*flags); }; });
}

void add_suggest(CLI::App& bench, Runner& runner) {
  auto* command =
      bench.add_subcommand("suggest", "names of a sample set: while they are typed, and with typing errors");
  auto flags = std::make_shared<BenchFlags>();
  auto& options = flags->suggest;
  command->add_option("--creators", options.creators, "how many (default 100000)")
      ->check(CLI::Range(std::uint64_t{1}, sample_creators_limit));
  command->add_option("--seed", options.seed, "of the sample set (default 15)");
  command->add_option("--segments", options.segments, "pieces the documents lie in, about (default 1)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000}));
  command->add_option("--threads", options.asking.threads, "threads that ask (default 1)")
      ->check(CLI::Range(std::size_t{1}, most_threads));
  command->add_option("--first", options.asking.first, "questions of each kind (default 500)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}));
  add_kept(*command, options.asking);
  command->callback([&runner, flags] { runner.run = [flags] { return bench_suggest(*flags); }; });
}

}  // namespace

void add_bench(CLI::App& app, const Context&, Runner& runner) {
  auto* bench =
      app.add_subcommand("bench", "measure the engine on files of vectors and creators; prints JSON lines");
  bench->require_subcommand(1);
  add_nearest(*bench, "ann", "nearest neighbours", runner);
  add_nearest(*bench, "filter", "nearest neighbours among the rows with a label", runner);
  add_words(*bench, runner);
  add_hybrid(*bench, runner);
  add_churn(*bench, runner);
  add_arrivals(*bench, runner);
  add_cold(*bench, runner);
  add_suggest(*bench, runner);
}

}  // namespace cdx::app
