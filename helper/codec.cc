#include "helper/codec.h"

#define MSGPACK_NO_BOOST
#include <limits>
#include <msgpack.hpp>

namespace compiler_cache {
namespace {

/// Lets msgpack's packer write into a std::string.
struct StringSink {
  std::string& bytes;
  void write(const char* data, std::size_t size) { bytes.append(data, size); }
};

constexpr std::size_t kMaxDepth = 16;

/// Every value takes at least one byte, so no array can honestly be longer than the input.
msgpack::unpack_limit limits_for(std::size_t size) {
  return msgpack::unpack_limit(size, 0, size, size, 0, kMaxDepth);
}

const msgpack::object& object_of(const void* pointer) {
  return *static_cast<const msgpack::object*>(pointer);
}

bool refer_to_input(msgpack::type::object_type, std::size_t, void*) { return true; }

}  // namespace

Packer& Packer::array(std::size_t count) {
  StringSink sink{bytes_};
  msgpack::packer<StringSink>(sink).pack_array(static_cast<std::uint32_t>(count));
  return *this;
}

Packer& Packer::uint(std::uint64_t value) {
  StringSink sink{bytes_};
  msgpack::packer<StringSink>(sink).pack_uint64(value);
  return *this;
}

Packer& Packer::boolean(bool value) {
  StringSink sink{bytes_};
  msgpack::packer<StringSink> packer(sink);
  value ? packer.pack_true() : packer.pack_false();
  return *this;
}

Packer& Packer::bin(std::string_view bytes) {
  StringSink sink{bytes_};
  msgpack::packer<StringSink> packer(sink);
  packer.pack_bin(static_cast<std::uint32_t>(bytes.size()));
  packer.pack_bin_body(bytes.data(), static_cast<std::uint32_t>(bytes.size()));
  return *this;
}

bool Node::is_array() const { return object_ != nullptr && object_of(object_).type == msgpack::type::ARRAY; }

std::size_t Node::size() const { return is_array() ? object_of(object_).via.array.size : 0; }

Node Node::at(std::size_t index) const {
  return index < size() ? Node(&object_of(object_).via.array.ptr[index]) : Node();
}

bool Node::get(std::uint64_t& value) const {
  if (object_ == nullptr || object_of(object_).type != msgpack::type::POSITIVE_INTEGER) return false;
  value = object_of(object_).via.u64;
  return true;
}

bool Node::get(std::uint32_t& value) const {
  std::uint64_t wide = 0;
  if (!get(wide) || wide > std::numeric_limits<std::uint32_t>::max()) return false;
  value = static_cast<std::uint32_t>(wide);
  return true;
}

bool Node::get(bool& value) const {
  if (object_ == nullptr || object_of(object_).type != msgpack::type::BOOLEAN) return false;
  value = object_of(object_).via.boolean;
  return true;
}

bool Node::get(std::string_view& bytes) const {
  if (object_ == nullptr) return false;
  const msgpack::object& object = object_of(object_);
  if (object.type == msgpack::type::BIN) {
    bytes = {object.via.bin.ptr, object.via.bin.size};
    return true;
  }
  if (object.type == msgpack::type::STR) {
    bytes = {object.via.str.ptr, object.via.str.size};
    return true;
  }
  return false;
}

bool Node::get(Digest& value) const {
  std::string_view bytes;
  return get(bytes) && Digest::from_bytes(bytes, value);
}

bool Node::get(std::string& bytes) const {
  std::string_view view;
  if (!get(view)) return false;
  bytes.assign(view);
  return true;
}

struct Document::Impl {
  msgpack::object_handle handle;
};

Document::Document(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Node Document::root() const { return Node(&impl_->handle.get()); }

Result<Document> Document::parse(std::string_view bytes) {
  try {
    auto impl = std::make_unique<Impl>();
    std::size_t offset = 0;
    bool referenced = false;
    msgpack::unpack(impl->handle, bytes.data(), bytes.size(), offset, referenced, refer_to_input, nullptr,
                    limits_for(bytes.size()));
    if (offset != bytes.size()) return Error{ErrorKind::corrupt, "bytes after the msgpack value"};
    return Document(std::move(impl));
  } catch (const std::exception& error) {
    return Error{ErrorKind::corrupt, std::string("not msgpack: ") + error.what()};
  }
}

bool get_texts(Node node, std::vector<std::string>& texts, std::size_t most) {
  if (!node.is_array() || node.size() > most) return false;
  texts.resize(node.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!node.at(i).get(texts[i])) return false;
  }
  return true;
}

void pack_texts(Packer& packer, const std::vector<std::string>& texts) {
  packer.array(texts.size());
  for (const std::string& text : texts) packer.bin(text);
}

}  // namespace compiler_cache
