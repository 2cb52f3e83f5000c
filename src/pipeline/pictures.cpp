#include "pipeline/pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include "base/metrics.h"
#include "io/file.h"
#include "pipeline/parallel.h"

namespace cdx {
namespace {

namespace fs = std::filesystem;
using image::Format;
using image::Picture;

constexpr std::uint32_t thumbnail_side = 256;
constexpr int thumbnail_version = 1;
constexpr int most_tries = 8;  // a running service derives creators anew while pictures come in
constexpr std::array endings = {Format::jpeg, Format::png,  Format::webp,
                                Format::gif,  Format::heif, Format::avif};

image::DecodeOptions decode_options() {
  image::DecodeOptions out;
  out.shortest_side = image::smallest_scaled_side;
  return out;
}

image::PictureCache::Key thumbnail_key(const Digest& sha256) {
  return {sha256, fmt::format("thumb-{}", thumbnail_side), thumbnail_version};
}
image::PictureCache::Key crop_key(const Digest& sha256) {
  return {sha256, "clip", image::clip_preprocessing_version};
}

std::string_view bytes_of(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <std::size_t N>
void append(std::string& out, const std::array<std::uint8_t, N>& bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), N);
}

std::string signature_bytes(const image::Signature& signature) {
  std::string out;
  append(out, signature.luma);
  append(out, signature.blue);
  append(out, signature.red);
  return out;
}

// What is wrong with one picture is its own matter; anything else ends the run.
bool of_the_picture(const Error& error) {
  return error.kind == ErrorKind::invalid || error.kind == ErrorKind::unsupported ||
         error.kind == ErrorKind::not_found;
}

// What an account is known to show stays; what was not known of it is added.
KnownPicture merged(const KnownPicture& known, KnownPicture update) {
  const bool found_there = !update.url.empty();
  if (!found_there) update.url = known.url;
  if (!found_there && !known.url.empty()) update.role = known.role;
  if (update.caption.empty()) update.caption = known.caption;
  auto same = update;
  same.origin = known.origin;
  return same == known ? known : update;
}

std::string path_of(const std::string& folder, const Digest& sha256, Format format) {
  const auto name = hex(sha256);
  return fmt::format("{}/files/{}/{}.{}", folder, name.substr(0, 2), name, file_ending(format));
}

}  // namespace

std::string file_ending(Format format) {
  if (!image::decodable(format)) return {};
  return format == Format::jpeg ? "jpg" : std::string(name(format));
}

std::optional<image::Fingerprint> fingerprint_of(const KnownPicture& picture) {
  image::Fingerprint out;
  auto& signature = out.signature;
  const auto bytes = signature.luma.size() + signature.blue.size() + signature.red.size();
  if (picture.fingerprint_version != image::fingerprint_version || picture.signature.size() != bytes)
    return {};
  auto from = picture.signature.begin();
  for (const auto part : {std::span<std::uint8_t>(signature.luma), std::span<std::uint8_t>(signature.blue),
                          std::span<std::uint8_t>(signature.red)})
    for (auto& value : part) value = static_cast<std::uint8_t>(*from++);
  out.sha256 = picture.sha256;
  out.hash = image::perceptual_hash(signature);
  out.mirrored_hash = image::perceptual_hash(image::mirrored(signature));
  return out;
}

PictureKeeper::PictureKeeper(Store& store, image::Decoder& decoder, image::PictureCache& cache,
                             std::string folder, const Clock& clock)
    : store_(store), decoder_(decoder), cache_(cache), folder_(std::move(folder)), clock_(clock) {}

std::optional<std::string> find_picture_file(const std::string& folder, const Digest& sha256) {
  for (const auto format : endings) {
    auto path = path_of(folder, sha256, format);
    if (std::error_code error; fs::exists(path, error)) return path;
  }
  return {};
}

Status PictureKeeper::keep_file(const Digest& sha256, Format format, std::string_view bytes) {
  const auto path = path_of(folder_, sha256, format);
  // Compared, because a file that was being written when the power went may have its size but not its bytes.
  if (const auto known = read_file(path, bytes.size()); known && *known == bytes) return {};
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  if (error)
    return fail(ErrorKind::unavailable,
                fmt::format("cannot make {}: {}", fs::path(path).parent_path().string(), error.message()));
  return replace_file(path, bytes);
}

Result<std::string> PictureKeeper::file(const Call& call, const Digest& sha256) const {
  CDX_TRY(call.check());
  const auto path = find_picture_file(folder_, sha256);
  if (!path) return fail(ErrorKind::not_found, "no picture " + hex(sha256) + " in " + folder_);
  CDX_TRY_LET(auto bytes, read_file(*path, decode_options().max_bytes));
  if (cdx::sha256(bytes) != sha256)
    return fail(ErrorKind::corrupt, *path + ": these are not the bytes that were kept");
  return bytes;
}

Result<Picture> PictureKeeper::decode(const Call& call, std::string_view bytes) {
  return image::decode_picture(call, decoder_, bytes, decode_options());
}

Result<PictureKeeper::Made> PictureKeeper::make_small(const Digest& sha256, const Picture& picture) {
  Made out;
  CDX_TRY_LET(out.thumbnail, image::thumbnail(picture, thumbnail_side));
  out.crop = image::clip_crop(picture);
  // A cache: what it does not take is made again when it is asked for.
  (void)cache_.put(thumbnail_key(sha256), out.thumbnail);
  (void)cache_.put(crop_key(sha256), bytes_of(out.crop.rgb));
  return out;
}

