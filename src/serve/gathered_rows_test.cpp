#include "serve/gathered_rows.h"

#include <gtest/gtest.h>

#include <condition_variable>

#include "support/colour_reader.h"

namespace cdx::serve {
namespace {

using namespace std::chrono_literals;
using Rows = GatheredRows<std::string>;

// Computes a row of each text's length, waits while it is held, and tells what it was asked.
struct Computer {
  Result<Matrix> compute(const Call& call, std::span<const std::string> texts) {
    std::unique_lock lock(mutex);
    asked.emplace_back(texts.begin(), texts.end());
    changed.notify_all();
    while (held && !call.stop.stop_requested()) changed.wait_for(lock, 1ms);
    CDX_TRY(call.check());
    Matrix out{1, {}};
    for (const auto& text : texts) {
      if (text == "bad") return fail(ErrorKind::corrupt, "a bad text");
      if (text != "short") out.values.push_back(static_cast<float>(text.size()));
    }
    return out;
  }
  void wait_until_asked(std::size_t times) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return asked.size() >= times; });
  }
  void let_go() {
    const std::scoped_lock lock(mutex);
    held = false;
    changed.notify_all();
  }

  std::mutex mutex;
  std::condition_variable changed;
  bool held = false;
  std::vector<std::vector<std::string>> asked;
};

struct World {
  explicit World(GatherOptions options = {"words", 4, 100, 10})
      : rows([this](const Call& call, PictureReader&,
                    std::span<const std::string> texts) { return computer.compute(call, texts); },
             std::move(options)) {}
  Result<std::vector<float>> row(const std::string& text, const Call& call = {}) {
    return rows.row(call, text, reader, text);
  }
  // On threads of their own; returns once all of them wait.
  std::jthread ask(const std::string& text, std::atomic<int>& good, const Call& call = {}) {
    return std::jthread([this, text, &good, call] {
      if (row(text, call)) ++good;
    });
  }

  std::shared_ptr<PictureReader> reader = std::make_shared<test::ColourReader>();
  Computer computer;
  Rows rows;  // last: its thread uses the rest
};

TEST(GatheredRows, ComputeOnceAndRemember) {
  World world;
  EXPECT_FALSE(world.rows.known("abc"));
  EXPECT_EQ(world.row("abc").value(), std::vector<float>{3});
  EXPECT_EQ(world.rows.known("abc"), std::vector<float>{3});
}

TEST(GatheredRows, WhatIsAskedMeanwhileIsComputedTogetherAndEqualThingsOnce) {
  World world;
  world.computer.held = true;
  std::atomic<int> good{0};
  std::vector<std::jthread> threads;
  threads.push_back(world.ask("first", good));
  world.computer.wait_until_asked(1);
  for (const auto* text : {"a", "bb", "a", "ccc", "first", "bb"}) threads.push_back(world.ask(text, good));
  std::this_thread::sleep_for(50ms);  // until they wait; if one comes late, there is one computation more
  world.computer.let_go();
  threads.clear();
  EXPECT_EQ(good, 7);
  std::multiset<std::string> all;
  for (const auto& batch : world.computer.asked) {
    EXPECT_LE(batch.size(), 4U);
    all.insert(batch.begin(), batch.end());
  }
  EXPECT_EQ(all, (std::multiset<std::string>{"a", "bb", "ccc", "first"})) << "each once";
}

TEST(GatheredRows, OneThatFailsDoesNotSpoilItsNeighboursAndIsNotRemembered) {
  World world;
  world.computer.held = true;
  std::atomic<int> good{0};
  std::vector<std::jthread> threads;
  threads.push_back(world.ask("first", good));
  world.computer.wait_until_asked(1);
  threads.push_back(world.ask("bad", good));
  threads.push_back(world.ask("fine", good));
  std::this_thread::sleep_for(50ms);
  world.computer.let_go();
  threads.clear();
  EXPECT_EQ(good, 2);
  EXPECT_FALSE(world.rows.known("bad"));
  EXPECT_TRUE(world.rows.known("fine"));
  EXPECT_EQ(world.row("bad").error().kind, ErrorKind::corrupt);
  EXPECT_EQ(world.row("short").error().kind, ErrorKind::internal) << "fewer rows than were asked for";
}

TEST(GatheredRows, WhoeverWaitsGoesWhenItsCallEndsAndWhatNobodyWantsIsNotComputed) {
  World world;
  world.computer.held = true;
  std::atomic<int> good{0};
  auto first = world.ask("first", good);
  world.computer.wait_until_asked(1);
  EXPECT_EQ(world.row("late", Call::within(20ms)).error().kind, ErrorKind::timed_out);
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(20ms);
    stop.request_stop();
  });
  EXPECT_EQ(
      world.row("stopped", {std::chrono::steady_clock::time_point::max(), stop.get_token()}).error().kind,
      ErrorKind::cancelled);
  world.computer.let_go();
  first.join();
  EXPECT_EQ(world.row("last").value(), std::vector<float>{4});
  for (const auto& batch : world.computer.asked)
    for (const auto& text : batch) EXPECT_TRUE(text == "first" || text == "last") << text;
  EXPECT_EQ(world.row("late").value(), std::vector<float>{4}) << "it may be asked again";
}

TEST(GatheredRows, TooManyAreRefusedAtOnceAndOldOnesAreForgotten) {
  World world({"words", 1, 3, 2});
  world.computer.held = true;
  std::atomic<int> good{0};
  std::vector<std::jthread> threads;
  threads.push_back(world.ask("first", good));
  world.computer.wait_until_asked(1);
  threads.push_back(world.ask("second", good));
  threads.push_back(world.ask("third", good));
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(world.row("fourth").error().kind, ErrorKind::unavailable);
  world.computer.let_go();
  threads.clear();
  EXPECT_EQ(good, 3);
  EXPECT_TRUE(world.rows.known("first")) << "and used last by that";
  EXPECT_TRUE(world.row("fifth"));
  EXPECT_TRUE(world.rows.known("first"));
  EXPECT_NE(world.rows.known("second").has_value(), world.rows.known("third").has_value())
      << "the older of the two is forgotten";
}

TEST(GatheredRows, EndWhileSomethingWaits) {
  std::atomic<int> good{0};
  std::vector<std::jthread> threads;
  {
    World world;
    world.computer.held = true;
    threads.push_back(world.ask("first", good));
    world.computer.wait_until_asked(1);
    threads.push_back(world.ask("second", good));
    std::this_thread::sleep_for(50ms);
    world.computer.let_go();
    threads.clear();  // whoever waits is answered before the end
  }
  EXPECT_EQ(good, 2);
}

}  // namespace
}  // namespace cdx::serve
