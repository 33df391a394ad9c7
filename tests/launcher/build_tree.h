// A build tree with a launcher in it, in a temporary folder of its own.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/launcher/launched.h"
#include "tests/launcher/peer.h"

namespace compiler_cache::launcher_test {

class BuildTree {
 public:
  /// `below`: more folders between the temporary one and the build tree.
  explicit BuildTree(const std::string& below = "");
  ~BuildTree();
  BuildTree(const BuildTree&) = delete;
  BuildTree& operator=(const BuildTree&) = delete;

  /// Of a name in the build folder; "" is the folder.
  std::string path(const std::string& name) const;
  /// Of a name in `.compiler-cache`.
  std::string cache_path(const std::string& name) const { return path(".compiler-cache/" + name); }

  void write(const std::string& name, const std::string& bytes) const;
  /// Empty when there is no such file.
  std::string read(const std::string& name) const;
  /// A descriptor to read it by; whoever sends it as an output closes it.
  int open_blob(const std::string& name) const;
  bool exists(const std::string& name) const;
  /// Names in the build folder, sorted, without `.compiler-cache`.
  std::vector<std::string> names() const;

  /// A shell script to serve as compiler; its path.
  std::string script(const std::string& name, const std::string& commands) const;
  /// A compiler that writes `ran` and nothing else.
  std::string compiler() const { return script("compiler", "echo ran >> ran\n"); }
  bool compiler_ran() const { return exists("ran"); }

  /// The launcher in front of a command, in the build folder.
  Launch launch(const std::vector<std::string>& command) const;

  void listen();
  /// What listens belongs to that user from now on; for the superuser only.
  void listen_as(uid_t user);
  /// Leaves the socket's file behind.
  void stop_listening();
  /// The next launcher's connection; fails the test when none comes.
  Peer accept();
  /// True when some launcher has connected.
  bool was_contacted() const;

 private:
  std::string root_;
  std::string build_;
  int listener_ = -1;
};

}  // namespace compiler_cache::launcher_test
