#include "app/command.h"

#include "app/stop.h"

namespace cdx::app {

Call stoppable_call() { return Call{std::chrono::steady_clock::time_point::max(), stop_requested()}; }

}  // namespace cdx::app
