// Speed and memory of the index room over a made-up corpus (Zipf words, clustered vectors); one JSON line a
// figure. Usage: index_bench [documents] [batch]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>
#include <string>

#include "index/index.h"
#include "text/text.h"

namespace {

using namespace cdx;

constexpr std::size_t dimension = 384;

class Corpus {
 public:
  Corpus() {
    static constexpr const char* syllables[] = {"ka",  "ro",  "mi",  "ten", "sal", "du", "ver",
                                                "lo",  "pin", "gra", "be",  "sho", "ni", "tra",
                                                "mon", "el",  "fi",  "qua", "zu",  "har"};
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (auto n = 2 + random_() % 3; n > 0; --n) words_[i] += syllables[random_() % std::size(syllables)];
      if (i % 3 == 0) words_[i] += i % 2 == 0 ? "ing" : "s";
    }
    for (auto& cluster : clusters_) cluster = vector(nullptr);
  }

  const std::string& word() {  // about Zipf: density falls with the rank
    const auto at = std::pow(static_cast<double>(words_.size()), uniform_(random_)) - 1;
    return words_[static_cast<std::size_t>(at)];
  }
  const std::string& rare_word() { return words_[words_.size() / 2 + random_() % (words_.size() / 2)]; }
  std::string text(std::size_t count) {
    std::string out;
    for (; count > 0; --count) (out += word()) += ' ';
    return out;
  }
  std::vector<float> vector(const std::vector<float>* near) {
    std::vector<float> out(dimension);
    float sum = 0;
    for (std::size_t i = 0; i < dimension; ++i) {
      out[i] = normal_(random_) + (near != nullptr ? 20 * (*near)[i] : 0);
      sum += out[i] * out[i];
    }
    for (auto& value : out) value /= std::sqrt(sum);
    return out;
  }
  std::vector<float> clustered() { return vector(&clusters_[random_() % clusters_.size()]); }

  Document document(std::uint64_t id) {
    Document out;
    out.id = id * 0x9E3779B97F4A7C15ULL;
    const auto first = rare_word(), second = word();
    out.texts = {first + " " + second,
                 first + second + std::to_string(random_() % 100),
                 word(),
                 text(15),
                 text(25),
                 text(80)};
    out.keywords = {
        {random_() % 3 == 0 ? "tiktok" : "youtube"}, {words_[random_() % 24]}, {words_[random_() % 30]}};
    out.numbers = {std::floor(std::exp(14 * uniform_(random_))), uniform_(random_)};
    out.vectors = {clustered(), random_() % 2 == 0 ? clustered() : std::vector<float>()};
    return out;
  }
  std::uint64_t number() { return random_(); }

