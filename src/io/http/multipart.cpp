#include "io/http/multipart.h"

#include <algorithm>
#include <optional>

#include "io/http/http_message.h"

namespace cdx::http {
namespace {

constexpr std::string_view line_end = "\r\n";

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

// Printable ASCII and well-formed UTF-8 (RFC 3629).
bool is_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (first < 0x20 || first == 0x7F || (first >= 0x80 && first < 0xC2) || first > 0xF4) return false;
    if (i + size > text.size()) return false;
    for (std::size_t k = 1; k < size; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if (next < 0x80 || next > 0xBF) return false;
    }
    const auto second = size > 1 ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
        (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
      return false;
    i += size;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

struct Parameter {
  std::string_view name, value;  // a quoted value without its quotes, its escapes as written
};

// `; name=value` and `; name="value"`, one after the other. Absent where the text is something else. A quote
// ends at the first quote without a backslash before it.
std::optional<std::vector<Parameter>> parameters(std::string_view text) {
  std::vector<Parameter> out;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    if (text.front() != ';' || out.size() == 16) return {};
    text = trimmed(text.substr(1));
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || !is_token(text.substr(0, equals))) return {};
    Parameter one{text.substr(0, equals), {}};
    text.remove_prefix(equals + 1);
    if (text.starts_with('"')) {
      std::size_t end = 1;
      while (end < text.size() && (text[end] != '"' || text[end - 1] == '\\')) ++end;
      if (end == text.size()) return {};
      one.value = text.substr(1, end - 1);
      text.remove_prefix(end + 1);
    } else {
      const auto end = std::min(text.find_first_of("; \t"), text.size());
      one.value = text.substr(0, end);
      if (!is_token(one.value)) return {};
      text.remove_prefix(end);
    }
    out.push_back(one);
  }
  return out;
}

// One parameter of this name. False: it is there twice.
bool only(const std::vector<Parameter>& all, std::string_view name, std::optional<std::string_view>& value) {
  for (const auto& one : all) {
    if (!equal_ignoring_case(one.name, name)) continue;
    if (value) return false;
    value = one.value;
  }
  return true;
}

// What a boundary may be made of (RFC 2046, 5.1.1).
bool is_boundary(std::string_view text) {
  return !text.empty() && text.size() <= 70 && text.back() != ' ' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
         });
}

std::size_t essence_size(std::string_view content_type) {
  return std::min(content_type.find_first_of("; \t"), content_type.size());
}

Result<std::string_view> boundary_of(std::string_view content_type) {
  if (!is_multipart(content_type)) return fail(ErrorKind::invalid, "The body is not multipart/form-data.");
  const auto given = parameters(content_type.substr(essence_size(content_type)));
  std::optional<std::string_view> boundary;
  if (!given || !only(*given, "boundary", boundary) || !boundary || !is_boundary(*boundary))
    return fail(ErrorKind::invalid, "The Content-Type names no boundary of 1 to 70 allowed characters.");
  return *boundary;
}

// Quotes in names: browsers write %22 (and %0D, %0A), curl a backslash. Backslashes before anything else
// stay, for they part the steps of a path. Absent where the name holds what no name may.
std::optional<std::string> file_name_of(std::string_view written) {
  std::string out;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written.substr(i, 3) == "%22") {
      out += '"';
      i += 2;
    } else if (written[i] == '\\' && i + 1 < written.size() && written[i + 1] == '"') {
      out += '"';
      ++i;
    } else if (const auto escape = written.substr(i, 3);
               escape == "%0D" || escape == "%0A" || escape == "%00") {
      return {};
    } else {
      out += written[i];
    }
  }
  if (const auto slash = out.find_last_of("/\\"); slash != std::string::npos) out.erase(0, slash + 1);
  return out;
}

class Reader {
 public:
  Reader(std::string_view body, std::string_view boundary, const MultipartLimits& limits)
      : body_(body), border_("\r\n--" + std::string(boundary)), limits_(limits) {}

  Result<std::vector<Part>> read() {
    std::vector<Part> out;
    // The first border has no line before it to end.
    if (!body_.starts_with(std::string_view(border_).substr(2)))
      return wrong("does not begin with the border that the Content-Type names");
    at_ = border_.size() - 2;
    for (;;) {
      CDX_TRY_LET(const bool last, behind_border());
      if (last) break;
      if (out.size() == limits_.parts)
        return wrong("has more than " + std::to_string(limits_.parts) + " parts");
      ++number_;
      start_ = at_;
      CDX_TRY_LET(out.emplace_back(), part());
    }
    if (out.empty()) return wrong("has no part");
    return out;
  }

 private:
  tl::unexpected<Error> wrong(const std::string& reason) const {
    const auto where = number_ == 0 ? std::string("The form")
                                    : "The form's part " + std::to_string(number_) + ", from byte " +
                                          std::to_string(start_) + ",";
    return fail(ErrorKind::invalid, where + " " + reason + ".");
  }

