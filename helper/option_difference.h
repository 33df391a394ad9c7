// What is different between two commands for the same output, option by option, for people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "helper/miss_cause.h"

namespace compiler_cache {

/// The command as it is compared: without the program, its source and the names of its outputs; an option and
/// its value in one word ("-isystem /x"). `source`: as spelled, may be empty.
std::vector<std::string> comparable_options(const std::vector<std::string>& argv, std::string_view source);

/// Adds a flag_changed for each option that went, came or has another value, in their order. One that only
/// moved counts when nothing else is different.
void add_option_differences(const std::vector<std::string>& before, const std::vector<std::string>& now,
                            std::vector<Cause>& causes);

}  // namespace compiler_cache
