// What the launcher asks, and that every answer it does not understand ends in running the compiler.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "protocol/protocol.h"
#include "tests/launcher/build_tree.h"

namespace compiler_cache::launcher_test {
namespace {

TEST(RequestTest, CarriesCommandFolderParentAndTheWholeEnvironment) {
  BuildTree tree;
  tree.listen();
  Launch launch = tree.launch({tree.compiler(), "-c", "a b.cc", ""});
  launch.environment = {"CPATH=/x", "EMPTY="};
  Launched launched(launch);
  Peer peer = tree.accept();
  const Request request = peer.read_request();
  peer.send_run("test");
  launched.wait();
  EXPECT_EQ(request.version, protocol::kVersion);
  EXPECT_EQ(request.flags, 0U);
  EXPECT_EQ(request.cwd, tree.path(""));
  EXPECT_EQ(request.argv, (std::vector<std::string>{tree.compiler(), "-c", "a b.cc", ""}));
  EXPECT_EQ(std::count(request.environment.begin(), request.environment.end(), "CPATH=/x"), 1);
  EXPECT_EQ(std::count(request.environment.begin(), request.environment.end(), "EMPTY="), 1);
}

TEST(RequestTest, SaysWhetherStandardErrorIsATerminal) {
  BuildTree tree;
  tree.listen();
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0) GTEST_SKIP() << "no pseudo terminals here";
  Launch launch = tree.launch({tree.compiler()});
  launch.standard_error = terminal;
  Launched launched(launch);
  Peer peer = tree.accept();
  EXPECT_EQ(peer.read_request().flags, protocol::kStderrIsTerminal);
  peer.send_run("test");
  launched.wait();
  close(terminal);
}

TEST(RequestTest, MayBeLargerThanTheSocketTakesAtOnce) {
  BuildTree tree;
  tree.listen();
  Launch launch = tree.launch({tree.compiler()});
  for (char name = 'A'; name < 'K'; ++name) {
    launch.environment.push_back(std::string(1, name) + "=" + std::string(100000, 'x'));
  }
  Launched launched(launch);
  Peer peer = tree.accept();
  EXPECT_GE(peer.read_request().environment.size(), 11U);
  peer.send_run("test");
  EXPECT_EQ(launched.wait().exit_code(), 0);
}

class AnswerTest : public testing::Test {
 protected:
  void SetUp() override { tree.listen(); }

  template <class Reply>
  void expect_compiled_after(Reply reply, const std::string& bypassed) {
    unlink(tree.path("ran").c_str());
    unlink(tree.cache_path("bypassed").c_str());
    Launched launched(tree.launch({tree.compiler()}));
    Peer peer = tree.accept();
    peer.read_request();
    reply(peer);
    const Ending ending = launched.wait();
    EXPECT_EQ(ending.exit_code(), 0);
    EXPECT_EQ(ending.standard_output + ending.standard_error, "");
    EXPECT_EQ(tree.read("ran"), "ran\n");
    EXPECT_EQ(tree.read(".compiler-cache/bypassed"), bypassed);
    EXPECT_FALSE(tree.exists("a.o"));
  }
  void expect_refused(const std::string& body, const std::vector<int>& descriptors = {}) {
    expect_compiled_after([&](Peer& peer) { peer.send_body(body, descriptors); }, "b");
  }