  // Behind the name of a border: the line's end, or the end of it all. True: it was the last one.
  Result<bool> behind_border() {
    if (body_.substr(at_, 2) == "--") {
      const auto rest = body_.substr(at_ + 2);
      if (!rest.empty() && rest != line_end) return wrong("is followed by something behind the last border");
      return true;
    }
    while (at_ < body_.size() && (body_[at_] == ' ' || body_[at_] == '\t')) ++at_;
    if (body_.substr(at_, 2) != line_end) return wrong("is cut, or its border does not end its line");
    at_ += 2;
    return false;
  }

  Result<Part> part() {
    Part out;
    CDX_TRY(headers(out));
    // The empty line before it could be taken for the border's own.
    if (body_.substr(at_).starts_with(std::string_view(border_).substr(2)))
      return wrong("begins with a border");
    const auto end = body_.find(border_, at_);
    if (end == std::string_view::npos) return wrong("has no border at its end: the body is cut");
    out.bytes = body_.substr(at_, end - at_);
    at_ = end + border_.size();
    return out;
  }

  Status headers(Part& out) {
    const auto head = body_.substr(at_, limits_.header_bytes);
    std::size_t from = 0, lines = 0;
    bool disposed = false, typed = false;
    for (;;) {
      const auto end = head.find(line_end, from);
      if (end == std::string_view::npos)
        return head.size() < limits_.header_bytes
                   ? wrong("is cut inside of its headers")
                   : wrong("has headers of more than " + std::to_string(limits_.header_bytes) + " bytes");
      const auto line = head.substr(from, end - from);
      from = end + 2;
      if (line.empty()) break;
      if (++lines > limits_.header_lines)
        return wrong("has more than " + std::to_string(limits_.header_lines) + " headers");
      CDX_TRY(header(line, out, disposed, typed));
    }
    if (!disposed) return wrong("has no Content-Disposition: form-data with a name");
    at_ += from;
    return {};
  }

  Status header(std::string_view line, Part& out, bool& disposed, bool& typed) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
      return wrong("has a header that is not \"name: value\"");
    const auto name = line.substr(0, colon);
    const auto value = trimmed(line.substr(colon + 1));
    if (!is_text(value)) return wrong("has a header with characters that are no text in UTF-8");
    if (equal_ignoring_case(name, "content-disposition")) {
      if (std::exchange(disposed, true)) return wrong("has two Content-Dispositions");
      return disposition(value, out);
    }
    if (equal_ignoring_case(name, "content-type")) {
      if (std::exchange(typed, true)) return wrong("has two Content-Types");
      if (value.size() >= 10 && equal_ignoring_case(value.substr(0, 10), "multipart/"))
        return wrong("holds parts of its own; send each file as a part");
      out.media_type = value;
    }
    if (equal_ignoring_case(name, "content-transfer-encoding") && !equal_ignoring_case(value, "binary") &&
        !equal_ignoring_case(value, "8bit") && !equal_ignoring_case(value, "7bit"))
      return wrong("is in a transfer encoding; parts are sent as they are");
    return {};
  }

  Status disposition(std::string_view value, Part& out) {
    const auto size = essence_size(value);
    const auto given = parameters(value.substr(size));
    std::optional<std::string_view> name, file, coded;
    if (!equal_ignoring_case(value.substr(0, size), "form-data") || !given || !only(*given, "name", name) ||
        !only(*given, "filename", file) || !only(*given, "filename*", coded))
      return wrong("has a Content-Disposition that is not form-data with one name");
    if (coded) return wrong("has a filename*, which forms must not use (RFC 7578, 4.2)");
    if (!name || name->empty() || name->size() > limits_.name_bytes ||
        name->find_first_of("%\\") != std::string_view::npos)
      return wrong("has no name of 1 to " + std::to_string(limits_.name_bytes) + " bytes without escapes");
    out.name = *name;
    if (!file) return {};
    auto shown = file->size() > limits_.file_name_bytes ? std::nullopt : file_name_of(*file);
    if (!shown) return wrong("has a file name that is too long or holds control characters");
    out.is_file = true;
    out.file_name = *std::move(shown);
    return {};
  }

  std::string_view body_;
  std::string border_;  // with the line end before it, which belongs to it
  const MultipartLimits& limits_;
  std::size_t at_ = 0, start_ = 0, number_ = 0;
};

}  // namespace

bool is_multipart(std::string_view content_type) {
  return equal_ignoring_case(content_type.substr(0, essence_size(content_type)), "multipart/form-data");
}

Result<std::vector<Part>> read_multipart(std::string_view content_type, std::string_view body,
                                         const MultipartLimits& limits) {
  CDX_TRY_LET(const auto boundary, boundary_of(content_type));
  return Reader(body, boundary, limits).read();
}

}  // namespace cdx::http
