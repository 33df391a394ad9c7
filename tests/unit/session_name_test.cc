#include "helper/session_name.h"

#include <gtest/gtest.h>

#include "helper/hasher.h"

namespace compiler_cache {
namespace {

TEST(SessionName, EachKindComesBackFromItsText) {
  for (const SessionNameKind kind : {SessionNameKind::lock, SessionNameKind::working,
                                     SessionNameKind::finished, SessionNameKind::removed}) {
    SessionName name{{42, 0xabc}, kind, {}};
    if (kind == SessionNameKind::finished) name.digest = hash_bytes("x");
    SessionName back;
    ASSERT_TRUE(SessionName::parse(name.text(), back)) << name.text();
    EXPECT_EQ(back.id, name.id);
    EXPECT_EQ(back.kind, name.kind);
    EXPECT_EQ(back.digest, name.digest);
    EXPECT_EQ(back.text(), name.text());
  }
}

TEST(SessionName, IsSpelledAsDocumented) {
  EXPECT_EQ((SessionName{{42, 0xabc}, SessionNameKind::working, {}}).text(), "s-0000000042-00000abc-working");
  EXPECT_EQ((SessionName{{42, 0xabc}, SessionNameKind::lock, {}}).text(), "s-0000000042-00000abc.lock");
}

TEST(SessionName, OtherNamesAreNotKnown) {
  const std::string digest = hash_bytes("x").hex();
  for (const std::string& text :
       {std::string(), std::string("s-"), std::string("notes.txt"), std::string("s-42-abc-working"),
        std::string("s-0000000042-00000abc"), std::string("s-0000000042-00000ABC-working"),
        std::string("s-000000004x-00000abc-working"), std::string("s-0000000042_00000abc-working"),
        std::string("s-0000000042-00000abc-working2"), "s-0000000042-00000abc-" + digest + "0",
        "s-0000000042-00000abc-" + digest.substr(1), "s-0000000042-00000abc." + digest}) {
    SessionName name;
    EXPECT_FALSE(SessionName::parse(text, name)) << text;
  }
}

TEST(SessionName, OrderIsBySequenceFirst) {
  EXPECT_LT((SessionId{1, 9}), (SessionId{2, 0}));
  EXPECT_LT((SessionId{2, 0}), (SessionId{2, 1}));
}

}  // namespace
}  // namespace compiler_cache
