// Pulling from a server on loopback that speaks a hub's protocol, and from ones that do not.
#include "hub/hub.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <set>

#include "base/hash.h"
#include "io/file.h"
#include "support/scratch.h"
#include "support/scripted_server.h"

namespace cdx::hub {
namespace {

namespace fs = std::filesystem;
using test::ScriptedReply;
using test::ScriptedServer;
using test::SeenRequest;

std::string made_up(std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>((i * 2'654'435'761U) >> 13U);
  return out;
}

PinnedFile pinned(const std::string& name, const std::string& bytes) {
  return {"owner/model/resolve/main/" + name, name, bytes.size(), hex(sha256(bytes))};
}

// As hubs do: the file's address redirects to a store, which heeds ranges.
ScriptedReply from_store(const SeenRequest& request, const std::string& bytes) {
  ScriptedReply out;
  const auto range = request.headers.find("range");
  if (range == request.headers.end()) {
    out.body = bytes;
    return out;
  }
  const std::size_t from = std::stoul(range->second.substr(std::string("bytes=").size()));
  if (from >= bytes.size()) {
    out.status = 416;
    return out;
  }
  out.status = 206;
  out.body = bytes.substr(from);
  out.headers = {{"Content-Range", "bytes " + std::to_string(from) + "-" + std::to_string(bytes.size() - 1) +
                                       "/" + std::to_string(bytes.size())}};
  return out;
}

ScriptedReply hub_reply(const SeenRequest& request, const std::string& bytes) {
  if (request.target.starts_with("/owner/")) {
    ScriptedReply out;
    out.status = 302;
    out.headers = {{"Location", "/store/blob"}};
    return out;
  }
  return from_store(request, bytes);
}

class HubPull : public testing::Test {
 protected:
  Status run(ScriptedServer& server, const std::vector<PinnedFile>& files, const Call& call = {}) {
    PullOptions options;
    options.base = server.url("");
    options.folder = folder();
    options.first_pause = std::chrono::milliseconds(1);
    options.attempts = 3;
    return pull(call, {"model", "", "", files}, options, [&](const PullProgress& now) { last_ = now; });
  }
  std::string folder() const { return scratch_.file("model"); }
  std::string read(const std::string& name) const {
    return read_file(folder() + "/" + name, 1 << 24).value_or("?");
  }
  bool there(const std::string& name) const { return fs::exists(folder() + "/" + name); }
  void expect(const Status& status, ErrorKind kind, const std::string& words) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().kind, kind) << status.error().message;
    EXPECT_NE(status.error().message.find(words), std::string::npos) << status.error().message;
  }
  test::Scratch scratch_;
  PullProgress last_;
  const std::string bytes_ = made_up(300'000);
};

TEST_F(HubPull, FollowsTheRedirectAndKeepsWhatIsRight) {
  ScriptedServer server([&](const SeenRequest& request) { return hub_reply(request, bytes_); });
  const std::vector<PinnedFile> files{pinned("a.bin", bytes_)};
  const auto first = run(server, files);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(read("a.bin"), bytes_);
  EXPECT_FALSE(there("a.bin.part"));
  EXPECT_EQ(last_.done, bytes_.size());
  EXPECT_EQ(last_.total, bytes_.size());
  const std::size_t asked = server.seen().size();
  EXPECT_EQ(asked, 2U);
  ASSERT_TRUE(run(server, files));
  EXPECT_EQ(server.seen().size(), asked);  // no connection for what is there
  EXPECT_EQ(check_file({}, folder(), files[0], true), FileState::right);
}

TEST_F(HubPull, GoesOnWhereATruncatedBodyEnded) {
  std::atomic<int> answers = 0;
  ScriptedServer server([&](const SeenRequest& request) {
    auto out = hub_reply(request, bytes_);
    if (request.target == "/store/blob" && ++answers <= 4) out.cut_after = 50'000;
    return out;
  });
  const auto done = run(server, {pinned("a.bin", bytes_)});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(read("a.bin"), bytes_);
  std::set<std::string> ranges;
  for (const auto& request : server.seen()) {
    if (const auto range = request.headers.find("range"); range != request.headers.end())
      ranges.insert(range->second);
  }
  EXPECT_TRUE(ranges.contains("bytes=200000-"));
}

TEST_F(HubPull, GoesOnAfterAStop) {
  std::stop_source stop;
  ScriptedServer server([&](const SeenRequest& request) { return hub_reply(request, bytes_); });
  fs::create_directories(folder());
  scratch_.write("model/a.bin.part", bytes_.substr(0, 123'456));  // what a killed run leaves
  EXPECT_EQ(check_file({}, folder(), pinned("a.bin", bytes_), true), FileState::unfinished);
  stop.request_stop();
  Call call;
  call.stop = stop.get_token();
  EXPECT_EQ(run(server, {pinned("a.bin", bytes_)}, call).error().kind, ErrorKind::cancelled);
  EXPECT_EQ(server.seen().size(), 0U);
  ASSERT_TRUE(run(server, {pinned("a.bin", bytes_)}));
  EXPECT_EQ(read("a.bin"), bytes_);
  EXPECT_EQ(server.seen().back().headers.at("range"), "bytes=123456-");
}

TEST_F(HubPull, StopsInTheMiddleOfAHangingAnswer) {
  ScriptedServer server([&](const SeenRequest&) {
    ScriptedReply out;
    out.hang = true;
    return out;
  });
  const auto status = run(server, {pinned("a.bin", bytes_)}, Call::within(std::chrono::milliseconds(300)));
  EXPECT_EQ(status.error().kind, ErrorKind::timed_out);
}

TEST_F(HubPull, BeginsAnewWhereTheServerKnowsNoRanges) {
  ScriptedServer server([&](const SeenRequest&) {
    ScriptedReply out;
    out.body = bytes_;
    return out;
  });
  fs::create_directories(folder());
  scratch_.write("model/a.bin.part", bytes_.substr(0, 1'000));
  const auto done = run(server, {pinned("a.bin", bytes_)});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(read("a.bin"), bytes_);
}

TEST_F(HubPull, RefusesAWrongHashAndKeepsNothing) {
  std::string other = bytes_;
  other[77'777] ^= 1;
  ScriptedServer server([&](const SeenRequest& request) { return hub_reply(request, other); });
  expect(run(server, {pinned("a.bin", bytes_)}), ErrorKind::corrupt, "SHA-256");
  EXPECT_FALSE(there("a.bin"));
  EXPECT_FALSE(there("a.bin.part"));
}

TEST_F(HubPull, RepairsAPartThatIsNotTheFilesBeginning) {
  ScriptedServer server([&](const SeenRequest& request) { return hub_reply(request, bytes_); });
  fs::create_directories(folder());
  scratch_.write("model/a.bin.part", std::string(1'000, 'x'));
  const auto done = run(server, {pinned("a.bin", bytes_)});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(read("a.bin"), bytes_);
}

TEST_F(HubPull, ReplacesAFileThatWasDamaged) {
  ScriptedServer server([&](const SeenRequest& request) { return hub_reply(request, bytes_); });
  fs::create_directories(folder());
  std::string other = bytes_;
  other[5] ^= 1;
  scratch_.write("model/a.bin", other);
  EXPECT_EQ(check_file({}, folder(), pinned("a.bin", bytes_), false), FileState::right);  // by its size
  EXPECT_EQ(check_file({}, folder(), pinned("a.bin", bytes_), true), FileState::wrong_hash);
  ASSERT_TRUE(run(server, {pinned("a.bin", bytes_)}));
  EXPECT_EQ(read("a.bin"), bytes_);
}

TEST_F(HubPull, RefusesMoreBytesThanPinned) {
  ScriptedServer server([&](const SeenRequest& request) { return hub_reply(request, bytes_ + "more"); });
  expect(run(server, {pinned("a.bin", bytes_)}), ErrorKind::corrupt, "more bytes than were pinned");
  EXPECT_FALSE(there("a.bin"));
}

TEST_F(HubPull, NamesADeadLinkAtOnce) {
  ScriptedServer server([&](const SeenRequest&) {
    ScriptedReply out;
    out.status = 404;
    out.body = "Entry not found";
    return out;
  });
  expect(run(server, {pinned("a.bin", bytes_)}), ErrorKind::not_found,
         "resolve/main/a.bin: the server answered 404");
  EXPECT_EQ(server.seen().size(), 1U);
  EXPECT_FALSE(there("a.bin"));
}

TEST_F(HubPull, TriesAgainWhileTheServerFailsThenGivesUp) {
  std::atomic<int> left = 2;
  ScriptedServer server([&](const SeenRequest& request) {
    auto out = hub_reply(request, bytes_);
    if (left-- > 0) {
      out = {};
      out.status = 503;
    }
    return out;
  });
  ASSERT_TRUE(run(server, {pinned("a.bin", bytes_)}));
  left = 1'000;
  expect(run(server, {pinned("b.bin", bytes_)}), ErrorKind::unavailable, "503");
}

TEST_F(HubPull, GivesUpOnRedirectsInACircle) {
  ScriptedServer server([&](const SeenRequest&) {
    ScriptedReply out;
    out.status = 302;
    out.headers = {{"Location", "/again"}};
    return out;
  });
  expect(run(server, {pinned("a.bin", bytes_)}), ErrorKind::invalid, "too many redirects");
}

TEST_F(HubPull, AsksTheProxyOfTheEnvironment) {
  ScriptedServer proxy([&](const SeenRequest& request) {
    EXPECT_TRUE(request.target.starts_with("http://hub.test/")) << request.target;
    return from_store(request, bytes_);
  });
  ::setenv("http_proxy", proxy.url("").c_str(), 1);
  PullOptions options;
  options.base = "http://hub.test";
  options.folder = folder();
  const auto done = pull({}, {"model", "", "", {pinned("a.bin", bytes_)}}, options);
  ::unsetenv("http_proxy");
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(read("a.bin"), bytes_);
}

TEST_F(HubPull, OnePullAFolder) {
  ScriptedServer server([&](const SeenRequest& request) { return hub_reply(request, bytes_); });
  fs::create_directories(folder());
  const auto lock = LockFile::acquire(folder() + "/.pull.lock");
  ASSERT_TRUE(lock);
  EXPECT_EQ(run(server, {pinned("a.bin", bytes_)}).error().kind, ErrorKind::unavailable);
  EXPECT_EQ(server.seen().size(), 0U);
}

TEST(HubPins, AreWholeAndSafe) {
  for (const PinnedModel& model : known_models()) {
    EXPECT_GE(model.files.size(), 4U) << model.name;
    for (const PinnedFile& file : model.files) {
      EXPECT_EQ(file.sha256.size(), 64U) << file.name;
      EXPECT_EQ(file.sha256.find_first_not_of("0123456789abcdef"), std::string::npos) << file.name;
      EXPECT_GT(file.bytes, 0U) << file.name;
      EXPECT_EQ(file.name.find('/'), std::string::npos) << file.name;
      EXPECT_NE(file.source.find("/resolve/"), std::string::npos) << file.source;
    }
  }
  EXPECT_TRUE(find_model("clip-vit-base-patch32"));
  EXPECT_EQ(find_model("nothing").error().kind, ErrorKind::not_found);
  PullOptions options;
  options.base = "ftp://x";
  EXPECT_EQ(pull({}, known_models()[0], options).error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace cdx::hub
