// Shows a test what the tokeniser gives.
//
//   clip_probe MERGES < texts.jsonl   for each line (a JSON string) the ids, separated by blanks; "+" at the end of
//                                     those that were cut
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "text/clip_tokens.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "clip_probe MERGES < texts.jsonl\n");
    return 2;
  }
  std::ifstream in(argv[1], std::ios::binary);
  const std::string merges(std::istreambuf_iterator<char>(in), {});
  const auto tokens = cdx::text::ClipTokens::parse(merges, argv[1]);
  if (!tokens) {
    std::fprintf(stderr, "%s\n", tokens.error().message.c_str());
    return 1;
  }
  for (std::string line; std::getline(std::cin, line);) {
    const auto out = tokens->encode(nlohmann::json::parse(line).get<std::string>());
    for (const auto id : out.ids) std::printf("%d ", id);
    std::printf("%s\n", out.truncated ? "+" : "");
  }
  return 0;
}