  BuildTree tree;
};

TEST_F(AnswerTest, RunBecomesTheCompilerItself) {
  Launched launched(tree.launch({tree.script("cc", "echo $$ \"$@\" $COLOUR\n"), "a", "b  c"}));
  Peer peer = tree.accept();
  peer.read_request();
  peer.send_run("uncacheable");
  const pid_t pid = launched.pid();
  EXPECT_EQ(launched.wait().standard_output, std::to_string(pid) + " a b  c\n");
  EXPECT_TRUE(peer.is_gone());
  EXPECT_FALSE(tree.exists(".compiler-cache/bypassed"));
}

TEST_F(AnswerTest, RunMayHaveALongReason) {
  expect_compiled_after([](Peer& peer) { peer.send_run(std::string(1U << 20, 'r')); }, "");
}

TEST_F(AnswerTest, MayComeByteByByte) {
  const std::string body = Body().array(2).number(protocol::kRun).bytes("slow").str();
  uint8_t header[wire::kFrameHeader];
  wire::encode_frame_size(static_cast<uint32_t>(body.size()), header);
  const std::string frame = std::string(reinterpret_cast<const char*>(header), sizeof header) + body;
  expect_compiled_after(
      [&](Peer& peer) {
        for (const char byte : frame) peer.send_bytes(std::string(1, byte));
      },
      "");
}

TEST_F(AnswerTest, NoAnswerAtAllRunsTheCompiler) {
  expect_compiled_after([](Peer& peer) { peer.hang_up(); }, "t");
}

TEST_F(AnswerTest, AnAnswerCutAnywhereRunsTheCompiler) {
  const std::string body = Body().array(2).number(protocol::kRun).bytes("cut").str();
  uint8_t header[wire::kFrameHeader];
  wire::encode_frame_size(static_cast<uint32_t>(body.size()), header);
  const std::string frame = std::string(reinterpret_cast<const char*>(header), sizeof header) + body;
  for (size_t size = 0; size < frame.size(); ++size) {
    expect_compiled_after(
        [&](Peer& peer) {
          peer.send_bytes(frame.substr(0, size));
          peer.hang_up();
        },
        "t");
  }
}

TEST_F(AnswerTest, NonsenseRunsTheCompiler) {
  expect_refused("");
  expect_refused(std::string(1, '\xc1'));
  expect_refused(std::string(1000, '\0'));
  expect_refused(Body().number(protocol::kRun).str());
  expect_refused(Body().array(0).str());
  expect_refused(Body().array(2).number(99).bytes("unknown type").str());
  expect_refused(Body().array(2).bytes("16").bytes("type is text").str());
  expect_refused(Body().array(1).number(protocol::kRun).str());
  expect_refused(Body().array(1).number(protocol::kStored).str());
  expect_refused(Body().array(2).number(protocol::kRun).bytes("trailing").number(0).str());
}

TEST_F(AnswerTest, AFrameLongerThanAllowedRunsTheCompiler) {
  expect_compiled_after([](Peer& peer) { peer.send_bytes(std::string(4, '\xff')); }, "b");
  expect_compiled_after([](Peer& peer) { peer.send_bytes(std::string("\x01\x00\x00\x02", 4)); }, "b");
}

TEST_F(AnswerTest, TwoAnswersAtOnceRunTheCompiler) {
  const std::string body = Body().array(2).number(protocol::kRun).bytes("").str();
  uint8_t header[wire::kFrameHeader];
  wire::encode_frame_size(static_cast<uint32_t>(body.size()), header);
  const std::string frame = std::string(reinterpret_cast<const char*>(header), sizeof header) + body;
  expect_compiled_after([&](Peer& peer) { peer.send_bytes(frame + frame); }, "b");
}

Body hit_with(int64_t exit_code, size_t outputs) {
  Body body;
  body.array(5).number(protocol::kHit).number(exit_code).bytes("").bytes("").array(outputs);
  for (size_t i = 0; i < outputs; ++i) body.array(3).bytes("a.o").number(0).boolean(false);
  return body;
}

TEST_F(AnswerTest, AHitThatDoesNotAddUpRunsTheCompiler) {
  const int source = memfd_create("source", MFD_CLOEXEC);
  expect_refused(hit_with(0, 1).str());
  expect_refused(hit_with(0, 1).str(), {source, source});
  expect_refused(hit_with(0, 0).str(), {source});
  expect_refused(hit_with(0, 17).str(), std::vector<int>(17, source));
  expect_refused(hit_with(256, 0).str());
  expect_refused(hit_with(-1, 0).str());
  expect_refused(Body()
                     .array(5)
                     .number(protocol::kHit)
                     .number(0)
                     .bytes("")
                     .bytes("")
                     .array(1)
                     .array(3)
                     .bytes("")
                     .number(0)
                     .boolean(false)
                     .str(),
                 {source});
  expect_refused(Body()
                     .array(5)
                     .number(protocol::kHit)
                     .number(0)
                     .bytes("")
                     .bytes("")
                     .array(1)
                     .array(3)
                     .bytes(std::string("a.o\0x", 5))
                     .number(0)
                     .boolean(false)
                     .str(),
                 {source});
  close(source);
}

TEST_F(AnswerTest, AMissThatDoesNotAddUpRunsTheCompiler) {
  const auto miss = [](size_t fields, const std::vector<std::string>& argv) {
    return Body().array(fields).number(protocol::kMiss).texts(argv).texts({}).texts({});
  };
  expect_refused(miss(6, {}).texts({}).bytes("").str());
  expect_refused(miss(4, {"cc"}).str());
  expect_refused(miss(5, {"cc"}).texts({}).str());
  expect_refused(miss(6, {"cc"}).texts({}).str());
  expect_refused(miss(6, {"cc"}).texts({}).number(1).str());
  expect_refused(miss(6, {"cc"}).texts({}).bytes(std::string("No\0te", 5)).str());
  expect_refused(miss(6, {std::string("c\0c", 3)}).texts({}).bytes("").str());
}

}  // namespace
}  // namespace compiler_cache::launcher_test
