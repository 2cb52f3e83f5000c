// Flushes, merges and the manifest.
#include <fmt/format.h>

#include <algorithm>

#include "base/guard.h"
#include "index/kept_index.h"
#include "index/memory.h"
#include "index/merging.h"
#include "io/section_file.h"

namespace cdx::engine {
namespace {

constexpr auto pause_after_failure = std::chrono::seconds(1);

std::size_t living(const SegmentViews& parts) {
  std::size_t out = 0;
  for (const auto& part : parts) out += part.living();
  return out;
}

}  // namespace

Status KeptIndex::flush(const Call& call) {
  if (!folder_) return {};
  const std::lock_guard flushing(flushing_);
  return guard("index", ErrorKind::internal, [&]() -> Status {
    SegmentViews parts;
    Revision reached;
    std::uint64_t fresh_log = 0;
    {
      const std::lock_guard writing(writing_);
      for (const auto& view : latest()->segments())
        if (view->in_memory()) parts.push_back(view);
      reached = latest()->revision();
      if (parts.empty() && reached == filed_ && !unpublished_) return {};
      CDX_TRY(roll_log());
      fresh_log = next_ - 1;
      for (const auto& part : parts) frozen_.insert(part.segment.get());
    }
    auto file = write_file(call, parts, false);
    {
      const std::lock_guard writing(writing_);
      release(parts);
      if (!file) return tl::unexpected<Error>(file.error());
      replace(parts, std::move(*file), latest()->revision());
      first_log_ = fresh_log;
      filed_ = reached;
      log_bytes_before_ = 0;
      unpublished_ = true;
    }
    changed_.notify_all();
    return publish_manifest();
  });
}

Status KeptIndex::compact(const Call& call) {
  CDX_TRY(flush(call));
  if (!folder_) {
    const std::lock_guard writing(writing_);
    const auto parts = latest()->segments();
    const bool clean = parts.size() <= 1 && std::all_of(parts.begin(), parts.end(), [](const auto& view) {
                         return view.living() == view->rows();
                       });
    if (clean) return {};
    SegmentViews merged;
    if (living(parts) > 0) {
      CDX_TRY_LET(auto one, merge_in_memory(call, *schema_, options_.k1, parts, vectors(true)));
      merged.push_back(std::move(one));
    }
    publish(std::move(merged), latest()->revision());
    return {};
  }
  return merge(call, true);
}

SegmentViews KeptIndex::due_for_merge(bool everything) const {
  const auto now = latest();
  SegmentViews files;
  std::copy_if(now->segments().begin(), now->segments().end(), std::back_inserter(files),
               [&](const auto& view) { return !view->in_memory() && !frozen(view) && !view->damaged(); });
  if (!everything) return files_due(files);
  if (files.size() == 1 && files[0].living() == files[0]->rows()) files.clear();
  return files;
}

bool KeptIndex::merge_is_due() const { return options_.merge && !due_for_merge(false).empty(); }

// What lies outside the largest segment, and what is dead in it, makes every question dearer; a merge pays
// for that only when it is a fair part of all.
bool KeptIndex::tidying_is_due() const {
  if (!options_.merge || std::chrono::steady_clock::now() - last_batch_ < options_.tidy_after) return false;
  std::size_t all = 0, largest = 0;
  const auto now = latest();
  for (const auto& view : now->segments()) {
    if (frozen(view) || view->damaged()) return false;
    all += view->rows();
    if (!view->in_memory()) largest = std::max(largest, view.living());
  }
  return all > largest && (all - largest) * 20 >= all;
}

Status KeptIndex::merge(const Call& call, bool everything) {
  const std::lock_guard merging(merging_);
  return guard("index", ErrorKind::internal, [&]() -> Status {
    SegmentViews parts;
    {
      const std::lock_guard writing(writing_);
      parts = due_for_merge(everything);
      if (parts.empty()) return {};
      for (const auto& part : parts) frozen_.insert(part.segment.get());
    }
    auto file = write_file(call, parts, true);
    {
      const std::lock_guard writing(writing_);
      release(parts);
      if (!file) return tl::unexpected<Error>(file.error());
      replace(parts, std::move(*file), latest()->revision());
      unpublished_ = true;
    }
    changed_.notify_all();
    return publish_manifest();
  });
}

void KeptIndex::release(const SegmentViews& parts) {
  for (const auto& part : parts) frozen_.erase(part.segment.get());
}

// Nothing when no document of the parts lives.
Result<std::optional<SegmentView>> KeptIndex::write_file(const Call& call, const SegmentViews& parts,
                                                         bool with_graphs) {
  if (living(parts) == 0) return std::nullopt;
  std::uint64_t number = 0;
  {
    const std::lock_guard writing(writing_);
    number = next_++;
    busy_.insert(number);
  }
  const auto path = folder_->segment_path(number);
  const auto write = [&]() -> Result<std::shared_ptr<const Segment>> {
    CDX_TRY_LET(const auto file, SectionFileWriter::create(folder_->disk(), path));
    CDX_TRY(merge_segments(call, *schema_, options_.k1, parts, vectors(with_graphs), *file));
    CDX_TRY(file->finish());
    return folder_->open_segment(*schema_, number);
  };
  for (const auto& part : parts) part->sections->read_in_order(true);
  auto segment = write();
  for (const auto& part : parts) part->sections->read_in_order(false);
  if (!segment) {
    static_cast<void>(folder_->disk().remove(path));
    const std::lock_guard writing(writing_);
    busy_.erase(number);
    return tl::unexpected<Error>(segment.error());
  }
  return SegmentView{std::move(*segment), nullptr};
}

// With `writing_` held.
void KeptIndex::replace(const SegmentViews& parts, std::optional<SegmentView> by, Revision revision) {
  SegmentViews out;
  for (const auto& view : latest()->segments()) {
    const auto part = std::find_if(parts.begin(), parts.end(),
                                   [&](const SegmentView& one) { return one.segment == view.segment; });
    if (part == parts.end()) {
      out.push_back(view);
    } else if (by) {
      bury_lost(*part, view, *by);
    }
  }
  if (by) {
    busy_.erase((*by)->number);
    out.push_back(std::move(*by));
  }
  publish(std::move(out), revision);
}

Status KeptIndex::publish_manifest() {
  const std::lock_guard filing(filing_);
  Manifest manifest;
  SegmentViews views;
  std::vector<std::size_t> unwritten;  // places of views whose tombstones have no file yet
  {
    const std::lock_guard writing(writing_);
    for (const auto& view : latest()->segments())
      if (!view->in_memory()) views.push_back(view);
    manifest.schema = schema_mark(*schema_);
    for (const auto& field : schema_->vectors)
      if (!field.space.empty()) manifest.spaces.push_back(field);
    manifest.revision = filed_;
    manifest.first_log = first_log_;
    for (const auto& view : views) {
      manifest.segments.push_back({view->number, view->rows(), 0});
      if (!view.tombstones) continue;
      const auto known = std::find_if(filed_tombstones_.begin(), filed_tombstones_.end(),
                                      [&](const auto& one) { return one.first == view.tombstones; });
      if (known != filed_tombstones_.end()) {
        manifest.segments.back().tombstones = known->second;
        continue;
      }
      manifest.segments.back().tombstones = next_++;
      unwritten.push_back(manifest.segments.size() - 1);
    }
    manifest.next = next_;
    unpublished_ = false;
  }
  const auto write = [&]() -> Status {
    for (const auto place : unwritten)
      CDX_TRY(folder_->write_tombstones(*views[place].tombstones, manifest.segments[place].tombstones));
    return folder_->publish(manifest);
  };
  auto done = write();
  {
    const std::lock_guard writing(writing_);
    if (!done) {
      unpublished_ = true;
      return done;
    }
    published_log_ = manifest.first_log;
    published_segments_.clear();
    for (const auto& entry : manifest.segments) published_segments_.insert(entry.segment);
    filed_tombstones_.clear();
    for (std::size_t i = 0; i < views.size(); ++i)
      if (views[i].tombstones)
        filed_tombstones_.emplace_back(views[i].tombstones, manifest.segments[i].tombstones);
  }
  sweep();
  return {};
}

// Right after a manifest was published or read, with `filing_` held or nobody else there: what it names is
// what filed_tombstones_ and the snapshot hold.
void KeptIndex::sweep() {
  std::set<std::uint64_t> needed;
  std::uint64_t first_log = 0;
  {
    const std::lock_guard writing(writing_);
    needed = busy_;
    first_log = published_log_;
    for (const auto& [tombstones, number] : filed_tombstones_) needed.insert(number);
    for (const auto& number : published_segments_) needed.insert(number);
    for (const auto& view : latest()->segments()) needed.insert(view->number);
  }
  folder_->sweep(first_log, needed);
}

Status KeptIndex::give_up_damaged() {
  {
    const std::lock_guard writing(writing_);
    SegmentViews parts;
    for (const auto& view : latest()->segments())
      if (view->damaged() && !frozen(view)) parts.push_back(view);
    if (parts.empty()) return {};
    for (const auto& part : parts) {
      fault(part->sections->damage().status().error().message);
      std::vector<std::string> notes;
      if (!part->in_memory())
        folder_->set_aside(folder_->segment_path(part->number),
                           "damaged; its documents come again from the store", notes);
      for (auto& note : notes) fault(std::move(note));
    }
    incomplete_ = true;
    filed_ = Revision{};
    replace(parts, std::nullopt, Revision{});
    unpublished_ = true;
  }
  // Through a flush, so that no log brings the revision back.
  return flush(Call{});
}

Status KeptIndex::catch_up(const Call& call) {
  for (;;) {
    bool flushing = false, merging = false;
    {
      const std::lock_guard writing(writing_);
      flushing = flush_due();
      merging = merge_is_due();
    }
    if (!flushing && !merging) return {};
    // What was applied is acknowledged whatever becomes of its files; they are tried again later.
    const auto done = flushing ? flush(call) : merge(call, false);
    if (done) continue;
    const std::lock_guard writing(writing_);
    fault(done.error().message);
    return {};
  }
}

void KeptIndex::run_flushes(const std::stop_token& stop) {
  Call call;
  call.stop = stop;
  for (;;) {
    {
      std::unique_lock writing(writing_);
      changed_.wait(writing, stop, [&] { return flush_due(); });
    }
    if (stop.stop_requested()) return;
    const auto done = flush(call);
    std::unique_lock writing(writing_);
    flushes_fail_ = !done && !stop.stop_requested();
    if (!flushes_fail_) continue;
    fault(done.error().message);
    changed_.notify_all();
    changed_.wait_for(writing, stop, pause_after_failure, [] { return false; });
  }
}

void KeptIndex::run_merges(const std::stop_token& stop) {
  Call call;
  call.stop = stop;
  for (;;) {
    bool tidying = false;
    {
      std::unique_lock writing(writing_);
      const auto any_damaged = [&] {
        const auto now = latest();
        return std::any_of(now->segments().begin(), now->segments().end(),
                           [&](const SegmentView& view) { return view->damaged() && !frozen(view); });
      };
      // Damage is found by readers, who tell nobody: looked for now and then.
      while (!stop.stop_requested() && !merge_is_due() && !any_damaged() && !tidying_is_due())
        changed_.wait_for(writing, stop, pause_after_failure, [&] { return merge_is_due(); });
      tidying = !merge_is_due() && tidying_is_due();
    }
    if (stop.stop_requested()) return;
    auto done = give_up_damaged();
    if (done && tidying) done = flush(call);
    if (done && options_.merge) done = merge(call, tidying);
    if (done || stop.stop_requested()) continue;
    std::unique_lock writing(writing_);
    fault(done.error().message);
    changed_.wait_for(writing, stop, pause_after_failure, [] { return false; });
  }
}

}  // namespace cdx::engine