 private:
  std::mt19937_64 random_{42};
  std::uniform_real_distribution<double> uniform_{0, 1};
  std::normal_distribution<float> normal_;
  std::vector<std::string> words_{60'000};
  std::vector<std::vector<float>> clusters_{200};
};

Schema schema() {
  Schema out;
  out.texts = {{"name", 3, 0.3},     {"handle", 2, 0.3}, {"niche", 2, 0},
               {"summary", 1, 0.75}, {"bio", 1, 0.75},   {"content", 0.7, 0.75}};
  out.keywords = {{"platform"}, {"niche"}, {"country"}};
  out.numbers = {{"followers"}, {"rate"}};
  out.vectors = {{"bio", dimension}, {"content", dimension}};
  out.name_fields = {0, 1};
  return out;
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double resident_mb() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

std::vector<Retrieval::Word> words(const std::string& text) {
  std::vector<Retrieval::Word> out;
  for (const auto& token : text::tokens(text)) out.push_back({text::stem(token.term), token.term, 1});
  return out;
}

// Median and 95th percentile of the CPU time of questions made by `make`.
template <class Make>
void measure(const IndexSnapshot& snapshot, const char* what, int times, const Make& make) {
  std::vector<double> micros;
  std::size_t candidates = 0;
  for (int i = 0; i < times; ++i) {
    const Retrieval retrieval = make();
    const auto begin = cpu_seconds();
    const auto got = snapshot.retrieve(Call{}, retrieval);
    micros.push_back((cpu_seconds() - begin) * 1e6);
    if (!got) {
      fmt::print(stderr, "{}\n", got.error().message);
      std::exit(1);
    }
    candidates += got->documents.size();
  }
  std::sort(micros.begin(), micros.end());
  fmt::print("{{\"work\":\"{}\",\"cpu_us_p50\":{:.0f},\"cpu_us_p95\":{:.0f},\"candidates\":{}}}\n", what,
             micros[micros.size() / 2], micros[micros.size() * 95 / 100], candidates / micros.size());
}

void ask_all(const IndexSnapshot& snapshot, Corpus& corpus) {
  const auto by_words = [&](std::string text, std::size_t depth) {
    Retrieval out;
    out.words = words(text);
    out.word_depth = depth;
    return out;
  };
  const auto filtered = [](Retrieval out) {  // about 10 %
    out.filter = Filter::number_in("rate", 0.9, {});
    return out;
  };
  const auto with_vectors = [&](Retrieval out, std::size_t fields) {
    out.vectors = {corpus.clustered(), fields > 1 ? corpus.clustered() : std::vector<float>()};
    return out;
  };
  measure(snapshot, "bm25 of 3 words, 10 candidates", 300, [&] { return by_words(corpus.text(3), 10); });
  measure(snapshot, "bm25 of 3 words, 10000 candidates", 100,
          [&] { return by_words(corpus.text(3), 10'000); });
  measure(snapshot, "bm25 of a word with a typo", 100, [&] {
    auto word = corpus.rare_word();
    std::swap(word[2], word[3]);
    return by_words(word + "x", 10);
  });
  measure(snapshot, "name with a typo", 100, [&] {
    auto word = corpus.rare_word();
    std::swap(word[2], word[3]);
    Retrieval out;
    out.name_query = word + " " + corpus.word();
    return out;
  });
  measure(snapshot, "vectors of 1 field", 30, [&] { return with_vectors({}, 1); });
  measure(snapshot, "vectors of 1 field, 10 % filter", 100, [&] { return filtered(with_vectors({}, 1)); });
  measure(snapshot, "hybrid: 3 words, name, 2 vector fields, 10 % filter, 3 facets, 2 numbers", 100, [&] {
    const auto text = corpus.text(3);
    auto out = filtered(with_vectors(by_words(text, 10'000), 2));
    out.name_query = text;
    out.facet_fields = {"platform", "niche", "country"};
    out.number_fields = {"followers", "rate"};
    return out;
  });
  auto begin = cpu_seconds();
  for (int i = 0; i < 1'000; ++i) (void)snapshot.complete(corpus.word().substr(0, 3), "followers", 8);
  fmt::print("{{\"work\":\"complete 3 letters\",\"cpu_us_mean\":{:.0f}}}\n", (cpu_seconds() - begin) * 1e3);
}

}  // namespace

int main(int count, char** arguments) {
  const auto documents = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 100'000;
  const auto batch_size = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 1'000;
  Corpus corpus;
  const auto index = std::move(*make_index(schema()));
  double seconds = 0;
  const auto before = resident_mb();
  for (std::uint64_t done = 0; done < documents;) {
    IndexBatch batch;
    for (std::size_t i = 0; i < batch_size && done < documents; ++i)
      batch.upserts.push_back(corpus.document(done++));
    const auto begin = cpu_seconds();
    if (!index->apply(Call{}, batch)) return 1;
    seconds += cpu_seconds() - begin;
  }
  fmt::print(
      "{{\"work\":\"index in batches of "
      "{}\",\"documents\":{},\"documents_per_cpu_s\":{:.0f},\"resident_mb\":{:.0f}}}\n",
      batch_size, documents, static_cast<double>(documents) / seconds, resident_mb() - before);
  ask_all(*index->snapshot(), corpus);
  std::vector<double> millis;
  for (int i = 0; i < 50; ++i) {
    IndexBatch batch;
    batch.upserts.push_back(corpus.document(corpus.number() % documents));
    const auto begin = cpu_seconds();
    if (!index->apply(Call{}, batch)) return 1;
    millis.push_back((cpu_seconds() - begin) * 1e3);
  }
  std::sort(millis.begin(), millis.end());
  fmt::print("{{\"work\":\"replace one document\",\"cpu_ms_p50\":{:.2f},\"cpu_ms_max\":{:.2f}}}\n",
             millis[25], millis[49]);
}
