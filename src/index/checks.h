// What strangers may hand in: schemas, documents and questions, checked before anything is touched.
#pragma once

#include "ann/ann.h"
#include "base/result.h"
#include "inverted/inverted.h"
#include "model/model.h"

namespace cdx::engine {

inline constexpr std::size_t most_text_fields = inverted::most_fields;
inline constexpr std::size_t longest_text = std::size_t{4}
                                            << 20U;   // bytes of one field; word counts fit 24 bits
inline constexpr std::size_t most_keywords = 10'000;  // values of one field of one document
inline constexpr std::size_t most_rows = 1'000;       // vectors of one field of one document
inline constexpr std::size_t most_words = 1'000;      // of one question
inline constexpr std::size_t most_alternatives = 32;  // of one word
inline constexpr std::size_t most_contrasts = 16;     // of one question
inline constexpr double heaviest = 1e6;               // weight of a field or word

Status check_schema(const Schema& schema);
Status check_document(const Document& document, const Schema& schema);
// All of a retrieval but its filter.
Status check_retrieval(const Retrieval& retrieval, const Schema& schema);

}  // namespace cdx::engine
