#include "helper/messages.h"

#include <gtest/gtest.h>

#include <string>

#include "helper/codec.h"
#include "protocol/protocol.h"
#include "tests/unit/damage.h"

namespace compiler_cache {
namespace {

using protocol::MessageType;

std::string compile_body(std::uint64_t version = protocol::kVersion, const std::string& cwd = "/w") {
  return Packer()
      .array(7)
      .uint(MessageType::kCompile)
      .uint(version)
      .uint(protocol::kStderrIsTerminal)
      .bin(cwd)
      .array(2)
      .bin("g++")
      .bin("a.cc")
      .array(1)
      .bin("A=b\n")
      .array(2)
      .uint(4'000'000'000'000)
      .uint(2)
      .take();
}

std::string compiled_body() {
  return Packer()
      .array(6)
      .uint(MessageType::kCompiled)
      .uint(256)
      .uint(7'000'000'000)
      .uint(1)
      .bin("o")
      .bin("e")
      .take();
}

/// The fields of a body as "a b [c d]", for comparing.
std::string show(Node node) {
  std::uint64_t number = 0;
  bool truth = false;
  std::string text;
  if (node.get(number)) return std::to_string(number);
  if (node.get(truth)) return truth ? "true" : "false";
  if (node.get(text)) return "'" + text + "'";
  std::string all = "[";
  for (std::size_t i = 0; i < node.size(); ++i) all += (i == 0 ? "" : " ") + show(node.at(i));
  return all + "]";
}
std::string show(const std::string& body) {
  const Result<Document> document = Document::parse(body);
  return document.ok() ? show(document->root()) : "corrupt";
}

TEST(MessagesTest, CompileRequestIsRead) {
  const Result<Message> message = decode_message(compile_body());
  ASSERT_TRUE(message.ok());
  const auto& request = std::get<CompileRequest>(*message);
  EXPECT_EQ(request.flags, protocol::kStderrIsTerminal);
  EXPECT_EQ(request.cwd, "/w");
  EXPECT_EQ(request.root.mount, 4'000'000'000'000U);
  EXPECT_EQ(request.root.inode, 2U);
  EXPECT_EQ(request.argv, (std::vector<std::string>{"g++", "a.cc"}));
  EXPECT_EQ(request.environment, std::vector<std::string>{"A=b\n"});
}

TEST(MessagesTest, CompileRequestNeedsACompilerAndAnAbsoluteFolder) {
  EXPECT_FALSE(decode_message(compile_body(protocol::kVersion, "w")).ok());
  EXPECT_FALSE(decode_message(compile_body(protocol::kVersion, "")).ok());
  const std::string no_argv =
      Packer().array(6).uint(1).uint(protocol::kVersion).uint(0).bin("/w").array(0).array(0).take();
  EXPECT_FALSE(decode_message(no_argv).ok());
}

TEST(MessagesTest, OtherVersionIsNamedWhateverElseTheFrameSays) {
  for (const char type : {MessageType::kCompile, MessageType::kControl}) {
    const std::string body = Packer()
                                 .array(3)
                                 .uint(static_cast<std::uint64_t>(type))
                                 .uint(protocol::kVersion + 1)
                                 .boolean(true)
                                 .take();
    const Result<Message> message = decode_message(body);
    ASSERT_TRUE(message.ok());
    EXPECT_EQ(std::get<VersionMismatch>(*message).version, protocol::kVersion + 1);
  }
}

TEST(MessagesTest, ReportsAreRead) {
  const Result<Message> compiled = decode_message(compiled_body());
  ASSERT_TRUE(compiled.ok());
  const auto& report = std::get<CompileReport>(*compiled);
  EXPECT_EQ(report.wait_status, 256U);
  EXPECT_EQ(report.microseconds, 7'000'000'000U);
  EXPECT_EQ(report.capture_flags, protocol::kCaptureOverflow);
  EXPECT_EQ(report.standard_output, "o");
  EXPECT_EQ(report.standard_error, "e");

  const Result<Message> declined =
      decode_message(Packer().array(2).uint(MessageType::kDeclined).bin("disk full").take());
  ASSERT_TRUE(declined.ok());
  EXPECT_EQ(std::get<Declined>(*declined).detail, "disk full");
}

TEST(MessagesTest, ControlRequestIsRead) {
  const std::string body = Packer()
                               .array(4)
                               .uint(MessageType::kControl)
                               .uint(protocol::kVersion)
                               .bin("clear")
                               .array(1)
                               .bin("shared")
                               .take();
  const Result<Message> message = decode_message(body);
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(std::get<ControlRequest>(*message).command, "clear");
  EXPECT_EQ(std::get<ControlRequest>(*message).arguments, std::vector<std::string>{"shared"});
}

TEST(MessagesTest, BodiesOfAnotherShapeAreCorrupt) {
  const std::string unknown = Packer().array(1).uint(99).take();
  const std::string reply = encode_stored();
  const std::string long_report = Packer().array(3).uint(MessageType::kDeclined).bin("").uint(1).take();
  const std::string number = Packer().uint(1).take();
  for (const std::string& body : {unknown, reply, long_report, number, std::string(), std::string("\x90")}) {
    const Result<Message> message = decode_message(body);
    ASSERT_FALSE(message.ok());
    EXPECT_EQ(message.error().kind, ErrorKind::corrupt);
  }
}

TEST(MessagesTest, DamagedBodyIsAnErrorOrAWellFormedMessage) {
  for (const std::string& body : {compile_body(), compiled_body()}) {
    for_each_damage(body, [](const std::string& damaged) {
      const Result<Message> message = decode_message(damaged);
      if (!message.ok()) return;
      if (const auto* request = std::get_if<CompileRequest>(&*message)) {
        EXPECT_FALSE(request->argv.empty());
        EXPECT_TRUE(request->cwd.starts_with('/'));
      }
    });
  }
}

TEST(MessagesTest, RepliesHaveTheProtocolsFields) {
  EXPECT_EQ(show(encode_run("verbose")), "[16 'verbose']");
  EXPECT_EQ(
      show(encode_hit("out", "err", {{"a.o", 3, protocol::kExecutable}, {"a.d", 0, protocol::kInMemory}})),
      "[17 0 'out' 'err' [['a.o' 3 1] ['a.d' 0 2]]]");
  EXPECT_EQ(show(encode_miss({"g++", "-c"}, {}, {"f"}, {"r"})), "[18 ['g++' '-c'] [] ['f'] ['r'] '']");
  EXPECT_EQ(show(encode_miss({"cl"}, {}, {}, {}, "Note:")), "[18 ['cl'] [] [] [] 'Note:']");
  EXPECT_EQ(show(encode_stored()), "[19 '']");
  EXPECT_EQ(show(encode_answer(true, "x")), "[20 true 'x']");
}

TEST(MessagesTest, FrameIsALittleEndianLengthAndTheBody) {
  EXPECT_EQ(frame("abc"), std::string("\x03\0\0\0abc", 7));
  EXPECT_EQ(frame(std::string(0x10203, 'x')).substr(0, 5), std::string("\x03\x02\x01\0x", 5));
}

}  // namespace
}  // namespace compiler_cache
