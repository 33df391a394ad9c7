// The part of an exchange that is about static libraries: nothing is looked for, so that the members and
// their order are all that the result depends on.
#include "helper/archive_format.h"
#include "helper/command_archive.h"
#include "helper/exchange.h"

namespace compiler_cache {

void Exchange::begin_archive() {
  IdentityQuestion question{request_.argv[0], {}, {}, request_.environment, request_.cwd};
  question.tool = ToolKind::archiver;
  ask_identity(question, [this](const IdentityPtr& identity) { classify_archive(identity); });
}

void Exchange::classify_archive(const IdentityPtr& identity) {
  if (!take_classified(compiler_cache::classify_archive(request_.argv, request_.cwd, response_file_reader())))
    return;
  look_up(identity);
}

/// False when the archive has in it what its members don't tell: then it is not kept.
bool Exchange::archive_can_be_kept(const Captured& captured) {
  const Result<ArchiveSummary> summary = summarize_archive(captured.outputs.front().bytes);
  if (!summary.ok()) {
    not_kept(UncacheableReason::archive_option, summary.error().message);
  } else if (summary->stamped) {
    not_kept(UncacheableReason::stamped_archive, command_.output);
  } else if (summary->members != command_.named_inputs.size()) {
    // A thin archive takes the members of one that is added to it.
    not_kept(UncacheableReason::nested_archive, command_.output);
  } else {
    return true;
  }
  return false;
}

}  // namespace compiler_cache
