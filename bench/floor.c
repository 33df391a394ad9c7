/* floor STORE COMMAND...: what a cache of this kind can cost at the least.
 *
 * Copies the outputs of a command from a folder, where they lie under a hash of the command line; what is not
 * there yet is made by the command and then put there. It is no cache: it looks at no input. Good for
 * measuring builds whose result is known to be the same. Outputs: what `-o` and `-MF` name, or the archive of
 * `ar qc ARCHIVE MEMBER...`, written anew. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct output {
  const char* name; /* 0: the command makes none */
  const char* suffix;
};

static uint64_t hash_of(char** words) {
  uint64_t hash = 14695981039346656037u;
  for (; *words; ++words) {
    for (const char* byte = *words; *byte; ++byte) hash = (hash ^ (unsigned char)*byte) * 1099511628211u;
    hash = (hash ^ 0xff) * 1099511628211u; /* "a b" is not "ab" */
  }
  return hash;
}

static int ends_with(const char* text, const char* end) {
  const size_t size = strlen(text), end_size = strlen(end);
  return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

static void find_outputs(char** command, struct output outputs[2]) {
  if (ends_with(command[0], "ar") && command[1] && command[2]) {
    outputs[0].name = command[2];
    return;
  }
  for (char** word = command; word[0] && word[1]; ++word) {
    if (strcmp(word[0], "-o") == 0) outputs[0].name = word[1];
    if (strcmp(word[0], "-MF") == 0) outputs[1].name = word[1];
  }
}

/* Unlinked first: replacing a file that exists costs more than making a new one. */
static int copy(const char* from, const char* to) {
  struct stat info;
  const int in = open(from, O_RDONLY | O_CLOEXEC);
  if (in < 0 || fstat(in, &info) != 0) return 0;
  unlink(to);
  const int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, info.st_mode & 0777);
  if (out < 0) return 0;
  off_t left = info.st_size;
  while (left > 0) {
    const ssize_t count = copy_file_range(in, 0, out, 0, (size_t)left, 0);
    if (count <= 0) return 0;
    left -= count;
  }
  return close(out) == 0;
}

static int run(char** command) {
  const pid_t child = vfork();
  if (child == 0) {
    execvp(command[0], command);
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return 1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  struct output outputs[2] = {{0, "o"}, {0, "d"}};
  char stored[2][4096];
  find_outputs(argv + 2, outputs);
  const unsigned long long hash = hash_of(argv + 2);
  int restored = outputs[0].name != 0;
  for (int i = 0; i < 2; ++i) {
    snprintf(stored[i], sizeof stored[i], "%s/%016llx.%s", argv[1], hash, outputs[i].suffix);
    restored = restored && (!outputs[i].name || copy(stored[i], outputs[i].name));
  }
  if (restored) return 0;
  if (ends_with(argv[2], "ar")) unlink(outputs[0].name); /* `ar qc` would append */
  const int status = run(argv + 2);
  for (int i = 0; status == 0 && i < 2; ++i) {
    if (outputs[i].name) copy(outputs[i].name, stored[i]);
  }
  return status;
}
