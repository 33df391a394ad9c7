#include "tests/launcher/refusals.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace compiler_cache::launcher_test {
namespace {

struct sock_filter statement(uint16_t code, uint32_t value) {
  return {code, 0, 0, value};
}

struct sock_filter jump(uint16_t code, uint32_t value, uint8_t if_true, uint8_t if_false) {
  return {code, if_true, if_false, value};
}

bool install(const std::vector<Refusal>& refusals) {
  std::vector<struct sock_filter> filter;
  for (const Refusal& refusal : refusals) {
    const auto argument = static_cast<uint32_t>(offsetof(struct seccomp_data, args) + 8 * refusal.argument);
    filter.push_back(statement(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
    filter.push_back(jump(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(refusal.number), 0, 4));
    filter.push_back(statement(BPF_LD | BPF_W | BPF_ABS, argument));
    filter.push_back(statement(BPF_ALU | BPF_AND | BPF_K, refusal.bits));
    filter.push_back(jump(BPF_JMP | BPF_JEQ | BPF_K, refusal.bits, 0, 1));
    filter.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<uint32_t>(refusal.error)));
  }
  filter.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  struct sock_fprog program = {static_cast<unsigned short>(filter.size()), filter.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace

void refuse(const std::vector<Refusal>& refusals) {
  if (!install(refusals)) _exit(124);
}

bool can_refuse() {
  const pid_t child = fork();
  if (child == 0) _exit(install({}) ? 0 : 1);
  int status = 1;
  waitpid(child, &status, 0);
  return status == 0;
}

}  // namespace compiler_cache::launcher_test
