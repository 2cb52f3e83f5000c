// Replays a corpus without a fuzzer: every file below the folders given, then a few thousand seeded random
// inputs made of pieces of them.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::string mutated(std::string bytes, const std::vector<std::string>& corpus, std::mt19937& random) {
  const auto at = [&](std::size_t size) { return size == 0 ? 0 : random() % size; };
  for (auto edits = random() % 6 + 1; edits > 0; --edits) {
    const auto position = at(bytes.size());
    switch (random() % 4) {
      case 0:
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(position), static_cast<char>(random()));
        break;
      case 1:
        if (!bytes.empty()) bytes.erase(position, random() % 8);
        break;
      case 2:
        if (!bytes.empty()) bytes[position] = static_cast<char>(random());
        break;
      default: {
        const auto& other = corpus[at(corpus.size())];
        bytes.insert(position, other.substr(at(other.size()), random() % 40));
      }
    }
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> corpus{""};
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::exists(argv[i])) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
  }
  for (const auto& bytes : corpus) run(bytes);
  std::mt19937 random(1);
  constexpr int rounds = 3'000;
  for (int i = 0; i < rounds; ++i) run(mutated(corpus[random() % corpus.size()], corpus, random));
  std::printf("%zu inputs replayed, %d mutated\n", corpus.size(), rounds);
  return 0;
}
