// Counts the connections this process tries to make, and answers for the resolver. For the tests of this
// room.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace cdx::fetch::test {

// Every TCP connect() since the last call, as addresses; those outside 127.0.0.0/8 were refused before they
// left.
std::vector<std::string> take_connects();

// Answers for host names: numeric addresses; none: the name does not exist. No name ever leaves this machine.
void set_resolver(std::function<std::vector<std::string>(const std::string& host)> resolve);

}  // namespace cdx::fetch::test