Result<PictureKeeper::Made> PictureKeeper::make_small_again(const Call& call, const Digest& sha256) {
  CDX_TRY_LET(const auto bytes, file(call, sha256));
  CDX_TRY_LET(const auto picture, decode(call, bytes));
  return make_small(sha256, picture);
}

Result<std::string> PictureKeeper::thumbnail(const Call& call, const Digest& sha256) {
  CDX_TRY(call.check());
  if (auto kept = cache_.get(thumbnail_key(sha256))) return *std::move(kept);
  CDX_TRY_LET(auto made, make_small_again(call, sha256));
  return std::move(made.thumbnail);
}

Result<Picture> PictureKeeper::crop(const Call& call, const Digest& sha256) {
  CDX_TRY(call.check());
  constexpr auto side = image::clip_side;
  if (const auto kept = cache_.get(crop_key(sha256)); kept && kept->size() == std::size_t{3} * side * side)
    return Picture{side, side, {kept->begin(), kept->end()}};
  CDX_TRY_LET(auto made, make_small_again(call, sha256));
  return std::move(made.crop);
}

// All but the commit.
Result<KnownPicture> PictureKeeper::take_in(const Call& call, const NewPicture& picture) {
  CDX_TRY(call.check());
  CDX_TRY_LET(auto decoded, decoder_.decode(call, picture.bytes, decode_options()));
  const auto& about = decoded.about;
  if (about.outcome != image::Outcome::ok) {
    const auto kind =
        about.outcome == image::Outcome::unsupported ? ErrorKind::unsupported : ErrorKind::invalid;
    return fail(kind, fmt::format("no picture that is kept ({}): {}", name(about.outcome), about.reason));
  }
  KnownPicture out;
  out.account = picture.account;
  out.sha256 = sha256(picture.bytes);
  out.role = picture.role;
  out.url = picture.url;
  out.caption = picture.caption;
  out.format = name(about.format);
  out.width = about.width;
  out.height = about.height;
  out.bytes = picture.bytes.size();
  out.fingerprint_version = image::fingerprint_version;
  out.signature = signature_bytes(image::signature(decoded.picture));
  out.origin = picture.origin;
  if (out.origin.fetched_at == Time{}) out.origin.fetched_at = clock_.now();
  CDX_TRY(keep_file(out.sha256, about.format, picture.bytes));
  CDX_TRY(make_small(out.sha256, decoded.picture));
  return out;
}

Result<std::vector<Result<KnownPicture>>> PictureKeeper::add_all(const Call& call,
                                                                 std::span<const NewPicture> pictures) {
  std::set<AccountId> named, known;
  for (const auto& one : pictures) named.insert(one.account);
  CDX_TRY_LET(const auto accounts, store_.accounts(call, std::vector(named.begin(), named.end())));
  for (const auto& one : accounts) known.insert(one.account.id);
  std::vector<Result<KnownPicture>> out(pictures.size());
  in_parallel(pictures.size(), 2, [&](std::size_t i) {
    if (known.contains(pictures[i].account))
      out[i] = take_in(call, pictures[i]);
    else
      out[i] = fail(ErrorKind::not_found, "no account " + pictures[i].account.text());
  });
  for (const auto& one : out)
    if (!one && !of_the_picture(one.error())) return tl::unexpected<Error>(one.error());
  CDX_TRY(commit(call, out));
  for (const auto& one : out)
    metrics::count("creatordex_pictures_kept_total", "Pictures of accounts taken in, by outcome",
                   {{"outcome", one ? "kept" : "refused"}});
  return out;
}

Result<KnownPicture> PictureKeeper::add(const Call& call, const NewPicture& picture) {
  CDX_TRY_LET(auto done, add_all(call, {&picture, 1}));
  return std::move(done.front());
}

Status PictureKeeper::commit(const Call& call, std::vector<Result<KnownPicture>>& pictures) {
  std::set<AccountId> accounts;
  for (const auto& one : pictures)
    if (one) accounts.insert(one->account);
  const std::vector<AccountId> ids(accounts.begin(), accounts.end());
  for (int tries = 1; !ids.empty(); ++tries) {
    ChangeSet changes;
    CDX_TRY_LET(changes.based_on, store_.revision(call));
    CDX_TRY_LET(const auto stored, store_.pictures(call, ids));
    std::map<PictureKey, const KnownPicture*> known;
    std::map<PictureKey, KnownPicture> written;
    for (const auto& one : stored) known.emplace(PictureKey{one.account, one.sha256}, &one);
    for (auto& one : pictures) {
      if (!one) continue;
      const PictureKey key{one->account, one->sha256};
      const auto before = known.find(key);
      if (before != known.end()) *one = merged(*before->second, *one);
      if (before == known.end() || *one != *before->second) written[key] = *one;
    }
    for (const auto& [key, one] : written) changes.pictures.push_back(one);
    for (const auto& [key, old] : known) {
      if (old->url.empty() || old->role == PictureRole::uploaded || written.contains(key)) continue;
      const auto replaces = [&before = *old](const auto& entry) {
        return entry.second.account == before.account && entry.second.url == before.url;
      };
      if (std::any_of(written.begin(), written.end(), replaces)) changes.dropped_pictures.push_back(key);
    }
    if (changes.pictures.empty()) return {};
    const auto committed = store_.commit(call, changes);
    if (committed) return {};
    if (committed.error().kind != ErrorKind::conflict || tries == most_tries)
      return tl::unexpected<Error>(committed.error());
  }
  return {};
}

}  // namespace cdx
