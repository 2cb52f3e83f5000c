#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <filesystem>
#include <random>
#include <thread>
#include <vector>

#include "image/sandbox/sandboxed_decoder.h"
#include "image/sandbox/worker_process.h"
#include "support/made_up_pictures.h"

namespace cdx::image {
namespace {

using testing::HasSubstr;

SandboxOptions with_workers(unsigned count) {
  SandboxOptions out;
  out.workers = count;
  out.command = {CDX_MISBEHAVING_WORKER};
  return out;
}

std::unique_ptr<Decoder> sandbox(unsigned workers = 1) {
  auto out = open_sandboxed_decoder(with_workers(workers));
  EXPECT_TRUE(out) << out.error().message;
  return out ? std::move(*out) : nullptr;
}

Inspection outcome_of(Decoder& decoder, std::string_view bytes, const DecodeOptions& options = {}) {
  const auto decoded = decoder.decode({}, bytes, options);
  EXPECT_TRUE(decoded) << decoded.error().message;
  return decoded ? decoded->about : Inspection{};
}

void expect_it_still_works(Decoder& decoder) {
  const auto decoded = decoder.decode({}, test::small_png(), {});
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->about.outcome, Outcome::ok) << decoded->about.reason;
}

TEST(SandboxedDecoder, GivesThePixelsThatTheDecoderInTheProcessGives) {
  const auto inside = make_in_process_decoder();
  const auto outside = sandbox();
  for (const auto& bytes : {test::small_png(), test::small_jpeg(), test::small_gif(), test::small_webp()}) {
    const auto expected = inside->decode({}, bytes, {});
    const auto found = outside->decode({}, bytes, {});
    ASSERT_TRUE(expected && found);
    EXPECT_EQ(found->about.outcome, Outcome::ok) << found->about.reason;
    EXPECT_EQ(found->about.format, expected->about.format);
    EXPECT_EQ(found->picture.width, expected->picture.width);
    EXPECT_EQ(found->picture.rgb, expected->picture.rgb);
  }
}

TEST(SandboxedDecoder, ACrashCostsThatPictureAlone) {
  const auto decoder = sandbox();
  for (int i = 0; i < 3; ++i) {
    const auto about = outcome_of(*decoder, "#crash");
    EXPECT_EQ(about.outcome, Outcome::broken);
    EXPECT_THAT(about.reason, HasSubstr("crashed on it"));
#if !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)  // which catch the signal and end otherwise
    EXPECT_THAT(about.reason, HasSubstr("(signal 11)"));
#endif
    expect_it_still_works(*decoder);
  }
}

TEST(SandboxedDecoder, AWorkerThatLeavesCostsThatPictureAlone) {
  const auto decoder = sandbox();
  EXPECT_THAT(outcome_of(*decoder, "#exit").reason, HasSubstr("exit code 0"));
  expect_it_still_works(*decoder);
}

TEST(SandboxedDecoder, APictureThatNeverEndsIsRefusedAndItsWorkerReplaced) {
  const auto decoder = sandbox();
  DecodeOptions options;
  options.time = std::chrono::milliseconds(200);
  const auto about = outcome_of(*decoder, "#hang", options);
  EXPECT_EQ(about.outcome, Outcome::refused);
  EXPECT_THAT(about.reason, HasSubstr("longer than 200 ms"));
  expect_it_still_works(*decoder);
}

TEST(SandboxedDecoder, AStopEndsTheWaitForAPictureThatNeverEnds) {
  const auto decoder = sandbox();
  std::stop_source stop;
  Call call;
  call.stop = stop.get_token();
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  const auto decoded = decoder->decode(call, "#hang", {});
  later.join();
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().kind, ErrorKind::cancelled);
  expect_it_still_works(*decoder);
}

