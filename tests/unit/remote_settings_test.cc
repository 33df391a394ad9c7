#include "helper/remote_settings.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/unit/fake_file_system.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {
namespace {

TEST(RemoteUrlTest, EveryFormIsTakenApart) {
  const Result<RemoteUrl> plain = parse_remote_url("redis://cache.example");
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain->host, "cache.example");
  EXPECT_EQ(plain->port, 6379);
  const Result<RemoteUrl> whole = parse_remote_url("rediss://[::1]:7000/5/");
  EXPECT_FALSE(whole.ok());
  const Result<RemoteUrl> tls = parse_remote_url("rediss://[::1]:7000/5");
  ASSERT_TRUE(tls.ok());
  EXPECT_EQ(tls->scheme, RemoteScheme::redis_tls);
  EXPECT_EQ(tls->host, "::1");
  EXPECT_EQ(tls->port, 7000);
  EXPECT_EQ(tls->database, 5U);
  const Result<RemoteUrl> socket = parse_remote_url("redis+unix:///run/redis.sock?db=2");
  ASSERT_TRUE(socket.ok());
  EXPECT_EQ(socket->path, "/run/redis.sock");
  EXPECT_EQ(socket->database, 2U);
  const Result<RemoteUrl> http = parse_remote_url("https://cache.example:8443/team/cache/");
  ASSERT_TRUE(http.ok());
  EXPECT_EQ(http->path, "/team/cache");
  EXPECT_EQ(http->port, 8443);
  EXPECT_EQ(http->text, "https://cache.example:8443/team/cache");
}

TEST(RemoteUrlTest, WhatCannotBeMeantIsRefused) {
  for (const char* text : {"", "cache.example", "ftp://x", "redis://", "redis://:1", "redis://x:0",
                           "redis://x:70000", "redis://x/db", "http://x/a?b", "http://x/a b",
                           "redis+unix://relative", "redis+unix:///a?x=1", "http://[::1"}) {
    EXPECT_FALSE(parse_remote_url(text).ok()) << text;
  }
}

TEST(RemoteUrlTest, CredentialsInItAreRefusedAndNotRepeated) {
  const Result<RemoteUrl> url = parse_remote_url("redis://me:pass-4711@cache.example");
  ASSERT_FALSE(url.ok());
  EXPECT_EQ(url.error().message.find("pass-4711"), std::string::npos);
}

TEST(NetrcTest, TheMachineThatFitsIsTakenElseTheDefault) {
  const std::string text =
      "machine other login o password op\n"
      "machine cache.example\n  login me\n  password \"with space\" token tok\n"
      "default login anonymous password x\n";
  EXPECT_EQ(find_in_netrc(text, "cache.example")->user, "me");
  EXPECT_EQ(find_in_netrc(text, "cache.example")->password, "with space");
  EXPECT_EQ(find_in_netrc(text, "cache.example")->token, "tok");
  EXPECT_EQ(find_in_netrc(text, "elsewhere")->user, "anonymous");
  EXPECT_FALSE(find_in_netrc("machine other login machine password default", "cache.example"));
  EXPECT_FALSE(find_in_netrc("machine", "x"));
  EXPECT_EQ(find_in_netrc("machine x login", "x")->user, "");
}

class RemoteSettingsTest : public testing::Test {
 protected:
  RemoteSettingsTest() { config_.remotes = {"redis://cache.example"}; }
  Result<RemoteSettings> read() {
    return read_remote_settings(disk_, config_, kOwner,
                                [this](const char* name) -> std::optional<std::string> {
                                  const auto found = environment_.find(name);
                                  if (found == environment_.end()) return std::nullopt;
                                  return found->second;
                                });
  }
  void put(const std::string& path, const std::string& text, std::uint32_t mode) {
    ASSERT_TRUE(disk_.write_new(path, text, mode).ok());
  }

  static constexpr std::uint32_t kOwner = 0;
  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  Config config_;
  std::map<std::string, std::string> environment_;
};

TEST_F(RemoteSettingsTest, TheEnvironmentSaysWhoWeAre) {
  environment_ = {{"COMPILER_CACHE_REMOTE_USER", "me"}, {"COMPILER_CACHE_REMOTE_PASSWORD", "p"}};
  const Result<RemoteSettings> settings = read();
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->targets.at(0).credentials.user, "me");
  EXPECT_EQ(settings->targets.at(0).credentials.password, "p");
}

TEST_F(RemoteSettingsTest, AFileOfCredentialsMustBeOursAlone) {
  config_.remote_credentials_file = "/cred";
  EXPECT_FALSE(read().ok()) << "there is none";
  put("/cred", "machine cache.example login me password p", 0600);
  const Result<RemoteSettings> settings = read();
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings->targets.at(0).credentials.password, "p");
  put("/open", "machine cache.example login me password p", 0644);
  config_.remote_credentials_file = "/open";
  EXPECT_EQ(read().error().kind, ErrorKind::denied);
}

TEST_F(RemoteSettingsTest, ANetrcOfOthersIsPassedOverWithANote) {
  environment_ = {{"HOME", "/home"}};
  disk_.put_folder("/home");
  put("/home/.netrc", "default login me password p", 0644);
  const Result<RemoteSettings> settings = read();
  ASSERT_TRUE(settings.ok());
  EXPECT_TRUE(settings->targets.at(0).credentials.empty());
  EXPECT_EQ(settings->notes.size(), 1U);
}

TEST_F(RemoteSettingsTest, AKeyThatIsAskedForIsNeverDoneWithout) {
  config_.remote_key_file = "/key";
  EXPECT_FALSE(read().ok()) << "there is none";
  put("/key", "0123456789abcdef0123456789abcdef\n", 0600);
  ASSERT_TRUE(read().ok());
  EXPECT_EQ(read()->key, "0123456789abcdef0123456789abcdef");
  put("/short", "0123456789abcde\n", 0600);
  config_.remote_key_file = "/short";
  EXPECT_FALSE(read().ok());
  put("/open", "0123456789abcdef0123456789abcdef\n", 0640);
  config_.remote_key_file = "/open";
  EXPECT_FALSE(read().ok());
}

TEST_F(RemoteSettingsTest, ModesDecideWhoWrites) {
  EXPECT_TRUE(read()->writes);
  config_.remote_mode = RemoteMode::read_only;
  EXPECT_FALSE(read()->writes);
  config_.remote_mode = RemoteMode::write_from_ci;
  EXPECT_FALSE(read()->writes);
  environment_["CI"] = "true";
  EXPECT_TRUE(read()->writes);
  environment_["CI"] = "false";
  EXPECT_FALSE(read()->writes);
}

}  // namespace
}  // namespace compiler_cache
