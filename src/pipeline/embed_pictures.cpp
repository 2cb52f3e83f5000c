#include <algorithm>
#include <set>

#include "pipeline/changed.h"
#include "pipeline/parallel.h"
#include "pipeline/pictures.h"

namespace cdx {
namespace {

constexpr std::size_t batch_size = 32, change_batch = 200;

Result<std::vector<Digest>> known_digests(const Call& call, const Store& store,
                                          std::span<const AccountId> accounts) {
  CDX_TRY_LET(const auto known, store.pictures(call, accounts));
  std::vector<Digest> out;
  for (const auto& one : known) out.push_back(one.sha256);
  return out;
}

// Those that have no vector, in the order given, each once.
Result<std::vector<Digest>> missing(const Call& call, const Store& store, std::uint64_t space,
                                    std::span<const Digest> pictures) {
  std::vector<VectorKey> keys;
  for (const auto& one : pictures) keys.push_back({space, vector_key(one)});
  CDX_TRY_LET(const auto kept, store.vectors(call, keys));
  std::set<std::uint64_t> done;
  for (const auto& vector : kept) done.insert(vector.key.text);
  std::vector<Digest> out;
  for (const auto& one : pictures)
    if (done.insert(vector_key(one)).second) out.push_back(one);
  return out;
}

Status embed_batch(const Call& call, Store& store, PictureKeeper& keeper, PictureReader& reader,
                   std::span<const Digest> batch, EmbeddedPictures& out) {
  std::vector<Result<image::Picture>> crops(batch.size());
  in_parallel(batch.size(), 2, [&](std::size_t i) { crops[i] = keeper.crop(call, batch[i]); });
  std::vector<image::Picture> given;
  std::vector<Digest> of;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (crops[i]) {
      given.push_back(*std::move(crops[i]));
      of.push_back(batch[i]);
      continue;
    }
    const auto kind = crops[i].error().kind;
    if (kind != ErrorKind::not_found && kind != ErrorKind::corrupt && kind != ErrorKind::invalid &&
        kind != ErrorKind::unsupported)
      return tl::unexpected<Error>(crops[i].error());
    out.lost.push_back(batch[i]);
  }
  if (given.empty()) return {};
  CDX_TRY_LET(const auto rows, reader.read_pictures(call, given));
  std::vector<KeptVector> kept;
  for (std::size_t i = 0; i < of.size(); ++i)
    kept.push_back({{reader.space().id, vector_key(of[i])}, {rows.row(i).begin(), rows.row(i).end()}});
  CDX_TRY(store.keep_vectors(call, kept));
  out.embedded += of.size();
  return {};
}

}  // namespace

Result<EmbeddedPictures> embed_pictures(const Call& call, Store& store, PictureKeeper& keeper,
                                        PictureReader& reader, std::span<const Digest> pictures) {
  EmbeddedPictures out;
  CDX_TRY_LET(const auto todo, missing(call, store, reader.space().id, pictures));
  for (std::size_t at = 0; at < todo.size(); at += batch_size) {
    CDX_TRY(call.check());
    const auto size = std::min(batch_size, todo.size() - at);
    CDX_TRY(embed_batch(call, store, keeper, reader, std::span(todo).subspan(at, size), out));
  }
  return out;
}

Result<std::size_t> embed_pictures(const Call& call, Store& store, PictureKeeper& keeper,
                                   PictureReader& reader, std::span<const AccountId> accounts) {
  CDX_TRY_LET(const auto pictures, known_digests(call, store, accounts));
  CDX_TRY_LET(const auto done, embed_pictures(call, store, keeper, reader, pictures));
  return done.embedded + done.lost.size();
}

Result<Revision> embed_missing_pictures(const Call& call, Store& store, PictureKeeper& keeper,
                                        PictureReader& reader, Revision since,
                                        const std::function<void(std::size_t)>& progress) {
  std::size_t embedded = 0;
  for (;;) {
    CDX_TRY(call.check());
    CDX_TRY_LET(const auto page, store.changes(call, since, change_batch));
    CDX_TRY_LET(const auto creators, store.creators(call, living(page)));
    std::vector<AccountId> accounts;
    for (const auto& creator : creators)
      for (const auto& link : creator.links) accounts.push_back(link.account);
    CDX_TRY_LET(const auto pictures, known_digests(call, store, accounts));
    for (std::size_t at = 0; at < pictures.size(); at += batch_size) {
      const auto batch = std::span(pictures).subspan(at, std::min(batch_size, pictures.size() - at));
      CDX_TRY_LET(const auto done, embed_pictures(call, store, keeper, reader, batch));
      embedded += done.embedded;
      if (progress && done.embedded > 0) progress(embedded);
    }
    since = page.reached;
    if (!page.more) return since;
  }
}

}  // namespace cdx
