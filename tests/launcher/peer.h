// The helper's end of one conversation, played by the test.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/root_view.h"
#include "protocol/wire.h"

namespace compiler_cache::launcher_test {

struct Request {
  uint64_t version = 0;
  uint64_t flags = 0;
  std::string cwd;
  std::vector<std::string> argv;
  std::vector<std::string> environment;
  protocol::RootView root;
};

struct Restored {
  bool heard = false;  ///< that it cannot be
  bool ok = false;     ///< the launcher ended without a word
  std::string detail;
};

struct Compiled {
  bool heard = false;
  uint64_t status = 0;
  uint64_t microseconds = 0;
  uint64_t flags = 0;
  std::string standard_output;
  std::string standard_error;
};

struct HitOutput {
  std::string path;
  std::string bytes;
  int64_t told_size = -1;  ///< -1: the truth
  int source = -1;         ///< -1: a memory file with `bytes`
  uint32_t flags = 0;      ///< protocol::OutputFlag; kInMemory comes by itself
};

/// Messages are built by hand here, so that wrong ones can be, too.
class Body {
 public:
  Body& array(size_t count);
  Body& number(int64_t value);
  Body& boolean(bool value);
  Body& bytes(std::string_view text);
  Body& texts(const std::vector<std::string>& all);
  const std::string& str() const { return bytes_; }

 private:
  template <class Write>
  Body& add(Write write);

  std::string bytes_;
};

class Peer {
 public:
  explicit Peer(int socket) : socket_(socket) {}
  ~Peer() { hang_up(); }
  Peer(Peer&& other) noexcept : socket_(other.socket_) { other.socket_ = -1; }
  Peer& operator=(Peer&&) = delete;

  Request read_request();
  Restored read_restored();
  Compiled read_compiled();
  /// True when the launcher closed its end without another word.
  bool is_gone();

  void send_run(const std::string& reason);
  void send_hit(int exit_code, const std::string& out, const std::string& err,
                const std::vector<HitOutput>& outputs);
  void send_miss(const std::vector<std::string>& argv, const std::vector<std::string>& scan = {},
                 const std::vector<std::string>& create = {}, const std::vector<std::string>& remove = {},
                 const std::string& note_prefix = "");
  void send_stored(const std::string& note = "");
  void send_body(const std::string& body, const std::vector<int>& descriptors = {});
  void send_bytes(const std::string& bytes, const std::vector<int>& descriptors = {});
  void hang_up();

 private:
  /// Empty at the end of the stream.
  std::string read_body();
  bool read_exactly(char* data, size_t size);

  int socket_;
};

}  // namespace compiler_cache::launcher_test
