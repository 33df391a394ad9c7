#include "helper/publications.h"

#include <gtest/gtest.h>

#include "helper/hasher.h"
#include "tests/unit/inline_executor.h"

namespace compiler_cache {
namespace {

class PublicationsTest : public testing::Test {
 protected:
  std::function<void()> count() {
    return [this] { ++called_; };
  }

  InlineExecutor executor_;
  std::shared_ptr<Publications> publications_ = std::make_shared<Publications>(executor_);
  const Digest context_ = hash_bytes("context");
  int called_ = 0;
};

TEST_F(PublicationsTest, WithoutOneNobodyWaits) {
  publications_->wait(context_, 10, count());
  EXPECT_EQ(called_, 1);
}

TEST_F(PublicationsTest, ThoseWhoWaitAreCalledWhenTheLastOneEnds) {
  Publications::Token first = publications_->begin(context_);
  Publications::Token second = publications_->begin(context_);
  publications_->wait(context_, 10, count());
  first.reset();
  EXPECT_EQ(called_, 0);
  EXPECT_TRUE(publications_->pending(context_));
  second.reset();
  EXPECT_EQ(called_, 1);
  EXPECT_FALSE(publications_->pending(context_));
  executor_.run_later();  // the time is over, too: not called twice
  EXPECT_EQ(called_, 1);
}

TEST_F(PublicationsTest, NobodyWaitsForever) {
  const Publications::Token token = publications_->begin(context_);
  publications_->wait(context_, 10, count());
  ASSERT_EQ(executor_.later().size(), 1U);
  EXPECT_EQ(executor_.later()[0].milliseconds, 10);
  executor_.run_later();
  EXPECT_EQ(called_, 1);
}

TEST_F(PublicationsTest, OtherContextsAreNotHeldUp) {
  const Publications::Token token = publications_->begin(context_);
  publications_->wait(hash_bytes("another"), 10, count());
  EXPECT_EQ(called_, 1);
}

TEST_F(PublicationsTest, ATokenMayOutliveTheRegister) {
  Publications::Token token = publications_->begin(context_);
  publications_.reset();
  token.reset();
  EXPECT_EQ(called_, 0);
}

}  // namespace
}  // namespace compiler_cache
