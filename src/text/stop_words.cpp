#include <algorithm>
#include <array>
#include <string_view>

#include "text/tokens.h"

namespace cdx::text {
namespace {

// English function words, sorted, without apostrophes as tokens() leaves them.
constexpr std::array stop_words = std::to_array<std::string_view>({
    "a",      "about", "above",  "after", "again", "all",    "also",    "am",    "an",   "and",   "any",
    "are",    "as",    "at",     "be",    "been",  "being",  "both",    "but",   "by",   "can",   "could",
    "did",    "do",    "does",   "doing", "each",  "either", "for",     "from",  "had",  "has",   "have",
    "having", "he",    "her",    "here",  "him",   "his",    "how",     "i",     "if",   "in",    "into",
    "is",     "it",    "its",    "just",  "me",    "more",   "most",    "must",  "my",   "no",    "nor",
    "not",    "of",    "on",     "or",    "other", "our",    "ours",    "out",   "over", "own",   "same",
    "shall",  "she",   "should", "so",    "some",  "such",   "than",    "that",  "the",  "their", "them",
    "then",   "there", "these",  "they",  "this",  "those",  "through", "to",    "too",  "under", "until",
    "up",     "upon",  "us",     "very",  "was",   "we",     "were",    "what",  "when", "where", "which",
    "while",  "who",   "whom",   "whose", "why",   "will",   "with",    "would", "you",  "your",  "yours",
});
static_assert(std::is_sorted(stop_words.begin(), stop_words.end()));

}  // namespace

bool is_stop_word(std::string_view folded_word) {
  return std::binary_search(stop_words.begin(), stop_words.end(), folded_word);
}

}  // namespace cdx::text
