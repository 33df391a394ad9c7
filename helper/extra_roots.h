// Other build trees that this one may take results from: named by the user, read once, never written to.
//
// Threads: read() runs on a worker, with this object to itself; everything else on the loop's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "helper/clock.h"
#include "helper/digest.h"
#include "helper/file_system.h"
#include "helper/variant.h"

namespace compiler_cache {

class Store;

/// No more are read, however many are named.
inline constexpr std::size_t kMaxExtraRoots = 8;

struct ExtraRootSelection {
  std::vector<std::string> accepted;  ///< as they were named
  std::vector<std::string> notes;     ///< why others are not
};

/// Those of the build trees in `configured` that can be sources for the one at `build_root`. Passed over, and
/// not counted: what is missing or has no .compiler-cache; the tree itself, what lies in it or around it; a
/// second name of one that is accepted; what does not belong to `uid`, or can be written to by others, who
/// could put any object into a build.
ExtraRootSelection select_extra_roots(FileSystem& files, const std::string& build_root,
                                      const std::vector<std::string>& configured, std::uint32_t uid);

class ExtraRoots {
 public:
  ExtraRoots(FileSystem& world, const Clock& clock, std::string build_root,
             std::vector<std::string> configured, std::uint32_t uid);
  ~ExtraRoots();

  /// Selects, and reads what each one's newest finished session knows. Changes nothing on disk: no lock file
  /// is made, no time is touched. What cannot be read is noted.
  void read();
  /// After read(): lets `store`, which works on `files`, read blobs from them.
  void add_to(Store& store, FileSystem& files) const;

  /// What they know of the context, in the order in which they were named. Whether any of it holds is for the
  /// caller to find out.
  std::vector<Variant> list(const Digest& context) const;

  const std::vector<std::string>& notes() const { return notes_; }
  std::size_t root_count() const { return roots_.size(); }

 private:
  struct Root;

  void read_root(const std::string& path);

  FileSystem& world_;
  const Clock& clock_;
  const std::string build_root_;
  const std::vector<std::string> configured_;
  const std::uint32_t uid_;
  std::vector<std::unique_ptr<Root>> roots_;
  std::vector<std::string> notes_;
};

}  // namespace compiler_cache
