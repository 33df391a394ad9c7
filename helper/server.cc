#include "helper/server.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "helper/build_handles.h"
#include "helper/deletion_watch.h"
#include "helper/exchange.h"
#include "helper/memory_use.h"
#include "helper/messages.h"
#include "helper/own_program.h"
#include "helper/process_list.h"
#include "helper/process_runner.h"
#include "helper/real_file_system.h"
#include "helper/tree_cache.h"
#include "helper/uv_builds.h"
#include "helper/uv_connection.h"
#include "helper/uv_executor.h"
#include "helper/uv_listener.h"
#include "helper/uv_owners.h"
#include "helper/uv_process_ends.h"
#include "helper/uv_remote.h"
#include "protocol/protocol.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kMaxConnections = 4096;

/// How often the helper looks whether its tree still stands, and writes counters to the journal.
constexpr std::uint64_t kTickMs = 2000;
/// A client that sends half a frame, or nothing, is hung up on after this long.
constexpr std::uint64_t kFirstFrameMs = 10'000;
/// After a build, time for an `rm -rf build` right behind it to show.
constexpr std::uint64_t kSettleMs = 300;
/// A tree that stirs is waited for this often, then written to all the same.
constexpr int kMaxSettles = 30;
/// A request waits this long for what the cache knows to be loaded; a launcher waits longer for its answer.
constexpr std::uint64_t kLoadWaitMs = 3000;
static_assert(kLoadWaitMs < protocol::kAnswerTimeoutMs);
/// Until the end of a build is noticed that has ended.
constexpr int kEndedSoonMs = 5;
/// At the end, what is under way gets this long.
constexpr std::uint64_t kEndLimitMs = 5000;

class Server {
 public:
  Server(const ServeOptions& options, std::string folder_path, FileSystem& world, FileSystem& folder,
         Config config)
      : options_(options),
        folder_path_(std::move(folder_path)),
        world_(world),
        folder_(folder),
        executor_(&loop_),
        cache_({world, folder, system_clock(), executor_, real_process_runner(),
                [this] { return build_handles_.all_ended(); }, make_watch_source(),
                [this](const RemoteTarget& target) { return make_remote_client(&loop_, target); },
                process_environment(), UvListener::descriptor_limit()},
               std::move(config), folder_path_, static_cast<std::uint32_t>(getpid())) {}

  int run(int listener) {
    if (!begin_loop(&loop_, listener)) {
      close(listener);
      folder_.remove(protocol::kSocketName).ok();
      cache_.events.write("no-event-loop", {});
      return 1;
    }
    listener_ = std::make_unique<UvListener>(
        &loop_, listener,
        UvListener::Handlers{
            [this](int socket) { accept_one(socket); },
            [this] { cache_.note_once("somebody was turned away: too few files may be open (ulimit -n)"); }});
    builds_ = std::make_unique<UvBuilds>(
        &loop_, processes_, cache_.counters, cache_.history, cache_.events, system_clock(), build_handles_,
        processes_.real_path(options_.build_root), [this] { build_ending(); }, [this] { builds_ended(); });
    cache_.events.write("spawn", {{"version", std::string_view(COMPILER_CACHE_VERSION)},
                                  {"parent", static_cast<std::uint64_t>(getppid())}});
    start_handles();
    if (!listener_->can_listen()) end("socket-not-watched");
    uv_run(&loop_, UV_RUN_DEFAULT);
    uv_loop_close(&loop_);
    return 0;
  }

 private:
  struct Peer {
    std::shared_ptr<UvConnection> connection;
    std::shared_ptr<Exchange> exchange;
    std::optional<CompileRequest> waiting;  ///< for what the cache knows to be loaded
    bool foreign = false;                   ///< another user's
  };

  template <class Handle>
  static Server& of(Handle* handle) {
    return *static_cast<Server*>(handle->data);
  }

