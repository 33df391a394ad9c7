// Any bytes as a variant, bare: what is read keeps the limits and is the same after writing it again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "helper/variant_codec.h"

namespace {

using namespace compiler_cache;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(decode_variant_file(bytes));
  const auto read = decode_variant(bytes);
  if (!read.ok()) return 0;
  const Variant& variant = read.value().variant;
  require(variant.inputs.size() <= kMaxVariantInputs && variant.absent.size() <= kMaxVariantAbsent);
  require(variant.artifact.outputs.size() <= kMaxVariantOutputs);
  const auto written = encode_variant(read.value());
  require(written.ok());
  const auto again = decode_variant(written.value());
  require(again.ok() && again.value() == read.value());
  return 0;
}
