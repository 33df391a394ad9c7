// Stands in for the helper where a test is about how launchers start one: `serve --tree BUILD`. Notes how it
// was started in .compiler-cache/started.<pid>, adds a line to .compiler-cache/starts, and answers every
// question `run`.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "protocol/protocol.h"
#include "protocol/wire.h"

extern char** environ;

namespace {

using namespace compiler_cache;

void note_start(const std::string& cache, int argc, char** argv) {
  std::ofstream note(cache + "/note");
  const mode_t mask = umask(077);
  umask(mask);
  note << "pid " << getpid() << "\nsession " << getsid(0) << "\numask " << mask << "\n";
  note << "cwd " << std::filesystem::current_path().string() << "\n";
  for (int i = 1; i < argc; ++i) note << "argument " << argv[i] << "\n";
  for (char** variable = environ; *variable != nullptr; ++variable)
    note << "environment " << *variable << "\n";
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
    if (!gone) note << "descriptor " << entry.path().filename().string() << " " << target << "\n";
  }
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("SigIgn", 0) == 0 || line.rfind("SigBlk", 0) == 0) note << line << "\n";
  }
  note.close();
  rename((cache + "/note").c_str(), (cache + "/started").c_str());
}

int listen_at(const std::string& cache) {
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  strncpy(address.sun_path, (cache + "/" + protocol::kSocketName).c_str(), sizeof address.sun_path - 1);
  if (bind(listener, reinterpret_cast<struct sockaddr*>(&address), sizeof address) != 0) return -1;
  return listen(listener, 64) == 0 ? listener : -1;
}

void answer(int socket) {
  char header[wire::kFrameHeader];
  if (recv(socket, header, sizeof header, MSG_WAITALL) != sizeof header) return;
  std::string body(wire::decode_frame_size(reinterpret_cast<const uint8_t*>(header)), '\0');
  if (recv(socket, body.data(), body.size(), MSG_WAITALL) != static_cast<ssize_t>(body.size())) return;
  uint8_t memory[64];
  wire::Buffer buffer = {memory, 0, sizeof memory, nullptr};
  wire::Writer writer(&buffer);
  writer.begin_frame();
  writer.write_array(2);
  writer.write_uint(protocol::kRun);
  writer.write_bin("stand-in", 8);
  writer.end_frame();
  send(socket, buffer.data, buffer.size, MSG_NOSIGNAL);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const std::string cache = std::string(argv[3]) + "/.compiler-cache";
  const int starts = open((cache + "/starts").c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (starts < 0 || write(starts, "s", 1) != 1) return 1;
  close(starts);
  note_start(cache, argc, argv);
  const int listener = listen_at(cache);
  // Ends when its tree is gone, in case a test could not end it.
  while (listener >= 0 && access(cache.c_str(), F_OK) == 0) {
    const int socket = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) break;
    answer(socket);
    close(socket);
  }
  return 0;
}
