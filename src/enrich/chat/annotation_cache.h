// Annotations kept by what was read and who read it, so that nothing is paid for twice.
//
// Promises: a cache: it may forget, and what it cannot read is absent. An entry knows its creator, so that an
// erased creator leaves nothing here. Only good annotations are kept, never errors.
#pragma once

#include <memory>
#include <optional>

#include "base/time.h"
#include "enrich/annotate.h"

namespace cdx::enrich {

struct CachedAnnotation {
  std::string key;  // of make_cached_annotator
  CreatorId creator;
  Annotation annotation;
};

// Thread-safe. Twins: in memory, AnnotationFile.
class AnnotationCache {
 public:
  virtual ~AnnotationCache() = default;
  virtual Result<std::vector<std::optional<Annotation>>> find(const Call&,
                                                              std::span<const std::string> keys) = 0;
  virtual Status keep(const Call&, Time at, std::span<const CachedAnnotation> annotations) = 0;
  virtual Status forget(const Call&, std::span<const CreatorId> creators) = 0;
  virtual Status forget_before(const Call&, Time at) = 0;  // those kept earlier
};
std::unique_ptr<AnnotationCache> make_memory_annotation_cache();

// Asks `inner` only for creators whose texts, as a model would be told them, it has not judged in this
// version. For annotators that read texts alone: `meaning` and figures are not looked at. A cache that fails
// is done without, and counted. Borrows `cache`.
std::unique_ptr<Annotator> make_cached_annotator(std::unique_ptr<Annotator> inner, AnnotationCache& cache,
                                                 const Clock& clock);

std::string annotation_json(const Annotation& annotation);
std::optional<Annotation> read_annotation(const std::string& json);  // absent: not what annotation_json wrote

}  // namespace cdx::enrich
