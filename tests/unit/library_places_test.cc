#include "helper/library_places.h"

#include <gtest/gtest.h>

#include "helper/linker_identity.h"
#include "helper/printed_command.h"

namespace compiler_cache {
namespace {

using Names = std::vector<std::string>;

TEST(LibraryPlacesTest, FoldersAndLibrariesOfAPrintedCommand) {
  const Names command = last_printed_command(
      "gcc version 12\n COLLECT\n /usr/lib/collect2 -L/a \"-L/b c\" -L /d x.o -lm -l z -l:libq.so.1 "
      "-L/a\nOPTIONS\n");
  EXPECT_EQ(printed_library_folders(command), (Names{"/a", "/b c", "/d"}));
  EXPECT_EQ(printed_library_names(command), (Names{"libm.so", "libm.a", "libz.so", "libz.a", "libq.so.1"}));
  EXPECT_TRUE(last_printed_command("nothing\n").empty());
}

TEST(LibraryPlacesTest, GnuLdTellsOfItsOwnFolders) {
  const std::string_view said =
      "x\nSEARCH_DIR(\"=/usr/lib/m\"); SEARCH_DIR(\"/opt/lib\");\nSEARCH_DIR(\"=/lib\");";
  EXPECT_EQ(built_in_library_folders(said, ""), (Names{"/usr/lib/m", "/opt/lib", "/lib"}));
  EXPECT_EQ(built_in_library_folders(said, "/root"), (Names{"/root/usr/lib/m", "/opt/lib", "/root/lib"}));
  EXPECT_TRUE(built_in_library_folders("SEARCH_DIR(\"", "").size() <= 1);
}

TEST(LibraryPlacesTest, AFileMayHaveBeenFoundUnderThreeNames) {
  EXPECT_EQ(names_searched_for("/lib/libm.so.6"), (Names{"libm.so.6", "libm.so", "libm.a"}));
  EXPECT_EQ(names_searched_for("/lib/libgcc.a"), (Names{"libgcc.a", "libgcc.so"}));
  EXPECT_EQ(names_searched_for("/lib/crt1.o"), Names{"crt1.o"});
  EXPECT_EQ(names_searched_for("libx"), Names{"libx"});
}

TEST(LinkerIdentityTest, WhichLinkersListWhatTheyRead) {
  for (const char* line :
       {"GNU ld (GNU Binutils for Debian) 2.40", "GNU ld (GNU Binutils) 2.35.2", "GNU ld version 2.100",
        "GNU gold (GNU Binutils for Debian 2.40) 1.16", "LLD 14.0.6 (compatible with GNU linkers)",
        "Debian LLD 14.0.6 (compatible with GNU linkers)", "mold 1.10.1 (compatible with GNU ld)"}) {
    EXPECT_TRUE(lists_what_it_reads(line)) << line;
  }
  for (const char* line :
       {"GNU ld (GNU Binutils) 2.34", "GNU gold (GNU Binutils 2.34) 1.16", "LLD 10.0.0", "mold 0.9.6",
        "wild 1.0", "", "GNU ld", "Microsoft (R) Incremental Linker Version 14.38"}) {
    EXPECT_FALSE(lists_what_it_reads(line)) << line;
  }
  EXPECT_EQ(linker_name({"-m32"}), "ld");
  EXPECT_EQ(linker_name({"-fuse-ld=bfd", "-fuse-ld=gold"}), "ld.gold");
  EXPECT_EQ(linker_name({"-fuse-ld=mold"}), "mold");
}

}  // namespace
}  // namespace compiler_cache
