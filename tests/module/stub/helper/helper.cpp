// Prints its arguments, after which a test can see what a target runs.
#include <cstdio>

int main(int argc, char** argv) {
  std::printf("stub-helper");
  for (int i = 1; i < argc; ++i) std::printf(" [%s]", argv[i]);
  std::printf("\n");
  return 0;
}
