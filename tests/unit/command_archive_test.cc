#include "helper/command_archive.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

using Words = std::vector<std::string>;

Classified classify(const Words& argv, const std::string& response = {}) {
  return classify_archive(argv, "/b", [&](const std::string& path) -> Result<std::string> {
    if (path != "/b/objects.rsp" && path != "objects.rsp") return Error{ErrorKind::not_found, path};
    return response;
  });
}

Command accepted(const Words& argv, const std::string& response = {}) {
  Classified classified = classify(argv, response);
  EXPECT_TRUE(std::holds_alternative<Command>(classified)) << testing::PrintToString(argv);
  Command* command = std::get_if<Command>(&classified);
  return command == nullptr ? Command() : std::move(*command);
}

std::string refused(const Words& argv) {
  const Classified classified = classify(argv);
  const Refusal* refusal = std::get_if<Refusal>(&classified);
  return refusal == nullptr ? "accepted" : std::string(to_string(refusal->reason)) + " " + refusal->detail;
}

Words members(const Command& command) {
  Words names;
  for (const NamedInput& named : command.named_inputs) names.push_back(named.path);
  return names;
}

TEST(CommandArchiveTest, LibraryAndMembersAreTold) {
  const Command command = accepted({"ar", "qc", "lib/x.a", "a.o", "sub/b.o", "a.o"});
  EXPECT_EQ(command.action, Action::archive);
  EXPECT_EQ(command.output, "lib/x.a");
  EXPECT_EQ(command.main_role(), OutputRole::object);
  EXPECT_EQ(members(command), (Words{"a.o", "sub/b.o", "a.o"}));
  EXPECT_EQ(command.dependencies, DependencySource::none);
  EXPECT_FALSE(command.reads_sources());
  EXPECT_EQ(command.subject(), "lib/x.a");
}

TEST(CommandArchiveTest, AResponseFileIsTakenApart) {
  EXPECT_EQ(members(accepted({"ar", "qc", "x.a", "@objects.rsp"}, "a.o 'b c.o'\n\"d.o\" e\\ f.o")),
            (Words{"a.o", "b c.o", "d.o", "e f.o"}));
  EXPECT_TRUE(refused({"ar", "qc", "x.a", "@missing"}).starts_with("response-file "));
}

TEST(CommandArchiveTest, LettersOrderAndNamesAreInTheKey) {
  const auto key = [](const Words& argv) { return accepted(argv).key; };
  const Words usual{"ar", "qc", "x.a", "a.o", "b.o"};
  EXPECT_EQ(key(usual), key(usual));
  EXPECT_NE(key(usual), key({"ar", "qcT", "x.a", "a.o", "b.o"}));
  EXPECT_NE(key(usual), key({"ar", "qc", "y.a", "a.o", "b.o"}));
  EXPECT_NE(key(usual), key({"ar", "qc", "x.a", "b.o", "a.o"}));
  EXPECT_NE(key(usual), key({"ar", "qc", "x.a", "a.o"}));
  EXPECT_NE(key(usual), key({"ar", "qc", "x.a", "a.o", "b.o", "b.o"}));
}

TEST(CommandArchiveTest, WhatAsksForMoreIsRefused) {
  for (const char* letters : {"qc", "-qc", "cr", "rcs", "qcT", "qSc", "rcD"}) {
    EXPECT_EQ(refused({"ar", letters, "x.a", "a.o"}), "accepted") << letters;
  }
  // Times, others' positions, deletions, plugins, other operations.
  for (const char* letters :
       {"", "c", "qr", "rr", "qcU", "rcu", "rcb", "d", "x", "t", "qcP", "qcv", "--plugin", "-M"}) {
    EXPECT_EQ(refused({"ar", letters, "x.a", "a.o"}), std::string("archive-option ") + letters);
  }
  EXPECT_EQ(refused({"ar", "qc", "x.a", "--thin", "a.o"}), "archive-option --thin");
  EXPECT_EQ(refused({"ar", "qc", "x.a", ""}), "archive-option ");
  EXPECT_EQ(refused({"ar", "qc"}), "archive-option ");
  EXPECT_EQ(refused({"ar", "qc", "x.a", "a.o", "x.a"}), "output-collision x.a");
}

TEST(CommandArchiveTest, AnArchiveOfNothingIsOne) {
  EXPECT_TRUE(members(accepted({"ar", "qc", "x.a"})).empty());
}

}  // namespace
}  // namespace compiler_cache