  void start_handles() {
    for (uv_timer_t* timer : {&tick_timer_, &idle_timer_, &settle_timer_, &end_timer_, &load_timer_}) {
      uv_timer_init(&loop_, timer);
      timer->data = this;
    }
    uv_timer_start(
        &tick_timer_, [](uv_timer_t* timer) { of(timer).tick(); }, kTickMs, kTickMs);
    restart_idle_timer();
    const std::array<int, 3> signals{SIGTERM, SIGINT, SIGHUP};
    for (std::size_t i = 0; i < signals.size(); ++i) {
      uv_signal_init(&loop_, &signals_[i]);
      signals_[i].data = this;
      uv_signal_start(
          &signals_[i], [](uv_signal_t* handle, int) { of(handle).end("signal"); }, signals[i]);
    }
    if (options_.owner_pid > 0 && !owners_.add(options_.owner_pid)) end("owner-exit");
  }

  // ---- Connections

  void accept_one(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    const bool known = getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
    // The superuser may ask and order, as `sudo ninja cache-stats` does, but gets no object from here.
    const bool foreign = peer.uid != own_user_;
    if (!known || (foreign && peer.uid != 0) || peers_.size() >= kMaxConnections) {
      // The launcher sees the connection end, and compiles.
      close(socket);
      return;
    }
    auto connection = std::make_shared<UvConnection>(
        &loop_, socket, peer.pid, inputs_, process_ends_,
        UvConnection::Handlers{[this](UvConnection& from, std::string_view body) { on_frame(from, body); },
                               [this](UvConnection& from) { on_closed(from); }});
    peers_.emplace(connection.get(), Peer{connection, nullptr, {}, foreign});
    restart_idle_timer();
    connection->start();
  }

  void on_closed(UvConnection& connection) {
    auto found = peers_.find(&connection);
    if (found == peers_.end()) return;
    const Peer peer = std::move(found->second);
    peers_.erase(found);
    if (peer.exchange) peer.exchange->on_gone(connection.was_cut_off());
    restart_idle_timer();
    listener_->resume();
  }

  void on_frame(UvConnection& from, std::string_view body) {
    auto found = peers_.find(&from);
    if (found == peers_.end()) return;
    Peer& peer = found->second;
    Result<Message> message = decode_message(body);
    if (!message.ok()) {
      cache_.log.warn(message.error().message);
      if (!peer.exchange) {
        cache_.when_loaded(
            Need::light, [this] { cache_.counters.add(RequestResult::error(ErrorReason::bad_request), 0); });
      }
      return from.close();
    }
    if (auto* request = std::get_if<CompileRequest>(&*message)) return on_compile(peer, std::move(*request));
    if (auto* control = std::get_if<ControlRequest>(&*message)) return on_control(peer.connection, *control);
    if (std::holds_alternative<VersionMismatch>(*message)) {
      bypass(from, BypassReason::version_mismatch);
      if (own_program_.is_replaced()) end("replaced");
      return;
    }
    if (!peer.exchange) return from.close();
    const std::shared_ptr<Exchange> exchange = peer.exchange;
    if (auto* report = std::get_if<CompileReport>(&*message)) exchange->on_compiled(std::move(*report));
    if (auto* declined = std::get_if<Declined>(&*message)) exchange->on_declined(declined->detail);
  }

  void bypass(UvConnection& connection, BypassReason reason, std::uint32_t flags = 0) {
    connection.send(encode_run(name_of(reason)), {});
    RequestResult result = RequestResult::bypassed(reason);
    result.step = step_of(flags);
    const std::uint64_t build = ending_ ? 0 : builds_->build_of(connection.pid());
    cache_.when_loaded(Need::light, [this, result, build] { cache_.count(result, build, {}); });
  }

