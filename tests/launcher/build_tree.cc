#include "tests/launcher/build_tree.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "protocol/protocol.h"

namespace compiler_cache::launcher_test {
namespace {

// Far beyond what anything here takes: a test that waits this long has failed.
constexpr int kPatienceMs = 30000;

}  // namespace

BuildTree::BuildTree(const std::string& below) {
  std::string pattern = (std::filesystem::temp_directory_path() / "launcher-test-XXXXXX").string();
  root_ = mkdtemp(pattern.data());
  build_ = root_ + below + "/build";
  std::filesystem::create_directories(cache_path("bin"));
  std::filesystem::create_symlink(LAUNCHER_PROGRAM, cache_path("bin/compiler-cache-launcher"));
}

BuildTree::~BuildTree() {
  if (listener_ >= 0) close(listener_);
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

std::string BuildTree::path(const std::string& name) const {
  return name.empty() ? build_ : build_ + "/" + name;
}

void BuildTree::write(const std::string& name, const std::string& bytes) const {
  std::ofstream(path(name), std::ios::binary) << bytes;
}

std::string BuildTree::read(const std::string& name) const {
  std::ifstream file(path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int BuildTree::open_blob(const std::string& name) const {
  return open(path(name).c_str(), O_RDONLY | O_CLOEXEC);
}

bool BuildTree::exists(const std::string& name) const {
  struct stat found;
  return lstat(path(name).c_str(), &found) == 0;
}

std::vector<std::string> BuildTree::names() const {
  std::vector<std::string> all;
  for (const auto& entry : std::filesystem::directory_iterator(build_)) {
    const std::string name = entry.path().filename().string();
    if (name != ".compiler-cache") all.push_back(name);
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::string BuildTree::script(const std::string& name, const std::string& commands) const {
  write(name, "#!/bin/sh\n" + commands);
  chmod(path(name).c_str(), 0755);
  return path(name);
}

Launch BuildTree::launch(const std::vector<std::string>& command) const {
  Launch launch;
  launch.argv = {cache_path("bin/compiler-cache-launcher")};
  launch.argv.insert(launch.argv.end(), command.begin(), command.end());
  launch.cwd = build_;
  return launch;
}

void BuildTree::listen() {
  listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int folder = open(cache_path("").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  const std::string name = "/proc/self/fd/" + std::to_string(folder) + "/" + protocol::kSocketName;
  struct sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  strcpy(address.sun_path, name.c_str());
  ASSERT_EQ(bind(listener_, reinterpret_cast<struct sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener_, 64), 0);
  close(folder);
}

void BuildTree::listen_as(uid_t user) {
  // The kernel keeps who called listen() last.
  ASSERT_EQ(seteuid(user), 0);
  EXPECT_EQ(::listen(listener_, 64), 0);
  ASSERT_EQ(seteuid(0), 0);
}

void BuildTree::stop_listening() {
  close(listener_);
  listener_ = -1;
}

bool BuildTree::was_contacted() const {
  struct pollfd waited = {listener_, POLLIN, 0};
  return poll(&waited, 1, 0) == 1;
}

Peer BuildTree::accept() {
  struct pollfd waited = {listener_, POLLIN, 0};
  EXPECT_EQ(poll(&waited, 1, kPatienceMs), 1) << "no launcher came";
  const int socket =
      accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | (waited.revents == 0 ? SOCK_NONBLOCK : 0));
  const struct timeval limit = {kPatienceMs / 1000, 0};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  return Peer(socket);
}

}  // namespace compiler_cache::launcher_test
