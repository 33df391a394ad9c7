// msgpack in and out, for the wire and for the disk. The only user of msgpack-cxx; its exceptions stop here.
//
// Reading never trusts: a node of the wrong type, an index out of range or a number out of bounds makes the
// getter return false and leaves its argument alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "helper/digest.h"

namespace compiler_cache {

/// Appends msgpack values to a string.
class Packer {
 public:
  Packer& array(std::size_t count);  ///< header; the caller adds `count` values
  Packer& uint(std::uint64_t value);
  Packer& boolean(bool value);
  Packer& bin(std::string_view bytes);
  std::string take() { return std::move(bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// One value inside a Document. Valid as long as the Document and the bytes it was parsed from.
class Node {
 public:
  Node() = default;
  bool is_array() const;
  std::size_t size() const;          ///< elements of an array, else 0
  Node at(std::size_t index) const;  ///< an empty node when there is none
  bool get(std::uint64_t& value) const;
  bool get(std::uint32_t& value) const;
  bool get(bool& value) const;
  bool get(Digest& value) const;
  bool get(std::string_view& bytes) const;  ///< bin or str
  bool get(std::string& bytes) const;

 private:
  friend class Document;
  explicit Node(const void* object) : object_(object) {}
  const void* object_ = nullptr;
};

/// A parsed value tree. Holds no copy of the bytes: they must outlive it.
class Document {
 public:
  /// `corrupt` unless `bytes` are exactly one msgpack value, nested at most 16 deep, with no length that the
  /// bytes cannot hold.
  static Result<Document> parse(std::string_view bytes);
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  Node root() const;

 private:
  struct Impl;
  explicit Document(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A list of texts. False for anything else, and for more than `most`.
bool get_texts(Node node, std::vector<std::string>& texts,
               std::size_t most = std::numeric_limits<std::size_t>::max());
void pack_texts(Packer& packer, const std::vector<std::string>& texts);

}  // namespace compiler_cache