  void on_compile(Peer& peer, CompileRequest request) {
    if (peer.exchange) return peer.connection->close();
    if (ending_) return bypass(*peer.connection, BypassReason::stopping, request.flags);
    if (peer.foreign) return bypass(*peer.connection, BypassReason::other_user, request.flags);
    // A launcher that waited too long has recorded so, and gone on without us.
    if (peer.connection->peer_has_ended()) return peer.connection->close();
    Result<bool> same = processes_.sees_same_files(peer.connection->pid(), request.root);
    if (!same.ok() || !*same) return bypass(*peer.connection, BypassReason::other_namespace, request.flags);
    if (cache_.loaded(Need::full)) return begin_exchange(peer, std::move(request));
    peer.waiting = std::move(request);
    if (!uv_is_active(reinterpret_cast<uv_handle_t*>(&load_timer_))) {
      uv_timer_start(
          &load_timer_, [](uv_timer_t* timer) { of(timer).begin_waiting(); }, kLoadWaitMs, 0);
    }
    cache_.when_loaded(Need::full, [this] { begin_waiting(); });
  }

  /// Loaded, or waited for too long: then they compile.
  void begin_waiting() {
    std::vector<UvConnection*> waiting;
    for (const auto& [connection, peer] : peers_) {
      if (peer.waiting) waiting.push_back(connection);
    }
    for (UvConnection* connection : waiting) {
      const auto found = peers_.find(connection);
      if (found == peers_.end() || !found->second.waiting) continue;
      Peer& peer = found->second;
      CompileRequest request = std::move(*peer.waiting);
      peer.waiting.reset();
      if (cache_.loaded(Need::full)) {
        begin_exchange(peer, std::move(request));
      } else {
        peer.connection->send(encode_run(name_of(MissReason::not_ready)), {});
        RequestResult result = RequestResult::miss(MissReason::not_ready);
        result.step = step_of(request.flags);
        cache_.when_loaded(Need::light, [this, result] { cache_.count(result, builds_->newest(), {}); });
      }
    }
  }

  void begin_exchange(Peer& peer, CompileRequest request) {
    if (ending_) return bypass(*peer.connection, BypassReason::stopping, request.flags);
    // What was recorded before this build is not its own.
    if (!builds_->running()) fold_bypassed_calls();
    const std::uint64_t build = builds_->build_of(peer.connection->pid());
    // What the objects of an archive are was said by launchers that have just ended.
    if (step_of(request.flags) != StepKind::compile) take_last_words();
    unsettle();
    peer.exchange =
        std::make_shared<Exchange>(cache_, *peer.connection, build, builds_->is_held(build) ? build : 0);
    const std::shared_ptr<Exchange> exchange = peer.exchange;
    exchange->on_compile(std::move(request));
  }

  // ---- Control

  void on_control(const std::shared_ptr<UvConnection>& to, const ControlRequest& request) {
    const auto answer = [to](bool ok, const std::string& payload) {
      to->send(encode_answer(ok, payload), {});
      to->close();
    };
    if (request.command == "ping") return answer(true, {});
    if (request.command == "stop") {
      end("stopped", [answer] { answer(true, {}); });
      return;
    }
    if (request.command == "owner") {
      return answer(!request.arguments.empty() && owners_.add(process_id(request.arguments[0])), {});
    }
    const Need need = need_of(request.command);
    if (need == Need::nothing) return answer(false, "unknown command: " + request.command);
    if (request.command == "status" && !cache_.loaded(Need::light)) {
      // How long it has taken so far is what is asked for.
      cache_.when_loaded(Need::light, [] {});
      return answer(true, status().encode());
    }
    // Its tool is gone, of which nobody has told us yet.
    if (request.command == "history" && builds_->running() && build_handles_.all_ended())
      return executor_.after(kEndedSoonMs, [this, to, request] { on_control(to, request); });
    take_last_words();
    cache_.when_loaded(need, [this, answer, request] {
      // What is still being looked at belongs to the figures.
      cache_.when_settled([this, answer, request] { answer_control(answer, request); });
    });
  }

  using Answer = std::function<void(bool ok, const std::string& payload)>;

