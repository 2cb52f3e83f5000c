#include "store/sqlite/vector_cache.h"

#include <bit>
#include <cstring>

#include "store/sqlite/rows.h"

namespace cdx {

static_assert(std::endian::native == std::endian::little, "vectors are stored as they lie in memory");

Result<std::vector<KeptVector>> read_vectors(SqliteDatabase& reader, const Call& call,
                                             std::span<const VectorKey> keys) {
  CDX_TRY_LET(SqliteStatement select, reader.prepare("SELECT body FROM vectors WHERE space=? AND text=?"));
  std::vector<KeptVector> found;
  std::size_t done = 0;
  for (const auto& key : keys) {
    if (++done % call_stride == 0) CDX_TRY(call.check());
    CDX_TRY_LET(const bool kept, select.put(signed_id(key.space)).put(signed_id(key.text)).step());
    if (!kept) continue;
    const auto body = select.blob(0);
    if (body.size() % sizeof(float) != 0) {
      return fail(ErrorKind::corrupt, reader.path() + ": a kept vector has " + std::to_string(body.size()) +
                                          " bytes, which are not whole numbers");
    }
    auto& vector = found.emplace_back(KeptVector{key, std::vector<float>(body.size() / sizeof(float))});
    if (!body.empty()) std::memcpy(vector.values.data(), body.data(), body.size());
    select.reset();
  }
  return found;
}

Status keep_vectors(SqliteDatabase& writer, const Call& call, std::span<const KeptVector> vectors) {
  CDX_TRY_LET(SqliteTransaction writing, SqliteTransaction::begin(writer, SqliteTransaction::Kind::writing));
  CDX_TRY_LET(SqliteStatement insert,
              writer.prepare("INSERT INTO vectors(space, text, body) VALUES(?, ?, ?) "
                             "ON CONFLICT(space, text) DO UPDATE SET body=excluded.body"));
  std::size_t done = 0;
  for (const auto& vector : vectors) {
    const auto& values = vector.values;
    const std::string_view body(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
    CDX_TRY(insert.put(signed_id(vector.key.space)).put(signed_id(vector.key.text)).put_blob(body).run());
    if (++done % call_stride == 0) CDX_TRY(call.check());
  }
  return writing.commit();
}

}  // namespace cdx
