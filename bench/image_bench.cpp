// What the image room costs and finds.
//
//   image_bench near FOLDER     copies of the photos below FOLDER found among them: recall and precision by
//   kind image_bench class FOLDER    precision@10 of the descriptor, where the class is the photo's folder
//   image_bench hashes COUNT    a search over COUNT perceptual hashes
//   image_bench speed FOLDER    decoding, preprocessing and fingerprints, by processor second
#include <fmt/format.h>

#include <time.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "image/image.h"
#include "support/made_up_pictures.h"

namespace {

using namespace cdx;
using namespace cdx::image;
namespace fs = std::filesystem;

// Of this thread's processor time: what else runs on the machine does not count.
double seconds_of(const std::function<void()>& work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const double begin = now();
  work();
  return now() - begin;
}

struct Photo {
  std::string folder, bytes;
  Picture picture;
};

std::vector<Photo> photos(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  const auto decoder = make_in_process_decoder();
  std::vector<Photo> out;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(in), {});
    auto picture = decode_picture({}, *decoder, bytes);
    if (picture)
      out.push_back(
          {fs::path(path).parent_path().filename().string(), std::move(bytes), std::move(*picture)});
    else
      fmt::print("{}: {}\n", path, picture.error().message);
  }
  return out;
}

int measure_near(const std::string& folder) {
  const auto all = photos(folder);
  PictureIndex index;
  for (const auto& photo : all) index.add(fingerprint(photo.bytes, photo.picture));
  std::mt19937 random(1);
  const auto unit = [&] { return static_cast<double>(random()) / 4294967296.0; };
  const std::vector<std::pair<std::string, std::function<Picture(const Picture&)>>> kinds{
      {"crop to 9/10",
       [&](const Picture& p) { return test::packed_anew(test::cropped(p, 0.9, unit(), unit()), 85); }},
      {"crop to 8/10",
       [&](const Picture& p) { return test::packed_anew(test::cropped(p, 0.8, unit(), unit()), 85); }},
      {"resize to 2/5",
       [](const Picture& p) {
         return test::packed_anew(
             resize(p, std::max(1U, p.width * 2 / 5), std::max(1U, p.height * 2 / 5), Filter::bicubic), 85);
       }},
      {"quality 30", [](const Picture& p) { return test::packed_anew(p, 30); }},
      {"watermark", [](const Picture& p) { return test::packed_anew(test::marked(p), 85); }},
      {"mirror", [](const Picture& p) { return test::packed_anew(mirrored(p), 85); }},
      {"mirror and crop",
       [&](const Picture& p) {
         return test::packed_anew(test::cropped(mirrored(p), 0.9, unit(), unit()), 85);
       }},
  };
  fmt::print("{} photos\n", all.size());
  int serial = 0;
  for (const auto& [name, change] : kinds) {
    std::size_t found = 0, others = 0;
    double seconds = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto print = fingerprint(std::to_string(++serial), change(all[i].picture));
      seconds += seconds_of([&] {
        const auto matches = index.find({}, print);
        for (const auto& match : *matches) ++(match.picture == i ? found : others);
      });
    }
    fmt::print("{:<16} recall {:.4f} precision {:.4f} ({} wrong), {:.2f} ms a search\n", name,
               static_cast<double>(found) / static_cast<double>(all.size()),
               static_cast<double>(found) / static_cast<double>(std::max<std::size_t>(1, found + others)),
               others, seconds * 1e3 / static_cast<double>(all.size()));
  }
  return 0;
}

int measure_classes(const std::string& folder) {
  const auto all = photos(folder);
  std::vector<std::vector<float>> vectors;
  for (const auto& photo : all) vectors.push_back(descriptor(photo.picture));
  std::map<std::string, std::pair<double, int>> by_class;
  double sum = 0, by_chance = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::vector<std::pair<float, std::size_t>> near;
    std::size_t same = 0;
    for (std::size_t j = 0; j < all.size(); ++j) {
      if (i == j) continue;
      same += all[i].folder == all[j].folder ? 1U : 0U;
      float dot = 0;
      for (std::size_t d = 0; d < vectors[i].size(); ++d) dot += vectors[i][d] * vectors[j][d];
      near.emplace_back(-dot, j);
    }
    std::sort(near.begin(), near.end());
    double hits = 0;
    for (std::size_t k = 0; k < 10; ++k) hits += all[near[k].second].folder == all[i].folder ? 0.1 : 0;
    sum += hits;
    by_chance += static_cast<double>(same) / static_cast<double>(all.size() - 1);
    by_class[all[i].folder].first += hits;
    ++by_class[all[i].folder].second;
  }
  const auto count = static_cast<double>(all.size());
  fmt::print("precision@10 {:.4f} over {} photos of {} classes; by chance {:.4f}\n", sum / count, all.size(),
             by_class.size(), by_chance / count);
  for (const auto& [name, share] : by_class)
    fmt::print("  {:<12} {:.3f} ({})\n", name, share.first / share.second, share.second);
  return 0;
}

int measure_hashes(std::size_t count) {
  std::mt19937_64 random(1);
  HashIndex index;
  index.reserve(count);
  for (std::size_t i = 0; i < count; ++i) index.add(random());
  std::vector<double> times;
  std::size_t found = 0;
  constexpr int queries = 500;
  for (int q = 0; q < queries; ++q) {
    // One of the hashes with ten bits changed.
    auto hash = index[random() % count];
    for (int bit = 0; bit < 10; ++bit) hash ^= std::uint64_t{1} << random() % 64;
    times.push_back(seconds_of([&] { found += index.near(hash, 10).size(); }) * 1e3);
  }
  std::sort(times.begin(), times.end());
  fmt::print(
      "{} hashes, radius 10, {} searches: median {:.3f} ms, p95 {:.3f} ms, worst {:.3f} ms; {} found\n",
      count, queries, times[queries / 2], times[queries * 95 / 100], times.back(), found);
  return 0;
}

int measure_speed(const std::string& folder) {
  const auto all = photos(folder);
  const auto decoder = make_in_process_decoder();
  const auto rate = [&](const char* what, const std::function<void(const Photo&)>& work) {
    const double seconds = seconds_of([&] {
      for (const auto& photo : all) work(photo);
    });
    fmt::print("{:<24} {:8.0f} pictures a processor second\n", what,
               static_cast<double>(all.size()) / seconds);
  };
  rate("decode", [&](const Photo& photo) { (void)decoder->decode({}, photo.bytes, {}); });
  DecodeOptions scaled;
  scaled.shortest_side = 448;
  rate("decode, scaled to 448", [&](const Photo& photo) { (void)decoder->decode({}, photo.bytes, scaled); });
  rate("CLIP input", [](const Photo& photo) { clip_input(photo.picture); });
  rate("thumbnail of 256", [](const Photo& photo) { (void)thumbnail(photo.picture, 256); });
  rate("fingerprint", [](const Photo& photo) { fingerprint(photo.bytes, photo.picture); });
  rate("descriptor", [](const Photo& photo) { descriptor(photo.picture); });
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc == 3 ? argv[1] : "";
  if (what == "near") return measure_near(argv[2]);
  if (what == "class") return measure_classes(argv[2]);
  if (what == "hashes") return measure_hashes(std::stoul(argv[2]));
  if (what == "speed") return measure_speed(argv[2]);
  fmt::print(stderr, "image_bench near|class|speed FOLDER, or image_bench hashes COUNT\n");
  return 2;
}
