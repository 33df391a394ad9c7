// Prints its arguments, after which a test can see what a target runs, and leaves them in $STUB_LOG.
#include <cstdio>
#include <cstdlib>
#include <string>

int main(int argc, char** argv) {
  std::string text = "stub-helper";
  for (int i = 1; i < argc; ++i) text += std::string(" [") + argv[i] + "]";
  std::puts(text.c_str());
  if (const char* name = std::getenv("STUB_LOG")) {
    if (std::FILE* log = std::fopen(name, "a")) {
      std::fprintf(log, "%s\n", text.c_str());
      std::fclose(log);
    }
  }
  return 0;
}