  void answer_control(const Answer& answer, const ControlRequest& request) {
    if (request.command == "stats") {
      fold_bypassed_calls();
      answer(true, cache_.counters.encode());
    } else if (request.command == "history") {
      fold_bypassed_calls();
      cache_.write_history([answer](const Status& written) {
        answer(written.ok(), written.ok() ? std::string() : written.error().message);
      });
    } else if (request.command == "status") {
      cache_.measure([this, answer] { answer(true, status().encode()); });
    } else {
      const bool shared = !request.arguments.empty() && request.arguments[0] == "shared";
      const Status cleared = cache_.clear(shared);
      cache_.events.write("clear", {{"shared", static_cast<std::uint64_t>(shared)}});
      answer(cleared.ok(), cleared.ok() ? std::string() : cleared.error().message);
    }
  }

  StatusReport status() const {
    StatusReport report;
    report.running = true;
    report.version = COMPILER_CACHE_VERSION;
    report.pid = static_cast<std::uint32_t>(getpid());
    report.since = began_seconds_;
    builds_->fill(report);
    cache_.fill(report);
    return report;
  }

  /// Events come in no particular order: a build's end, or a question about it, may come before what its
  /// launchers said last.
  void take_last_words() {
    std::vector<std::shared_ptr<UvConnection>> open;
    for (const auto& [connection, peer] : peers_) {
      if (peer.exchange) open.push_back(peer.connection);
    }
    for (const auto& connection : open) connection->read_available();
    process_ends_.take_ended();
  }

  void fold_bypassed_calls() { cache_.fold_bypassed_calls(builds_ ? builds_->newest() : 0); }

  // ---- Builds

  void build_ending() {
    take_last_words();
    fold_bypassed_calls();
  }

  void builds_ended() {
    if (ending_) return;
    cache_.set_quiet(true);
    deletion_watch_.start(options_.build_root);
    settles_ = 0;
    wait_to_settle();
  }

  void wait_to_settle() {
    uv_timer_start(
        &settle_timer_, [](uv_timer_t* timer) { of(timer).settled(); }, kSettleMs, 0);
  }

  void settled() {
    if (!still_stands(folder_, world_, folder_path_)) return end("tree-removed");
    if (deletion_watch_.stirred() && ++settles_ < kMaxSettles) return wait_to_settle();
    unsettle();
    cache_.when_settled([this] {
      if (builds_->running() || ending_) return;
      fold_bypassed_calls();
      cache_.publish();
      cache_.remote_build_ended();
      cache_.write_history([](const Status&) { give_back_memory(); });
      cache_.collect_if_due();
    });
  }

  void unsettle() {
    uv_timer_stop(&settle_timer_);
    deletion_watch_.stop();
    cache_.set_quiet(false);
  }

  // ---- Life

  void restart_idle_timer() {
    if (cache_.config.idle_timeout_s == 0 || ending_) return;
    uv_timer_start(
        &idle_timer_,
        [](uv_timer_t* timer) {
          Server& server = of(timer);
          if (server.peers_.empty() && !server.builds_->running()) return server.end("idle");
          server.restart_idle_timer();
        },
        cache_.config.idle_timeout_s * 1000, 0);
  }

  void tick() {
    listener_->resume();
    if (!still_stands(folder_, world_, folder_path_)) return end("tree-removed");
    cache_.tick_remote();
    if (builds_->running()) {
      cache_.checkpoint();
      cache_.publish_if_due();
    } else if (peers_.empty() && own_program_.is_replaced()) {
      return end("replaced");  // the next launcher starts the new one
    }
    const std::uint64_t now = uv_now(&loop_);
    std::vector<std::shared_ptr<UvConnection>> silent;
    for (const auto& [connection, peer] : peers_) {
      const bool waiting = !peer.exchange || connection->has_partial_frame();
      if (waiting && now - connection->active_at() > kFirstFrameMs) silent.push_back(peer.connection);
    }
    for (const auto& connection : silent) connection->close();
  }

