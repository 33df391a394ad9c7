// Runs its arguments, after a line about them in $STUB_LOG; of a static library, in $STUB_ARCHIVE_LOG, of a
// link, in $STUB_LINK_LOG.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <unistd.h>

int main(int argc, char** argv) {
  const bool archive = argc > 4 && std::strcmp(argv[1], "--archive") == 0;
  const bool link = argc > 2 && std::strcmp(argv[1], "--link") == 0;
  if (const char* name = std::getenv(archive ? "STUB_ARCHIVE_LOG" : link ? "STUB_LINK_LOG" : "STUB_LOG")) {
    if (std::FILE* log = std::fopen(name, "a")) {
      for (int i = 1; i < argc; ++i) std::fprintf(log, "%s%c", argv[i], i + 1 == argc ? '\n' : ' ');
      std::fclose(log);
    }
  }
  if (archive) std::remove(argv[2]);
  const int first = archive ? 4 : link ? 2 : 1;
  if (argc > first) execvp(argv[first], argv + first);
  return 127;
}
