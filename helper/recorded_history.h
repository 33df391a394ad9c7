// The history of a tree for the command line, up to date whether a helper runs or not.
#pragma once

#include <string>

#include "helper/history_files.h"

namespace compiler_cache {

/// A helper that runs is asked to write what it has not written yet. What went wrong is among the notes.
History recorded_history(FileSystem& files, const std::string& folder);

}  // namespace compiler_cache
