// The tongues of the sample's world: one file of phrases each.
#pragma once

#include "sample/data_file.h"
#include "sample/world.h"

namespace cdx::sample {

// Reads the [tongues] of world.txt and the file of each. `invalid` names file, line and reason, also when a
// tongue has nothing to say about some subject.
Status add_tongues(World& world, const DataSection& section);

}  // namespace cdx::sample
