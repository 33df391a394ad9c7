#include "helper/control_client.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "helper/codec.h"
#include "protocol/protocol.h"
#include "tests/unit/temporary_folder.h"

namespace compiler_cache {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kAmple{20000};

std::string framed(const std::string& body) {
  const auto size = static_cast<std::uint32_t>(body.size());
  return std::string{static_cast<char>(size), static_cast<char>(size >> 8), static_cast<char>(size >> 16),
                     static_cast<char>(size >> 24)} +
         body;
}

std::string answer(bool ok, const std::string& payload) {
  Packer packer;
  packer.array(3).uint(protocol::kAnswer).boolean(ok).bin(payload);
  return framed(packer.take());
}

void write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::write(file, bytes.data(), bytes.size());
    if (size <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

std::string read_bytes(int file, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got = ::read(file, bytes.data() + have, size - have);
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

/// A process that listens in a folder, answers one request with fixed bytes, keeps the request in "request"
/// and, if asked to, stays. Killed at the end of the test.
class FakeHelper {
 public:
  enum class Then { ends, stays };

  FakeHelper(const std::string& folder, const std::string& reply, Then then = Then::stays) {
    const int directory = ::open(folder.c_str(), O_PATH | O_DIRECTORY);
    int ready[2];
    if (::pipe(ready) != 0) ADD_FAILURE() << "no pipe";
    pid_ = ::fork();
    if (pid_ == 0) serve(directory, ready[1], reply, then);
    ::close(ready[1]);
    ::close(directory);
    EXPECT_EQ(read_bytes(ready[0], 1), "r");
    ::close(ready[0]);
  }
  ~FakeHelper() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  FakeHelper(const FakeHelper&) = delete;
  FakeHelper& operator=(const FakeHelper&) = delete;

  /// Whether the process has ended, though nobody has waited for it.
  bool has_ended() const {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    return info.si_pid == pid_;
  }

 private:
  [[noreturn]] static void serve(int directory, int ready, const std::string& reply, Then then) {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = "/proc/self/fd/" + std::to_string(directory) + "/sock";
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) ::_exit(1);
    ::listen(socket, 5);
    write_all(ready, "r");
    const int client = ::accept(socket, nullptr, nullptr);
    const std::string header = read_bytes(client, 4);
    const std::string body = read_bytes(client, static_cast<unsigned char>(header[0]));
    const int request = ::openat(directory, "request", O_WRONLY | O_CREAT, 0600);
    write_all(request, header + body);
    write_all(client, reply);
    if (then == Then::ends) ::_exit(0);
    for (;;) ::pause();
  }

  pid_t pid_ = -1;
};

TEST(ControlClientTest, SendsTheCommandAndReturnsTheAnswer) {
  const TemporaryFolder folder;
  const FakeHelper helper(folder.path(), answer(true, std::string("a\0b", 3)));
  const Result<ControlAnswer> result = ask_helper(folder.path(), "clear", {"shared"}, kAmple);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result.value().ok);
  EXPECT_EQ(result.value().payload, std::string("a\0b", 3));

  Packer expected;
  expected.array(4).uint(protocol::kControl).uint(protocol::kVersion).bin("clear").array(1).bin("shared");
  EXPECT_EQ(folder.read("request"), framed(expected.take()));
}

TEST(ControlClientTest, ARefusalIsAnAnswer) {
  const TemporaryFolder folder;
  const FakeHelper helper(folder.path(), answer(false, "unknown command"));
  const Result<ControlAnswer> result = ask_helper(folder.path(), "explain", {}, kAmple);
  ASSERT_TRUE(result.ok());
  EXPECT_FALSE(result.value().ok);
  EXPECT_EQ(result.value().payload, "unknown command");
}

TEST(ControlClientTest, PathsLongerThanASocketAddressWork) {
  const TemporaryFolder folder;
  const std::string deep = folder / std::string(120, 'd') + "/" + std::string(120, 'e');
  std::filesystem::create_directories(deep);
  const FakeHelper helper(deep, answer(true, ""));
  EXPECT_TRUE(ask_helper(deep, "ping", {}, kAmple).ok());
}

TEST(ControlClientTest, LargeAnswersArriveWhole) {
  const TemporaryFolder folder;
  const std::string payload(3 << 20, 'x');
  const FakeHelper helper(folder.path(), answer(true, payload));
  EXPECT_EQ(ask_helper(folder.path(), "stats", {}, kAmple).value().payload, payload);
}

TEST(ControlClientTest, NoSocketOrNobodyBehindItIsNotFound) {
  const TemporaryFolder folder;
  EXPECT_EQ(ask_helper(folder.path(), "ping", {}, kAmple).error().kind, ErrorKind::not_found);
  EXPECT_EQ(ask_helper(folder / "gone", "ping", {}, kAmple).error().kind, ErrorKind::not_found);
  { const FakeHelper killed(folder.path(), ""); }
  ASSERT_TRUE(folder.has("sock"));
  EXPECT_EQ(ask_helper(folder.path(), "ping", {}, kAmple).error().kind, ErrorKind::not_found);
  EXPECT_EQ(stop_helper(folder.path(), kAmple).error().kind, ErrorKind::not_found);
}

TEST(ControlClientTest, AHelperThatSaysNothingTimesOut) {
  const TemporaryFolder folder;
  const FakeHelper helper(folder.path(), answer(true, "x").substr(0, 6));
  EXPECT_EQ(ask_helper(folder.path(), "ping", {}, milliseconds(0)).error().kind, ErrorKind::timed_out);
}

TEST(ControlClientTest, AHelperThatEndsInTheMiddleOfItsAnswerIsAnError) {
  const TemporaryFolder folder;
  const FakeHelper helper(folder.path(), answer(true, "x").substr(0, 6), FakeHelper::Then::ends);
  EXPECT_EQ(ask_helper(folder.path(), "ping", {}, kAmple).error().kind, ErrorKind::io);
}

TEST(ControlClientTest, AnythingElseThanAnAnswerIsCorrupt) {
  Packer other;
  other.array(3).uint(protocol::kHit).boolean(true).bin("");
  for (const std::string& reply : {framed(other.take()), framed("\xc1"), std::string("\xff\xff\xff\xff")}) {
    const TemporaryFolder folder;
    const FakeHelper helper(folder.path(), reply);
    EXPECT_EQ(ask_helper(folder.path(), "ping", {}, kAmple).error().kind, ErrorKind::corrupt);
  }
}

TEST(ControlClientTest, StoppingReturnsWhenTheProcessIsGone) {
  const TemporaryFolder folder;
  const FakeHelper helper(folder.path(), answer(true, ""), FakeHelper::Then::ends);
  EXPECT_TRUE(stop_helper(folder.path(), kAmple).ok());
  EXPECT_TRUE(helper.has_ended());
}

TEST(ControlClientTest, AHelperThatPromisesToStopButStaysTimesOut) {
  const TemporaryFolder folder;
  const FakeHelper helper(folder.path(), answer(true, ""));
  EXPECT_EQ(stop_helper(folder.path(), milliseconds(300)).error().kind, ErrorKind::timed_out);
}

TEST(ControlClientTest, ARefusalToStopIsAnError) {
  const TemporaryFolder folder;
  const FakeHelper helper(folder.path(), answer(false, "busy"));
  const Status status = stop_helper(folder.path(), kAmple);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "busy");
}

}  // namespace
}  // namespace compiler_cache
