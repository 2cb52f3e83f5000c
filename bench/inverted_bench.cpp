// Size and speed of the inverted room over creators (a TSV of id, name, bio, tags, ...) and questions (one a
// line); one JSON line a figure. Words are split at blanks. Usage: inverted_bench creators.tsv questions.txt
// [fields: 1 for one text, 3 for name, bio and tags] [questions asked so many times] [only figures of this
// name]
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <random>
#include <string>

#include "inverted/inverted.h"

namespace {

using namespace cdx;
using namespace cdx::inverted;
using Row = std::vector<std::vector<std::string_view>>;

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void split(std::string_view text, char at, std::vector<std::string_view>& out) {
  while (!text.empty()) {
    const auto end = std::min(text.find(at), text.size());
    if (end > 0) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Counts the bytes of each section beside keeping them.
class CountingSections final : public SectionWriter {
 public:
  Status begin(std::string_view name) override {
    now_ = &bytes[std::string(name)];
    return kept.begin(name);
  }
  Status write(std::span<const std::byte> more) override {
    *now_ += more.size();
    return kept.write(more);
  }
  MemorySections kept;
  std::map<std::string, std::size_t> bytes;

 private:
  std::size_t* now_ = nullptr;
};

[[noreturn]] void stop(const std::string& why) {
  fmt::print(stderr, "{}\n", why);
  std::exit(1);
}

struct Corpus {
  std::string bytes;
  std::vector<Row> rows;
  std::size_t words = 0;
};

Corpus read_corpus(const char* path, std::size_t fields) {
  Corpus out;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) stop(fmt::format("cannot read {}", path));
  out.bytes.resize(static_cast<std::size_t>(file.tellg()));
  file.seekg(0);
  file.read(out.bytes.data(), static_cast<std::streamsize>(out.bytes.size()));
  std::vector<std::string_view> lines, columns;
  split(out.bytes, '\n', lines);
  for (const auto line : lines) {
    columns.clear();
    split(line, '\t', columns);
    Row row(fields);
    for (std::size_t i = 0; i < 3; ++i) split(columns[1 + i], ' ', row[fields == 1 ? 0 : i]);
    for (const auto& field : row) out.words += field.size();
    out.rows.push_back(std::move(row));
  }
  return out;
}

Scoring scoring_of(const Corpus& corpus, std::size_t fields) {
  Scoring out;
  out.fields.resize(fields);
  for (std::size_t f = 0; f < fields; ++f) {
    double length = 0, documents = 0;
    for (const auto& row : corpus.rows) {
      length += static_cast<double>(row[f].size());
      documents += row[f].empty() ? 0 : 1;
    }
    out.fields[f].mean_length = length / documents;
  }
  if (fields == 3) {
    out.fields[0].weight = 3;
    out.fields[2].weight = 2;
  }
  return out;
}

struct Figures {
  std::vector<double> micros;
  double total = 0;
  void add(double seconds) {
    micros.push_back(seconds * 1e6);
    total += seconds;
  }
  void print(const std::string& work, const std::string& more = "") {
    std::sort(micros.begin(), micros.end());
    const auto at = [&](double share) {
      return micros[static_cast<std::size_t>(share * static_cast<double>(micros.size() - 1))];
    };
    fmt::print(
        "{{\"work\":\"{}\",\"cpu_us_p50\":{:.1f},\"cpu_us_p95\":{:.1f},\"cpu_us_p99\":{:.1f},\"per_cpu_s\":"
        "{:.0f}{}}}\n",
        work, at(0.5), at(0.95), at(0.99), static_cast<double>(micros.size()) / total, more);
    std::fflush(stdout);
  }
};

double idf(double documents, double holding) {
  return std::log(1 + (documents - holding + 0.5) / (holding + 0.5));
}

Word word_of(const Inverted& index, std::uint32_t term) {
  const auto rows = static_cast<double>(index.rows());
  return {{{term, idf(rows, static_cast<double>(index.rows_with_term(term)))}}};
}

std::vector<std::vector<Word>> questions_of(const Inverted& index, const char* path) {
  std::ifstream file(path);
  if (!file) stop(fmt::format("cannot read {}", path));
  std::vector<std::vector<Word>> out;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string_view> texts;
    split(line, ' ', texts);
    auto& words = out.emplace_back();
    for (const auto text : texts)
      if (const auto term = index.find_term(text); term != nothing) words.push_back(word_of(index, term));
  }
  return out;
}

std::vector<std::uint64_t> some_rows(std::size_t rows, double share) {
  std::mt19937_64 random(7);
  std::vector<std::uint64_t> out((rows + 63) / 64);
  for (std::size_t row = 0; row < rows; ++row)
    if (std::uniform_real_distribution<double>(0, 1)(random) < share)
      out[row / 64] |= std::uint64_t{1} << (row % 64);
  return out;
}

void ask(const Inverted& index, const Scoring& scoring, const std::vector<std::vector<Word>>& questions,
         std::size_t times, std::string_view only) {
  for (const double share : {1.0, 0.1, 0.01}) {
    const auto allowed = share < 1 ? some_rows(index.rows(), share) : std::vector<std::uint64_t>();
    for (const std::size_t k : {std::size_t{10}, std::size_t{1000}}) {
      for (const bool count : {false, true}) {
        if (count && share < 1) continue;
        const auto name =
            fmt::format("best {} of {} % of rows{}", k, share * 100, count ? ", all counted" : "");
        if (!only.empty() && name != only) continue;
        Figures figures;
        double sum = 0;
        for (std::size_t turn = 0; turn < times; ++turn)
          for (const auto& words : questions) {
            const auto begin = cpu_seconds();
            const auto got = index.best(Call{}, words, scoring, allowed, k, 0, count);
            figures.add(cpu_seconds() - begin);
            for (const auto& one : got->rows) sum += static_cast<double>(one.score);
          }
        figures.print(name, fmt::format(",\"score_sum\":{:.3f}", sum / static_cast<double>(times)));
      }
    }
  }
}

void ask_the_rest(const Inverted& index, const Scoring& scoring, const Corpus& corpus,
                  const std::vector<std::vector<Word>>& questions) {
  Figures scored, phrases, prefixes, looked_up, dying;
  std::mt19937_64 random(11);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < 1'000; ++i)
    rows.push_back(static_cast<std::uint32_t>(random() % index.rows()));
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  std::vector<float> scores(rows.size());
  for (const auto& words : questions) {
    const auto begin = cpu_seconds();
    index.scores(words, scoring, rows, scores.data());
    scored.add(cpu_seconds() - begin);
  }
  scored.print("scores of 1000 rows");
  std::size_t found = 0;
  for (std::size_t i = 0; i < 500; ++i) {
    const auto& texts = corpus.rows[random() % index.rows()].back();
    const auto at = random() % (texts.size() - 1);
    std::vector<std::vector<std::uint32_t>> places{{index.find_term(texts[at])},
                                                   {index.find_term(texts[at + 1])}};
    std::vector<std::uint64_t> bits((index.rows() + 63) / 64);
    const auto begin = cpu_seconds();
    static_cast<void>(index.mark_phrase(Call{}, places, nothing, bits));
    phrases.add(cpu_seconds() - begin);
    for (const auto word : bits) found += word != 0 ? 1 : 0;
  }
  phrases.print("phrase of two words", fmt::format(",\"found\":{}", found));
  for (std::size_t i = 0; i < 300; ++i) {
    const auto& texts = corpus.rows[random() % index.rows()].back();
    const auto prefix = texts[random() % texts.size()].substr(0, 4);
    const auto begin = cpu_seconds();
    const auto range = index.terms_starting_with(prefix);
    Word word;
    for (auto term = range.begin; term < range.end; ++term)
      word.readings.push_back(word_of(index, term).readings[0]);
    const std::vector<Word> words{word};
    const auto got = index.best(Call{}, words, scoring, {}, 10);
    prefixes.add(cpu_seconds() - begin);
    if (!got || got->rows.empty()) stop("a prefix found nothing");
  }
  prefixes.print("best 10 by a prefix of four letters");
  for (std::size_t i = 0; i < 1'000; ++i) {
    const auto term = index.term(static_cast<std::uint32_t>(random() % index.terms()));
    const auto begin = cpu_seconds();
    if (index.find_term(term) == nothing) stop("a term was not found");
    looked_up.add(cpu_seconds() - begin);
  }
  looked_up.print("find a term");
  std::vector<std::uint32_t> surfaces;
  for (std::size_t i = 0; i < 1'000; ++i) {
    const auto begin = cpu_seconds();
    index.surfaces_of(static_cast<std::uint32_t>(random() % index.rows()), surfaces);
    dying.add(cpu_seconds() - begin);
  }
  dying.print("surfaces of a row");
}

void print_sizes(const CountingSections& sections, std::size_t rows) {
  std::size_t all = 0, lists = 0;
  for (const auto& [name, bytes] : sections.bytes) {
    fmt::print("{{\"section\":\"{}\",\"bytes\":{}}}\n", name, bytes);
    all += bytes;
    if (!name.starts_with("position") && !name.starts_with("forward")) lists += bytes;
  }
  fmt::print("{{\"rows\":{},\"bytes_without_positions_and_forward\":{},\"bytes\":{}}}\n", rows, lists, all);
}

void merge_halves(const Corpus& corpus, const Scoring& scoring, std::size_t fields) {
  const auto same = [](std::string_view surface) { return std::string(surface); };
  std::vector<MemorySections> kept(2);
  std::vector<std::vector<std::uint32_t>> targets(2);
  for (std::uint32_t p = 0; p < 2; ++p) {
    Builder builder(fields);
    for (auto row = p; row < corpus.rows.size(); row += 2) {
      builder.add_row(corpus.rows[row]);
      targets[p].push_back(row);
    }
    if (!builder.write(Call{}, scoring, same, kept[p], "")) stop("cannot write a half");
  }
  const auto first = Inverted::open(kept[0], ""), second = Inverted::open(kept[1], "");
  const std::vector<Part> parts{{&*first, targets[0]}, {&*second, targets[1]}};
  MemorySections out;
  const auto begin = cpu_seconds();
  if (!merge(Call{}, parts, corpus.rows.size(), scoring, out, "")) stop("cannot merge");
  const auto seconds = cpu_seconds() - begin;
  fmt::print(
      "{{\"work\":\"merge two halves that interleave\",\"cpu_s\":{:.3f},\"documents_per_cpu_s\":{:.0f}}}\n",
      seconds, static_cast<double>(corpus.rows.size()) / seconds);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) stop("usage: inverted_bench creators.tsv questions.txt [1 or 3 fields] [times]");
  const std::size_t fields = count > 3 && arguments[3][0] == '3' ? 3 : 1;
  const auto times = count > 4 ? std::strtoull(arguments[4], nullptr, 10) : 3;
  const auto corpus = read_corpus(arguments[1], fields);
  const auto scoring = scoring_of(corpus, fields);
  CountingSections sections;
  const auto begin = cpu_seconds();
  double writing = 0;
  {
    Builder builder(fields);
    for (const auto& row : corpus.rows) builder.add_row(row);
    writing = cpu_seconds();
    if (!builder.write(
            Call{}, scoring, [](std::string_view surface) { return std::string(surface); }, sections, ""))
      stop("cannot write");
  }
  const auto end = cpu_seconds();
  fmt::print(
      "{{\"work\":\"index\",\"documents\":{},\"words\":{},\"fields\":{},\"cpu_s\":{:.3f},\"of_it_writing\":{:"
      ".3f},"
      "\"documents_per_cpu_s\":{:.0f}}}\n",
      corpus.rows.size(), corpus.words, fields, end - begin, end - writing,
      static_cast<double>(corpus.rows.size()) / (end - begin));
  print_sizes(sections, corpus.rows.size());
  const std::string_view only = count > 5 ? arguments[5] : "";
  if (only.empty()) merge_halves(corpus, scoring, fields);
  const auto index = Inverted::open(sections.kept, "");
  if (!index) stop(index.error().message);
  const auto questions = questions_of(*index, arguments[2]);
  ask(*index, scoring, questions, times, only);
  if (only.empty()) ask_the_rest(*index, scoring, corpus, questions);
}
