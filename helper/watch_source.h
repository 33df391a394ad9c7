// Where word of changes on the disk comes from, so that what was looked at once need not be looked at again.
// A source tells of every change or says that it may have lost one; folders of which it cannot promise that
// (file systems of other machines, say) it does not take.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/status.h"

namespace compiler_cache {

enum class WatchChange : std::uint8_t {
  entry,       ///< an entry of the folder came, went or was replaced
  content,     ///< somebody wrote to it
  attributes,  ///< its mode, owner, times or number of links changed
  gone,        ///< what is watched was deleted or moved, or is no longer watched
};

struct WatchEvent {
  int watch = -1;
  WatchChange change = WatchChange::entry;
  std::string name;  ///< of the folder's entry that it is about; empty: what is watched itself
};

class WatchSource {
 public:
  virtual ~WatchSource() = default;

  /// The id of the watch on this folder, which must be no link: the same id for the same folder. From now on
  /// its entries are told of, and with `contents` what is written to them, too.
  virtual Result<int> watch_folder(const std::string& path, bool contents) = 0;
  /// The same for one file, which must be no link: writes through its other names are told of.
  virtual Result<int> watch_file(const std::string& path) = 0;
  virtual void forget(int watch) = 0;

  /// All that happened since the last call and before this one, in order. False when some of it may have been
  /// lost, or when a mount has changed.
  virtual bool drain(const std::function<void(const WatchEvent&)>& each) = 0;
};

/// Null where this system has none that is told of a change before the call that made it returns.
std::unique_ptr<WatchSource> make_watch_source();

}  // namespace compiler_cache
