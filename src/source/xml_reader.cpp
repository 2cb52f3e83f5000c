#include "source/xml_reader.h"

#include <expat.h>

namespace cdx::source {
namespace {

constexpr std::size_t deepest = 256;

std::string_view local(const char* name) {
  const std::string_view whole(name);
  const std::size_t colon = whole.rfind(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

}  // namespace

std::string_view XmlAttributes::get(std::string_view name, bool prefixed) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    const std::string_view whole(pair[0]);
    const bool has_prefix = whole.find(':') != std::string_view::npos;
    if (has_prefix == prefixed && local(pair[0]) == name) return pair[1];
  }
  return {};
}

struct XmlReader::State {
  XmlHandler* handler = nullptr;
  std::string part;
  XML_Parser parser = nullptr;
  std::size_t depth = 0;
  Status status;

  void keep(Status next) {
    if (next || !status) return;
    status = std::move(next);
    XML_StopParser(parser, XML_FALSE);
  }
  static State& of(void* data) { return *static_cast<State*>(data); }
  static void begin(void* data, const char* name, const char** attributes) {
    State& state = of(data);
    if (!state.status) return;
    if (++state.depth > deepest) return state.keep(fail(ErrorKind::invalid, "is nested too deeply"));
    state.keep(state.handler->begin(local(name), XmlAttributes(attributes)));
  }
  static void end(void* data, const char* name) {
    State& state = of(data);
    if (!state.status) return;
    --state.depth;
    state.keep(state.handler->end(local(name)));
  }
  static void text(void* data, const char* bytes, int size) {
    State& state = of(data);
    if (state.status)
      state.keep(state.handler->text(std::string_view(bytes, static_cast<std::size_t>(size))));
  }
  static void doctype(void* data, const char*, const char*, const char*, int) {
    of(data).keep(fail(ErrorKind::invalid, "has a document type declaration, which workbooks never need"));
  }
  Status parse(std::string_view bytes, bool last) {
    if (parser == nullptr) return fail(ErrorKind::unavailable, "out of memory");
    const XML_Status result = XML_Parse(parser, bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0);
    if (status && result == XML_STATUS_OK) return {};
    const std::string place = part + " line " + std::to_string(XML_GetCurrentLineNumber(parser));
    if (!status) return fail(status.error().kind, "has a bad part: " + place + " " + status.error().message);
    return fail(ErrorKind::invalid,
                "has a bad part: " + place + ": " + XML_ErrorString(XML_GetErrorCode(parser)));
  }
};

XmlReader::XmlReader(XmlHandler& handler, std::string part) : state_(std::make_unique<State>()) {
  state_->handler = &handler;
  state_->part = std::move(part);
  state_->parser = XML_ParserCreate(nullptr);
  if (state_->parser == nullptr) return;
  XML_SetUserData(state_->parser, state_.get());
  XML_SetElementHandler(state_->parser, State::begin, State::end);
  XML_SetCharacterDataHandler(state_->parser, State::text);
  XML_SetStartDoctypeDeclHandler(state_->parser, State::doctype);
}

XmlReader::~XmlReader() {
  if (state_->parser != nullptr) XML_ParserFree(state_->parser);
}

Status XmlReader::feed(std::string_view bytes) { return state_->parse(bytes, false); }
Status XmlReader::finish() { return state_->parse({}, true); }

}  // namespace cdx::source
