// Ctrl-C and SIGTERM as a stop token; a second one ends the program at once.
#pragma once

#include <stop_token>

namespace cdx::app {

// Call once, first thing in main, before any thread exists: the signals are then handled by a thread of their
// own.
void watch_stop_signals();
std::stop_token stop_requested();

}  // namespace cdx::app
