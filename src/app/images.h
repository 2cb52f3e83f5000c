// The parts of `creatordex images`.
#pragma once

#include "app/command.h"

namespace cdx::app {

void add_images_fetch(CLI::App& images, const Context& context, Runner& runner);

}  // namespace cdx::app
