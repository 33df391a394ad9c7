#include "helper/uv_executor.h"

#include <memory>
#include <utility>

namespace compiler_cache {
namespace {

struct Job {
  uv_work_t request{};
  std::function<void()> work;
  std::function<void()> done;
};

struct Delay {
  uv_timer_t timer{};
  std::function<void()> work;
};

}  // namespace

void UvExecutor::run(std::function<void()> work, std::function<void()> done) {
  auto job = std::make_unique<Job>();
  job->work = std::move(work);
  job->done = std::move(done);
  job->request.data = job.get();
  uv_queue_work(
      loop_, &job.release()->request, [](uv_work_t* request) { static_cast<Job*>(request->data)->work(); },
      [](uv_work_t* request, int) {
        const std::unique_ptr<Job> finished(static_cast<Job*>(request->data));
        finished->done();
      });
}

void UvExecutor::after(int milliseconds, std::function<void()> work) {
  auto delay = std::make_unique<Delay>();
  delay->work = std::move(work);
  delay->timer.data = delay.get();
  uv_timer_init(loop_, &delay->timer);
  uv_timer_start(
      &delay.release()->timer,
      [](uv_timer_t* timer) {
        static_cast<Delay*>(timer->data)->work();
        uv_close(reinterpret_cast<uv_handle_t*>(timer), [](uv_handle_t* handle) {
          const std::unique_ptr<Delay> finished(static_cast<Delay*>(handle->data));
        });
      },
      static_cast<std::uint64_t>(milliseconds), 0);
}

}  // namespace compiler_cache
