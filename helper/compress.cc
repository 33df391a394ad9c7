#include "helper/compress.h"

#include <zstd.h>

#include <memory>

namespace compiler_cache {
namespace {

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

}  // namespace

std::string compress(std::string_view bytes) {
  const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kCompressionLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size =
      ZSTD_compress2(context.get(), frame.data(), frame.size(), bytes.data(), bytes.size());
  // Cannot fail with room for the worst case, short of memory; an empty frame reads back as corrupt.
  frame.resize(ZSTD_isError(size) ? 0 : size);
  frame.shrink_to_fit();
  return frame;
}

Result<std::uint64_t> decompressed_size(std::string_view frame) {
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR) {
    return Error{ErrorKind::corrupt, "not a zstd frame that says its size"};
  }
  return std::uint64_t{size};
}

Result<std::string> decompress(std::string_view frame, std::uint64_t expected_size) {
  const auto stated = decompressed_size(frame);
  if (!stated) return stated.error();
  if (stated.value() != expected_size) return Error{ErrorKind::corrupt, "zstd frame of another size"};
  if (ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size()) {
    return Error{ErrorKind::corrupt, "not exactly one zstd frame"};
  }
  std::string bytes(static_cast<std::size_t>(expected_size), '\0');
  const std::size_t size = ZSTD_decompress(bytes.data(), bytes.size(), frame.data(), frame.size());
  if (ZSTD_isError(size) || size != bytes.size()) return Error{ErrorKind::corrupt, "damaged zstd frame"};
  return bytes;
}

}  // namespace compiler_cache
