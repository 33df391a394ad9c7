// A compile that has just ended on a fake disk, for the tests of header_lookup: what it read is given, and
// the question is which later changes its result survives.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "helper/header_lookup.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {

class LookupFixture : public testing::Test {
 protected:
  LookupFixture() {
    for (const char* folder : {"/w", "/i1", "/i2", "/i3"}) disk_.put_folder(folder);
    context_.cwd = "/w";
    context_.search.angle = {"/i1", "/i2", "/i3"};
    clock_.settle();
  }

  void put(const std::string& path, const std::string& bytes) {
    disk_.put(path, bytes);
    clock_.settle();
  }

  /// `a.cc` has read `inputs`, itself first; whatever is put from now on came during the compile.
  void begin_compile() {
    clock_.settle();
    context_.start_ns = clock_.file_now_ns() - clock_.file_tick_ns();
    clock_.settle();
    compiling_ = true;
  }
  const LookupResult& analyse(const std::vector<std::string>& inputs) {
    if (!compiling_) begin_compile();
    index_.begin_request();
    listings_.begin_request();
    std::vector<PathId> ids;
    for (const std::string& input : inputs) {
      ids.push_back(paths_.intern(input));
      EXPECT_NE(index_.current(ids.back()), kNoId) << input;
    }
    result_ = lookup_.analyse(context_, ids);
    for (PathId input : result_.extra_inputs) found_[input] = index_.current(input);
    clock_.settle();
    return result_;
  }
  /// Why the result must not be kept; "" when it may.
  std::string refusal(const std::vector<std::string>& inputs) {
    analyse(inputs);
    return result_.refusal ? std::string(to_string(*result_.refusal)) : "";
  }

  /// Whether the last analysed result is still right.
  bool holds() {
    EXPECT_FALSE(result_.refusal) << to_string(*result_.refusal) << " " << result_.detail;
    index_.begin_request();
    listings_.begin_request();
    const bool absent = std::none_of(
        result_.absent.begin(), result_.absent.end(),
        [&](const AbsentName& name) { return violated(listings_, paths_.intern(name.folder), name.name); });
    return absent && std::all_of(found_.begin(), found_.end(), [&](const auto& input) {
             return index_.current(input.first) == input.second;
           });
  }
  /// Whether it is, once there is also that file; which then goes again.
  bool holds_with(const std::string& path, const std::string& bytes = "") {
    clock_.tick();
    disk_.put(path, bytes);
    clock_.settle();
    const bool held = holds();
    disk_.delete_tree(path);
    const std::string folder = path.substr(0, path.rfind('/'));
    disk_.set_times(folder, clock_.file_now_ns(), clock_.file_now_ns());
    clock_.settle();
    return held;
  }
  std::vector<std::string> extra_inputs() const {
    std::vector<std::string> names;
    for (PathId path : result_.extra_inputs) names.push_back(paths_[path]);
    return names;
  }
  bool is_absent(const std::string& folder, const std::string& name) const {
    return std::count(result_.absent.begin(), result_.absent.end(), AbsentName{folder, name}) == 1;
  }

  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  PathTable paths_;
  ContentTable contents_;
  ContentIndex index_{disk_, clock_, paths_, contents_};
  FolderListings listings_{disk_, clock_, paths_};
  HeaderLookup lookup_{disk_, paths_, index_, listings_};
  LookupContext context_;
  LookupResult result_;
  std::map<PathId, ContentId> found_;
  bool compiling_ = false;
};

}  // namespace compiler_cache
