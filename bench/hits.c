/* hits ROUNDS WARMUP OUTPUT ASIDE -- COMMAND... [-- COMMAND...]...: how long commands take, in microseconds.
 *
 * They take turns, and the files OUTPUT and OUTPUT.d, which each of them makes, are moved to the folder ASIDE
 * before each. They are not removed: ext4 gives no inode away that was freed within the last minute, and looks
 * through all of these whenever a file is made, so that thousands of rounds would measure each other.
 * Prints a line for each command: how often it ran, the median of its times from start to end, their lower
 * quartile, and the median of its processor time, in ROUNDS runs after WARMUP ones that do not count. No
 * shell, and nothing but a vfork between clock and command. A command whose first word is `@N` runs in every
 * Nth round only: for those so slow that fewer are enough. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { most_commands = 16, most_rounds = 10000 };

struct command {
  char** words;
  int every;
  int count;
  double *walls, *processors;
};

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int by_size(const void* left, const void* right) {
  const double a = *(const double*)left, b = *(const double*)right;
  return (a > b) - (a < b);
}

static double microseconds_of(const struct timeval* time) {
  return (double)time->tv_sec * 1e6 + (double)time->tv_usec;
}

/* Ends the program if the command fails. */
static void run(struct command* command) {
  int status = 0;
  struct rusage usage;
  char** const words = command->words;
  const double began = microseconds();
  const pid_t child = vfork();
  if (child == 0) {
    execv(words[0], words);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) {
    fprintf(stderr, "hits: %s failed\n", words[0]);
    exit(1);
  }
  command->walls[command->count] = microseconds() - began;
  command->processors[command->count] = microseconds_of(&usage.ru_utime) + microseconds_of(&usage.ru_stime);
}

static int read_commands(char** word, struct command* commands) {
  int count = 0;
  while (*word && count < most_commands) {
    struct command* command = &commands[count++];
    *word++ = NULL; /* in place of the "--": ends the command before */
    command->every = 1, command->count = 0;
    if (*word && **word == '@') command->every = atoi(*word++ + 1);
    command->words = word;
    command->walls = calloc(most_rounds, sizeof *command->walls);
    command->processors = calloc(most_rounds, sizeof *command->processors);
    if (!*word || command->every < 1 || !command->walls || !command->processors) exit(2);
    while (*word && strcmp(*word, "--") != 0) ++word;
  }
  return count;
}

static void print(struct command* command) {
  const size_t count = (size_t)command->count;
  qsort(command->walls, count, sizeof *command->walls, by_size);
  qsort(command->processors, count, sizeof *command->processors, by_size);
  const size_t middle = (count - 1) / 2;
  printf("%zu %.1f %.1f %.1f\n", count, command->walls[middle], command->walls[middle / 2],
         command->processors[middle]);
}

static void move_aside(const char* file, const char* folder) {
  static unsigned moved;
  char name[4096];
  snprintf(name, sizeof name, "%s/%u", folder, moved++);
  rename(file, name);
}

int main(int argc, char** argv) {
  struct command commands[most_commands];
  char depfile[4096];
  if (argc < 7 || strcmp(argv[5], "--") != 0) return 2;
  const int rounds = atoi(argv[1]), warmup = atoi(argv[2]);
  if (rounds < 1 || rounds > most_rounds) return 2;
  snprintf(depfile, sizeof depfile, "%s.d", argv[3]);
  const int count = read_commands(argv + 5, commands);
  for (int round = -warmup; round < rounds; ++round) {
    for (int i = 0; i < count; ++i) {
      if (round > 0 && round % commands[i].every != 0) continue;
      move_aside(argv[3], argv[4]);
      move_aside(depfile, argv[4]);
      run(&commands[i]);
      if (round >= 0) ++commands[i].count;
    }
  }
  for (int i = 0; i < count; ++i) print(&commands[i]);
  return 0;
}
