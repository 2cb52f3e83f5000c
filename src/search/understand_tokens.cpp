#include "search/understand_tokens.h"

#include <array>
#include <optional>
#include <utility>

#include "text/fold.h"
#include "text/number.h"

namespace cdx::understanding {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool word_byte(char c) { return letter(c) || digit(c); }

// "100.000" as much of Europe writes it: a hundred thousand.
std::optional<double> digits_in_groups(std::string_view digits) {
  const auto first = digits.find('.');
  if (first == std::string_view::npos || first == 0 || first > 3 || digits[0] == '0' ||
      (digits.size() - first) % 4 != 0)
    return std::nullopt;
  double value = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const bool stop = i >= first && (i - first) % 4 == 0;
    if (stop != (digits[i] == '.') || (!stop && !digit(digits[i]))) return std::nullopt;
    if (!stop) value = value * 10 + (digits[i] - '0');
  }
  return value;
}

// Marks beyond ASCII that end a word, and what they are read as.
constexpr std::array<std::pair<std::string_view, char>, 20> wide_marks = {{
    {"\xC2\xA0", ' '},     {"\xE3\x80\x80", ' '}, {"\xE2\x80\x89", ' '}, {"\xE2\x80\xAF", ' '},
    {"\xE2\x80\x93", '-'}, {"\xE2\x80\x94", '-'}, {"\xE2\x88\x92", '-'}, {"\xE2\x80\x9C", '"'},
    {"\xE2\x80\x9D", '"'}, {"\xE2\x80\x9E", '"'}, {"\xC2\xAB", '"'},     {"\xC2\xBB", '"'},
    {"\xE2\x89\xA5", 'G'}, {"\xE2\x89\xA4", 'L'}, {"\xE2\x80\xA6", '.'}, {"\xC2\xBF", '.'},
    {"\xC2\xA1", '.'},     {"\xEF\xBC\x8C", ','}, {"\xE3\x80\x81", ','}, {"\xE3\x80\x82", '.'},
}};

struct Mark {
  char as = 0;  // 0: not a wide mark
  std::size_t size = 0;
};
Mark wide_mark(std::string_view text) {
  if (text.empty() || static_cast<unsigned char>(text[0]) < 0x80) return {};
  for (const auto& [bytes, as] : wide_marks)
    if (text.starts_with(bytes)) return {as, bytes.size()};
  return {};
}

