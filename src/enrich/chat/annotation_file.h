// AnnotationFile: kept annotations and the day's spend in one SQLite file, DATA/annotations.db.
//
// Promises: several processes may use the file at a time; what is kept survives the end of the process. The
// file may be deleted: annotations are then paid for again, and the day's spend begins at nothing.
#pragma once

#include "enrich/chat/annotation_cache.h"
#include "enrich/chat/budget.h"

namespace cdx::enrich {

class AnnotationFile : public AnnotationCache, public SpendLedger {};

// Opens or creates it. Errors are those of io/sqlite.h.
Result<std::unique_ptr<AnnotationFile>> open_annotation_file(const std::string& path);

}  // namespace cdx::enrich
