// Streaming XML from strangers: no document type, so no entities; bounded depth. Private to the source room.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cdx::source {

// What an element may ask for; names come without their prefix.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
  // Empty when absent. `prefixed`: only an attribute with some prefix ("r:id") counts.
  std::string_view get(std::string_view name, bool prefixed = false) const;

 private:
  const char** pairs_;
};

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual Status begin(std::string_view element, const XmlAttributes& attributes) = 0;
  virtual Status end(std::string_view element) = 0;
  virtual Status text(std::string_view text) = 0;
};

class XmlReader {
 public:
  XmlReader(XmlHandler& handler, std::string part);
  ~XmlReader();
  XmlReader(const XmlReader&) = delete;
  XmlReader& operator=(const XmlReader&) = delete;

  // `invalid` names the part and the line.
  Status feed(std::string_view bytes);
  Status finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cdx::source
