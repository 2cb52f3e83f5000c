#include "enrich/chat/orders.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "text/text.h"

namespace cdx::enrich::chat {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::size_t reach = 6;  // words between a verb and what it is about

// Folded, as text::fold leaves them: no diacritics in Latin, Greek and Cyrillic.
constexpr auto dismissals = std::to_array<std::string_view>(
    {"ignore",    "ignores", "ignoring",    "disregard", "forget",    "override", "bypass",  "overlook",
     "ignora",    "ignorar", "ignorez",     "ignoriere", "ignoriert", "olvida",   "olvide",  "esqueca",
     "oublie",    "oubliez", "vergiss",     "abaikan",   "lupakan",   "unut",     "yoksay",  "dimentica",
     "игнорируи", "забудь",  "игнорируите", "забудьте",  "تجاهل",     "negeer",   "zignoruj"});
constexpr auto dismissed = std::to_array<std::string_view>(
    {"instruction", "instructions", "prompt",     "prompts",   "rules",         "guidelines", "previous",
     "prior",       "above",        "directions", "commands",  "instrucciones", "instrucoes", "istruzioni",
     "consignes",   "anweisungen",  "regeln",     "regras",    "reglas",        "instruksi",  "talimatlari",
     "инструкции",  "инструкцию",   "правила",    "التعليمات", "instructies",   "polecenia",  "anteriores"});
constexpr auto answering = std::to_array<std::string_view>(
    {"set",        "output",     "return", "respond", "reply", "answer", "classify",
     "categorize", "categorise", "label",  "mark",    "rate",  "tag",    "assign",
     "describe",   "write",      "print",  "put",     "say",   "flag",   "report"});
constexpr auto answered = std::to_array<std::string_view>(
    {"niche", "niches", "json", "classification", "annotation", "summary", "verbatim", "schema"});
constexpr auto phrases = std::to_array<std::string_view>({"system prompt",
                                                          "system message",
                                                          "developer message",
                                                          "you are now",
                                                          "you are an ai",
                                                          "you are a language",
                                                          "you are a helpful",
                                                          "you are an assistant",
                                                          "if you are an ai",
                                                          "if you are a bot",
                                                          "to any ai ",
                                                          "to the ai ",
                                                          "attention ai",
                                                          "dear ai",
                                                          "note to ai",
                                                          "hey ai",
                                                          "new instructions",
                                                          "new instruction",
                                                          "creator data",
                                                          "<|",
                                                          "[inst]",
                                                          "[/inst]",
                                                          "<<sys",
                                                          "</",
                                                          "```",
                                                          "{\"",
                                                          "\"}",
                                                          "system:",
                                                          "assistant:",
                                                          "primary_niche",
                                                          "secondary_niche",
                                                          "json_schema",
                                                          "describe me as",
                                                          "describe this creator as",
                                                          "describe us as",
                                                          "忽略",
                                                          "无视",
                                                          "無視して",
                                                          "指示を無視",
                                                          "이전 지시",
                                                          "지시를 무시"});

bool is_one_of(Words list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool followed(const std::vector<text::Token>& words, Words first, Words second) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!is_one_of(first, words[i].term)) continue;
    for (auto j = i + 1; j < words.size() && j <= i + reach; ++j)
      if (is_one_of(second, words[j].term)) return true;
  }
  return false;
}

}  // namespace

bool gives_orders(std::string_view text) {
  const auto folded = text::fold(text) + " ";
  const bool said = std::any_of(phrases.begin(), phrases.end(),
                                [&](std::string_view one) { return folded.find(one) != std::string::npos; });
  if (said) return true;
  const auto words = text::tokens(text);
  return followed(words, dismissals, dismissed) || followed(words, answering, answered);
}

}  // namespace cdx::enrich::chat
