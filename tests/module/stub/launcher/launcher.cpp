// Runs its arguments, after a line about them in $STUB_LOG.
#include <cstdio>
#include <cstdlib>

#include <unistd.h>

int main(int argc, char** argv) {
  if (const char* name = std::getenv("STUB_LOG")) {
    if (std::FILE* log = std::fopen(name, "a")) {
      for (int i = 1; i < argc; ++i) std::fprintf(log, "%s%c", argv[i], i + 1 == argc ? '\n' : ' ');
      std::fclose(log);
    }
  }
  if (argc > 1) execvp(argv[1], argv + 1);
  return 127;
}