TEST(SandboxedDecoder, TheDeadlineOfTheCallIsNoFaultOfThePicture) {
  const auto decoder = sandbox();
  const auto decoded = decoder->decode(Call::within(std::chrono::milliseconds(100)), "#hang", {});
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().kind, ErrorKind::timed_out);
  expect_it_still_works(*decoder);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(SandboxedDecoder, MemoryHasAnEnd) {
  const auto decoder = sandbox();
  const auto about = outcome_of(*decoder, "#eat");
  EXPECT_NE(about.outcome, Outcome::ok);
  EXPECT_THAT(about.reason, testing::AnyOf(HasSubstr("signal 6"), HasSubstr("memory")));
  expect_it_still_works(*decoder);
}
#endif

// What libraries try and can do without is denied: the worker goes on, and finds no picture in the bytes.
TEST(SandboxedDecoder, FilesAndCodeAreDenied) {
  const auto decoder = sandbox();
  for (const std::string_view deed : {"#open", "#create", "#code"}) {
    const auto about = outcome_of(*decoder, deed);
    EXPECT_EQ(about.outcome, Outcome::unsupported) << deed << ": " << about.reason;
  }
  EXPECT_FALSE(std::filesystem::exists("creatordex-escaped"));
}

TEST(SandboxedDecoder, SocketsProgramsProcessesAndSignalsEndTheWorker) {
  const auto decoder = sandbox();
  for (const std::string_view deed : {"#socket", "#fork", "#exec", "#signal", "#trace", "#unlink"}) {
    const auto about = outcome_of(*decoder, deed);
    EXPECT_EQ(about.outcome, Outcome::broken) << deed;
    EXPECT_THAT(about.reason, HasSubstr("signal 31")) << deed;  // SIGSYS
  }
  expect_it_still_works(*decoder);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // whose threads make calls of their own
TEST(SandboxedDecoder, CodecsMayUseThreads) {
  const auto decoder = sandbox();
  EXPECT_EQ(outcome_of(*decoder, "#thread").outcome, Outcome::unsupported);
}
#endif

TEST(SandboxedDecoder, ManyCallersShareFewWorkers) {
  const auto decoder = sandbox(2);
  std::atomic<int> good = 0, bad = 0;
  std::vector<std::thread> callers;
  for (int t = 0; t < 8; ++t)
    callers.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        const bool evil = (i + t) % 5 == 0;
        const auto decoded = decoder->decode({}, evil ? std::string("#crash") : test::small_jpeg(), {});
        if (!decoded) continue;
        (evil ? bad : good) += (decoded->about.outcome == Outcome::ok) != evil ? 1 : 0;
      }
    });
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(good, 64);
  EXPECT_EQ(bad, 16);
}

TEST(SandboxedDecoder, ReplacesAWorkerThatDiedWhileItWasIdle) {
  auto started =
      WorkerProcess::start({CDX_MISBEHAVING_WORKER}, Hello{protocol_magic, 4096, 4096, 512 << 20, 60});
  ASSERT_TRUE(started) << started.error().message;
  auto& worker = **started;
  ASSERT_EQ(kill(worker.pid(), SIGKILL), 0);
  while (worker.ask("x", {})) std::this_thread::yield();  // until the system has seen it go
  EXPECT_EQ(worker.end(), "signal 9");

  // The pool does the same: every worker dies after one picture, and each picture is decoded all the same.
  auto options = with_workers(1);
  options.pictures_a_worker = 1;
  const auto decoder = open_sandboxed_decoder(options);
  ASSERT_TRUE(decoder);
  for (int i = 0; i < 3; ++i) expect_it_still_works(**decoder);
}

TEST(SandboxedDecoder, LimitsOfThePoolCutThoseOfACall) {
  auto options = with_workers(1);
  options.most.max_pixels = 100;
  const auto decoder = open_sandboxed_decoder(options);
  ASSERT_TRUE(decoder);
  const auto about = outcome_of(**decoder, test::png_header(11, 10));
  EXPECT_EQ(about.outcome, Outcome::refused);
  EXPECT_THAT(about.reason, HasSubstr("at most 100 are decoded"));
}

