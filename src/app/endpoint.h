// A remote endpoint as one configuration value: "https://host/v1/embeddings#model=NAME&dimension=1536".
//
// What follows the "#" is for us and never sent; names and values may be percent-encoded. Secrets have no
// place in it: a key comes from the environment variable that the configuration names.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cdx::app {

struct Endpoint {
  std::string key;  // of the configuration: "embed"
  std::string url;
  std::map<std::string, std::string, std::less<>> settings;

  std::string text(std::string_view name, std::string_view otherwise) const;
  // `invalid`, naming key and setting, where it is not what is asked for.
  Result<double> number(std::string_view name, double otherwise, double low, double high) const;
  Result<std::size_t> whole(std::string_view name, std::size_t otherwise, std::size_t low,
                            std::size_t high) const;
  Result<bool> flag(std::string_view name, bool otherwise) const;
};

// `invalid` for a setting that is not `allowed`, twice there or badly encoded. Messages hold no values.
Result<Endpoint> parse_endpoint(std::string_view key, std::string_view text,
                                std::initializer_list<std::string_view> allowed);

}  // namespace cdx::app
