#include "helper/messages.h"

#include "helper/codec.h"
#include "protocol/protocol.h"

namespace compiler_cache {
namespace {

using protocol::MessageType;

/// Upper bound for argument and environment counts: each takes two bytes of a request at least.
constexpr std::size_t kMaxStrings = protocol::kMaxRequest / 2;

Error bad_message(const char* what) {
  return Error{ErrorKind::corrupt, std::string("malformed message: ") + what};
}

Result<Message> decode_compile(Node root) {
  CompileRequest request;
  std::uint32_t version = 0;
  if (!root.at(1).get(version)) return bad_message("compile");
  if (version != protocol::kVersion) return Message(VersionMismatch{version});
  const Node view = root.at(6);
  const bool ok = root.size() == 7 && root.at(2).get(request.flags) && root.at(3).get(request.cwd) &&
                  get_texts(root.at(4), request.argv, kMaxStrings) &&
                  get_texts(root.at(5), request.environment, kMaxStrings) && view.size() == 2 &&
                  view.at(0).get(request.root.mount) && view.at(1).get(request.root.inode);
  if (!ok || request.argv.empty() || request.cwd.empty() || request.cwd[0] != '/')
    return bad_message("compile");
  return Message(std::move(request));
}

Result<Message> decode_compiled(Node root) {
  CompileReport report;
  const bool ok = root.size() == 6 && root.at(1).get(report.wait_status) &&
                  root.at(2).get(report.microseconds) && root.at(3).get(report.capture_flags) &&
                  root.at(4).get(report.standard_output) && root.at(5).get(report.standard_error);
  if (!ok) return bad_message("compiled");
  return Message(std::move(report));
}

Result<Message> decode_declined(Node root) {
  Declined declined;
  if (root.size() != 2 || !root.at(1).get(declined.detail)) return bad_message("declined");
  return Message(std::move(declined));
}

Result<Message> decode_control(Node root) {
  ControlRequest request;
  std::uint32_t version = 0;
  if (!root.at(1).get(version)) return bad_message("control");
  if (version != protocol::kVersion) return Message(VersionMismatch{version});
  const bool ok = root.size() == 4 && root.at(2).get(request.command) &&
                  get_texts(root.at(3), request.arguments, kMaxStrings);
  if (!ok) return bad_message("control");
  return Message(std::move(request));
}

}  // namespace

Result<Message> decode_message(std::string_view body) {
  Result<Document> document = Document::parse(body);
  if (!document.ok()) return document.error();
  const Node root = document->root();
  std::uint32_t type = 0;
  if (!root.at(0).get(type)) return bad_message("no type");
  switch (type) {
    case MessageType::kCompile:
      return decode_compile(root);
    case MessageType::kCompiled:
      return decode_compiled(root);
    case MessageType::kDeclined:
      return decode_declined(root);
    case MessageType::kControl:
      return decode_control(root);
    default:
      return bad_message("unknown type");
  }
}

std::string encode_run(std::string_view reason) {
  return Packer().array(2).uint(MessageType::kRun).bin(reason).take();
}

std::string encode_hit(std::string_view standard_output, std::string_view standard_error,
                       const std::vector<HitOutput>& outputs) {
  Packer packer;
  packer.array(5)
      .uint(MessageType::kHit)
      .uint(0)
      .bin(standard_output)
      .bin(standard_error)
      .array(outputs.size());
  for (const HitOutput& output : outputs) {
    packer.array(3).bin(output.path).uint(output.size).uint(output.flags);
  }
  return packer.take();
}

std::string encode_miss(const std::vector<std::string>& argv, const std::vector<std::string>& scan_argv,
                        const std::vector<std::string>& create, const std::vector<std::string>& remove,
                        std::string_view note_prefix) {
  Packer packer;
  packer.array(6).uint(MessageType::kMiss);
  pack_texts(packer, argv);
  pack_texts(packer, scan_argv);
  pack_texts(packer, create);
  pack_texts(packer, remove);
  packer.bin(note_prefix);
  return packer.take();
}

std::string encode_stored(std::string_view note) {
  return Packer().array(2).uint(MessageType::kStored).bin(note).take();
}

std::string encode_answer(bool ok, std::string_view payload) {
  return Packer().array(3).uint(MessageType::kAnswer).boolean(ok).bin(payload).take();
}

std::string frame(std::string_view body) {
  const auto size = static_cast<std::uint32_t>(body.size());
  std::string bytes;
  bytes.reserve(4 + body.size());
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(size >> shift & 0xff));
  bytes.append(body);
  return bytes;
}

}  // namespace compiler_cache