TEST(SandboxedDecoder, SaysSoWhenNoWorkerCanBeStarted) {
  SandboxOptions options;
  options.command = {"/nonexistent/creatordex"};
  const auto missing = open_sandboxed_decoder(options);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::unavailable);
  EXPECT_THAT(missing.error().message, HasSubstr("/nonexistent/creatordex"));
  options.command = {"/bin/false"};
  const auto wrong = open_sandboxed_decoder(options);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, HasSubstr("did not come up (exit code 1)"));
}

TEST(SandboxedDecoder, AnEmptyAndAHugeFileNeedNoWorker) {
  const auto decoder = sandbox();
  EXPECT_EQ(outcome_of(*decoder, "").outcome, Outcome::broken);
  const std::string huge(11 << 20, '\xFF');
  EXPECT_EQ(outcome_of(*decoder, huge).outcome, Outcome::refused);
}

// A thousand files made hostile: flipped, cut, spliced, and headers that promise what is not there.
std::vector<std::string> hostile_files() {
  const auto picture = test::scene(9, 120, 90);
  const std::vector<std::string> seeds{
      test::encode_jpeg(picture),
      test::encode_jpeg(picture, {test::JpegKind::progressive, 80, 6, {}}),
      test::encode_png(picture),
      test::encode_png(picture, {test::PngKind::palette, true, 90, 3, "profile"}),
      test::encode_gif(picture, true, 3),
      test::encode_webp(picture, false),
      test::encode_webp(picture, true, 100),
      test::animated_webp(picture, 200, 200),
      test::encode_heif(picture, test::HeifKind::heic),
      test::encode_heif(picture, test::HeifKind::avif)};
  std::mt19937 random(17);
  std::vector<std::string> out;
  while (out.size() < 980) {
    auto bytes = seeds[random() % seeds.size()];
    switch (random() % 4) {
      case 0:
        bytes.resize(random() % bytes.size());
        break;
      case 1:
        bytes.insert(random() % bytes.size(), seeds[random() % seeds.size()].substr(random() % 100));
        break;
      default:
        // Near the front, where the headers are, half of the time.
        for (auto flips = 1 + random() % 8; flips > 0; --flips)
          bytes[random() % (random() % 2 == 0 ? std::min<std::size_t>(100, bytes.size()) : bytes.size())] =
              static_cast<char>(random());
    }
    out.push_back(std::move(bytes));
  }
  for (std::uint32_t side = 1; out.size() < 1000; side *= 3)
    out.push_back(test::png_header(side, 4'000'000'000U / side));
  return out;
}

TEST(SandboxedDecoder, AThousandHostileFilesAllGetAnAnswer) {
  const auto decoder = sandbox(2);
  std::size_t good = 0;
  for (const auto& bytes : hostile_files()) {
    const auto decoded = decoder->decode({}, bytes, {});
    ASSERT_TRUE(decoded) << decoded.error().message;
    const bool ok = decoded->about.outcome == Outcome::ok;
    good += ok ? 1 : 0;
    EXPECT_EQ(decoded->picture.empty(), !ok);
    EXPECT_EQ(decoded->about.reason.empty(), ok);
  }
  EXPECT_GT(good, 10U);
  EXPECT_LT(good, 900U);
  expect_it_still_works(*decoder);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(SandboxedDecoder, TheLargestPicturesFitTheMemoryOfAWorker) {
  auto options = with_workers(1);
  options.most.time = std::chrono::minutes(2);  // the machine may be busy; what is tested is memory
  const auto opened = open_sandboxed_decoder(options);
  ASSERT_TRUE(opened);
  DecodeOptions asked;
  asked.time = options.most.time;
  asked.keep_pixels = false;
  const auto large = test::filled(6900, 7200, 90, 120, 60);
  for (const auto& bytes :
       {test::encode_jpeg(large, {test::JpegKind::progressive, 60, 6, {}}), test::encode_png(large)}) {
    const auto about = outcome_of(**opened, bytes, asked);
    EXPECT_EQ(about.outcome, Outcome::ok) << about.reason;
  }
}
#endif

}  // namespace
}  // namespace cdx::image