  void end(const std::string& why, std::function<void()> published = {}) {
    if (published) when_published_.push_back(std::move(published));
    if (std::exchange(ending_, true)) return;
    end_reason_ = why;
    ending_since_us_ = system_clock().monotonic_us();
    listener_->stop();
    // Who comes now finds no socket, and starts a new helper as soon as this one has let go of the lock.
    folder_.remove(protocol::kSocketName).ok();
    uv_timer_start(
        &end_timer_, [](uv_timer_t* timer) { of(timer).finish(); }, kEndLimitMs, 0);
    build_handles_.clear();  // what is written from here on is not left for later
    if (why != "tree-removed") {
      // What was held back may be so since a build's process ended, of which nobody has told us yet.
      cache_.set_quiet(true);
      cache_.set_quiet(false);
    }
    cache_.stop_loading(
        [this] { cache_.when_settled([this] { cache_.when_remote_is_done([this] { finish(); }); }); });
  }

  void finish() {
    if (std::exchange(finished_, true)) return;
    if (end_reason_ != "tree-removed") {
      fold_bypassed_calls();
      process_ends_.close();
      cache_.end();
      folder_.remove(protocol::kStalledName)
          .ok();  // what a launcher met here says nothing of the next helper
      const bool all = cache_.loaded(Need::full);
      const Graph::Lookups lookups = all ? cache_.graph.lookups() : Graph::Lookups{};
      cache_.events.write(
          end_reason_,
          {{"requests", cache_.counters.total().requests()},
           {"contexts", all ? cache_.graph.context_count() : 0},
           {"cold", lookups.cold},
           {"warm", lookups.warm},
           {"stale", lookups.stale},
           {"ms", static_cast<std::uint64_t>(system_clock().monotonic_us() - ending_since_us_) / 1000}});
    }
    for (const auto& call : when_published_) call();
    close_handles();
  }

  void close_handles() {
    std::vector<std::shared_ptr<UvConnection>> connections;
    for (const auto& [connection, peer] : peers_) connections.push_back(peer.connection);
    for (const auto& connection : connections) connection->close();
    builds_->close();
    deletion_watch_.stop();
    uv_walk(
        &loop_,
        [](uv_handle_t* handle, void* server) {
          if (handle->data == server && !uv_is_closing(handle)) uv_close(handle, nullptr);
        },
        this);
    listener_->close();
    process_ends_.close();
    owners_.close();
  }

  const ServeOptions& options_;
  const std::string folder_path_;
  FileSystem& world_;
  FileSystem& folder_;
  const uid_t own_user_ = geteuid();
  const std::uint64_t began_seconds_ = static_cast<std::uint64_t>(system_clock().wall_seconds());

  uv_loop_t loop_{};
  UvExecutor executor_;
  ProcProcessList processes_;
  BuildHandles build_handles_;
  TreeCache cache_;
  std::unique_ptr<UvBuilds> builds_;
  UvProcessEnds process_ends_{&loop_};
  UvOwners owners_{&loop_, [this] { end("owner-exit"); }};
  const OwnProgram own_program_{world_, folder_path_ + "/" + protocol::kHelperName};
  DeletionWatch deletion_watch_;
  std::unordered_map<UvConnection*, Peer> peers_;

  std::unique_ptr<UvListener> listener_;
  const std::shared_ptr<UvConnection::Inputs> inputs_ = std::make_shared<UvConnection::Inputs>();
  uv_timer_t tick_timer_{};
  uv_timer_t idle_timer_{};
  uv_timer_t settle_timer_{};
  uv_timer_t end_timer_{};
  uv_timer_t load_timer_{};
  std::array<uv_signal_t, 3> signals_{};

  int settles_ = 0;
  bool ending_ = false;
  bool finished_ = false;
  std::string end_reason_;
  std::int64_t ending_since_us_ = 0;
  std::vector<std::function<void()>> when_published_;
};

}  // namespace

int run_server(const ServeOptions& options, FileSystem& world, FileSystem& folder, int listener) {
  Result<Config> config = load_config(world, options.build_root);
  Server server(options, options.build_root + "/" + kTreeFolderName, world, folder,
                config.ok() ? std::move(*config) : Config{});
  return server.run(listener);
}

}  // namespace compiler_cache
