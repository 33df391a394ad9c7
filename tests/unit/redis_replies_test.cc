#include "helper/redis_replies.h"

#include <gtest/gtest.h>

namespace compiler_cache {
namespace {

constexpr std::uint64_t kMost = 1000;
using Kind = RedisReply::Kind;

TEST(RedisRepliesTest, AnswersComeInWhateverPieces) {
  const std::string bytes = "+OK\r\n:42\r\n$3\r\nabc\r\n$-1\r\n*2\r\n$1\r\na\r\n*1\r\n:7\r\n-ERR no\r\n";
  for (const std::size_t step : {std::size_t{1}, std::size_t{3}, bytes.size()}) {
    RedisReplies replies;
    std::vector<RedisReply> all;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      replies.feed(std::string_view(bytes).substr(at, step));
      while (true) {
        Result<std::optional<RedisReply>> reply = replies.next(kMost);
        ASSERT_TRUE(reply.ok());
        if (!*reply) break;
        all.push_back(std::move(**reply));
      }
    }
    ASSERT_EQ(all.size(), 6U);
    EXPECT_EQ(all[0].kind, Kind::status);
    EXPECT_EQ(all[1].number, 42);
    EXPECT_EQ(all[2].text, "abc");
    EXPECT_EQ(all[3].kind, Kind::nothing);
    EXPECT_EQ(all[4].list.at(0).text, "a");
    EXPECT_EQ(all[4].list.at(1).list.at(0).number, 7);
    EXPECT_EQ(all[5].kind, Kind::error);
    EXPECT_EQ(all[5].text, "ERR no");
  }
}

TEST(RedisRepliesTest, NonsenseIsAnError) {
  RedisReplies replies;
  replies.feed("HTTP/1.1 400 Bad Request\r\n\r\n");
  const Result<std::optional<RedisReply>> reply = replies.next(kMost);
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().kind, ErrorKind::corrupt);
}

TEST(RedisRepliesTest, ALongListIsNotMadeRoomFor) {
  RedisReplies replies;
  replies.feed("*2000000000\r\n");
  EXPECT_FALSE(replies.next(kMost).ok());
}

TEST(RedisRepliesTest, ALengthThatIsAnnouncedTakesNothingAndWhatComesIsCounted) {
  RedisReplies replies;
  replies.feed("$2000000000\r\n");
  ASSERT_TRUE(replies.next(kMost).ok());
  for (int i = 0; i < 100; ++i) {
    replies.feed(std::string(1000, 'x'));
    const Result<std::optional<RedisReply>> reply = replies.next(kMost);
    if (reply.ok()) continue;
    EXPECT_EQ(reply.error().kind, ErrorKind::too_large);
    return;
  }
  FAIL() << "it takes whatever comes";
}

TEST(RedisRepliesTest, TheListThatIsCutOffIsFreed) {  // as the address sanitizer would tell
  RedisReplies replies;
  replies.feed("*3\r\n$1\r\na\r\n*2\r\n$1\r\nb\r\n");
  EXPECT_TRUE(replies.next(kMost).ok());
}

TEST(RedisSlotTest, IsWhatServersTakeItFor) {  // by CLUSTER KEYSLOT
  EXPECT_EQ(redis_slot("123456789"), 12739);
  EXPECT_EQ(redis_slot("foo"), 12182);
  EXPECT_EQ(redis_slot("a{foo}b"), 12182);
  EXPECT_EQ(redis_slot(""), 0);
}

TEST(RedisErrorTest, KindsAreToldApart) {
  EXPECT_EQ(redis_error("READONLY You can't write against a read only replica.").kind, ErrorKind::denied);
  EXPECT_EQ(redis_error("NOAUTH Authentication required.").kind, ErrorKind::denied);
  EXPECT_EQ(redis_error("OOM command not allowed").kind, ErrorKind::no_space);
  EXPECT_EQ(redis_error("ERR unknown command").kind, ErrorKind::io);
}

TEST(RedisCommandTest, LengthsAreInBytes) {
  std::string out;
  append_redis_command(out, {"GET", std::string_view("\0\r\n", 3)});
  EXPECT_EQ(out, std::string("*2\r\n$3\r\nGET\r\n$3\r\n\0\r\n\r\n", 22));
}

}  // namespace
}  // namespace compiler_cache
