// The stores of a tree whose helper does not run.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/status.h"
#include "helper/clock.h"
#include "helper/config.h"
#include "helper/file_system.h"
#include "helper/status_report.h"

namespace compiler_cache {

class OfflineStore {
 public:
  /// `world` resolves absolute paths, `tree` has the .compiler-cache as its root; `folder` is that one's
  /// path.
  OfflineStore(FileSystem& world, FileSystem& tree, const Clock& clock, std::string folder, Config config);

  /// What the stores hold, and what is wrong with them. Changes nothing.
  StatusReport status() const;

  /// Empties the tree's cache under the helper's lock, and the shared store too when asked; counters stay.
  /// `exists` when a helper holds the lock.
  Status clear(bool shared_too) const;

 private:
  void add_store(StatusReport& report, const std::string& root, bool shared) const;
  Status clear_sessions() const;
  Status clear_shared() const;

  FileSystem& world_;
  FileSystem& tree_;
  const Clock& clock_;
  const std::string folder_;
  const Config config_;
};

}  // namespace compiler_cache