class Cutter {
 public:
  explicit Cutter(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) step();
    return std::move(out_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void step() {
    const auto mark = wide_mark(text_.substr(at_));
    const char c = mark.size > 0 ? mark.as : text_[at_];
    const std::size_t size = mark.size > 0 ? mark.size : 1;
    if (mark.size == 0 && (digit(c) || (c == '$' && digit(peek(1))))) return number();
    if (mark.size == 0 && letter(c)) return word();
    if (c == '"') return quote(size);
    if (mark.size > 0 && (c == 'G' || c == 'L')) return sign(c == 'G' ? ">=" : "<=", size);
    if (c == '<' || c == '>' || c == '=' || c == '~') return comparison();
    if (c == '-') return dash(size);
    if (c == '&') return sign("and", size);
    skip(c, size);
  }

  // Nothing of its own: remembers what the next token has to know.
  void skip(char c, std::size_t size) {
    const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
    if (c == '+' && !out_.empty() && out_.back().end == at_) {  // "10 lakh+"
      out_.back().plus = true;
      out_.back().end = ++at_;
      return;
    }
    if (c == '@' || c == '#')
      tagged_ = true;
    else if (!blank && c != '\'' && c != '/')
      breaks_ = true;
    at_ += size;
  }

  Token& push(Token::Kind kind, std::size_t end) {
    Token token;
    token.kind = kind;
    token.begin = at_;
    token.end = end;
    token.glued = !out_.empty() && out_.back().end == at_;
    token.hyphened = hyphen_ && !out_.empty();
    token.breaks = breaks_;
    token.tagged = tagged_ && !blank_after_tag();
    breaks_ = tagged_ = hyphen_ = false;
    at_ = end;
    out_.push_back(std::move(token));
    return out_.back();
  }
  bool blank_after_tag() const { return at_ > 0 && text_[at_ - 1] != '@' && text_[at_ - 1] != '#'; }

  void word() {
    auto end = at_;
    while (end < text_.size()) {
      const char c = text_[end];
      if (static_cast<unsigned char>(c) >= 0x80 && !text_.substr(end).starts_with("\xE2\x80\x99") &&
          wide_mark(text_.substr(end)).size > 0)
        break;
      const bool joins =
          (c == '.' || c == '\'' || c == '_') && end + 1 < text_.size() && word_byte(text_[end + 1]);
      if (!word_byte(c) && !joins) break;
      ++end;
    }
    auto term = text::fold(text_.substr(at_, end - at_));
    std::erase(term, '\'');
    push(Token::Kind::word, end).term = std::move(term);
  }

  void number() {
    const auto start = at_;
    auto end = at_ + (text_[at_] == '$' ? 1U : 0U);
    while (end < text_.size() && (digit(text_[end]) || text_[end] == '.' || text_[end] == ',')) ++end;
    while (end > start && (text_[end - 1] == '.' || text_[end - 1] == ',')) --end;
    const auto digits_end = end;
    const auto grouped = digits_in_groups(text_.substr(start, end - start));
    while (end < text_.size() && word_byte(text_[end])) ++end;
    const auto parsed =
        end - digits_end <= 4 ? text::parse_quantity(text_.substr(start, end - start)) : std::nullopt;
    const bool exponent = end > digits_end && (text_[digits_end] == 'e' || text_[digits_end] == 'E');
    if (!parsed || exponent || parsed->value > 1e15) return word_with_digits();
    const bool money = text_[start] == '$' || parsed->money;
    auto& token = push(Token::Kind::number, end);
    token.term = text::fold(text_.substr(start, end - start));
    token.value = grouped.value_or(parsed->value);
    token.scaled = end > digits_end;
    token.money = money;
    number_suffix(token);
  }

  // "+" and "%" right after the number, the latter also after a blank.
  void number_suffix(Token& token) {
    for (int i = 0; i < 2; ++i) {
      if (peek() == '+') {
        token.plus = true;
        token.end = ++at_;
      } else if (peek() == '%' || (peek() == ' ' && peek(1) == '%')) {
        token.percent = true;
        at_ += peek() == '%' ? 1U : 2U;
        token.end = at_;
      }
    }
  }

  // "3blue1brown", "5min": a word after all.
  void word_with_digits() {
    if (text_[at_] == '$') return skip('.', 1);
    word();
  }

  void comparison() {
    const char c = text_[at_];
    const char next = peek(1);
    if ((c == '<' || c == '>') && next == '=') return sign(c == '<' ? "<=" : ">=", 2);
    if (c == '=' && next == '>') return sign(">=", 2);
    if (c == '=' && next == '<') return sign("<=", 2);
    sign(std::string_view(&text_[at_], 1), 1);
  }

  void sign(std::string_view term, std::size_t size) { push(Token::Kind::sign, at_ + size).term = term; }

  // Between two numbers: a range. Before a word, after a blank: exclusion. Inside a word: a hyphen. Else
  // nothing.
  void dash(std::size_t size) {
    const std::size_t after = at_ + size;
    const bool blank_after = after >= text_.size() || text_[after] == ' ';
    const bool after_number = !out_.empty() && out_.back().kind == Token::Kind::number;
    auto next = after;
    while (next < text_.size() && text_[next] == ' ') ++next;
    const bool number_next = next < text_.size() && (digit(text_[next]) || text_[next] == '$');
    if (after_number && number_next) return sign("-", size);
    const bool starts = at_ == 0 || text_[at_ - 1] == ' ';
    if (starts && !blank_after && (letter(text_[after]) || text_[after] == '"')) return sign("minus", size);
    if (!starts && !blank_after) {
      hyphen_ = true;
      at_ += size;
      return;
    }
    skip(',', size);
  }

  void quote(std::size_t size) {
    const auto inside = at_ + size;
    for (auto i = inside; i < text_.size();) {
      const auto mark = wide_mark(text_.substr(i));
      const bool closes = text_[i] == '"' || mark.as == '"';
      const std::size_t step = mark.size > 0 ? mark.size : 1;
      if (closes) {
        const auto words = text_.substr(inside, i - inside);
        push(Token::Kind::phrase, i + step).term = std::string(words);
        return;
      }
      i += step;
    }
    lone_quote(size);
  }
  // No closing mark follows, here or later: all further opening marks are plain punctuation too.
  void lone_quote(std::size_t size) { skip('.', size); }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> out_;
  bool breaks_ = false, tagged_ = false, hyphen_ = false;
};

}  // namespace

std::vector<Token> cut(std::string_view text) { return Cutter(text).run(); }

}  // namespace cdx::understanding
