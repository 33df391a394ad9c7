// A tree on a fake disk with sessions in it, for the tests of sessions.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "helper/session_folder.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/still_clock.h"

namespace compiler_cache {

using Parts = std::map<std::string, std::string>;

/// A session on a disk of its own.
struct CopiedSession {
  std::unique_ptr<FakeFileSystem> disk;
  std::unique_ptr<SessionFolder> session;
};

class SessionTree {
 protected:
  SessionTree() {
    disk_.put_folder("/tree");
    tree_ = disk_.at("/tree");
  }

  static SessionOptions options() {
    SessionOptions options;
    options.random = [number = 0U]() mutable { return ++number; };
    return options;
  }

  std::unique_ptr<SessionFolder> begin() {
    auto session = SessionFolder::begin(*tree_, clock_, options());
    EXPECT_TRUE(session.ok()) << session.error().message;
    return std::move(*session);
  }

  /// Begins on what a crash now would leave.
  CopiedSession copy_and_begin() const {
    CopiedSession copied;
    copied.disk = tree_->copy();
    auto session = SessionFolder::begin(*copied.disk, clock_, options());
    EXPECT_TRUE(session.ok());
    copied.session = std::move(*session);
    return copied;
  }

  void publish_snapshot(const Parts& parts) {
    const auto session = begin();
    for (const auto& [name, bytes] : parts) EXPECT_TRUE(session->replace_part(name, bytes).ok());
    EXPECT_EQ(session->publish(PublishMode::snapshot).value(), PublishOutcome::published);
  }

  /// Those that could be loaded.
  static Parts parts_of(const SessionFolder& session) {
    Parts parts;
    for (const auto& [name, part] : session.parts()) {
      if (part.status.ok()) parts[name] = part.bytes;
    }
    return parts;
  }

  /// Paths in `sessions` that end so, in order.
  std::vector<std::string> names_ending(const std::string& end) const {
    std::vector<std::string> found;
    for (const std::string& name : disk_.names("/tree/sessions")) {
      if (name.ends_with(end) && name.find('/') == std::string::npos)
        found.push_back("/tree/sessions/" + name);
    }
    return found;
  }
  std::vector<std::string> finished() const {
    std::vector<std::string> found;
    SessionName parsed;
    for (const std::string& name : disk_.names("/tree/sessions")) {
      if (SessionName::parse(name, parsed) && parsed.kind == SessionNameKind::finished) {
        found.push_back("/tree/sessions/" + name);
      }
    }
    return found;
  }
  std::string only(const std::string& end) const {
    const auto found = names_ending(end);
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? "" : found[0];
  }
  std::string only_finished() const {
    const auto found = finished();
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? "" : found[0];
  }

  StillClock clock_{1'000'000};
  FakeFileSystem disk_{clock_};
  std::unique_ptr<FakeFileSystem> tree_;
};

}  // namespace compiler_cache
