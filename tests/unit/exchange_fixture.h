// A tree on a fake disk with its cache, a compiler and a launcher that are played: whole exchanges, from a
// request to what is counted.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "helper/codec.h"
#include "helper/exchange.h"
#include "helper/path_text.h"
#include "protocol/protocol.h"
#include "tests/unit/fake_compiler.h"
#include "tests/unit/fake_file_system.h"
#include "tests/unit/fake_watches.h"
#include "tests/unit/inline_executor.h"
#include "tests/unit/stepped_clock.h"

namespace compiler_cache {

/// The launcher's end: what was said to it.
class FakeClient final : public Client {
 public:
  struct Reply {
    std::string body;
    std::vector<std::shared_ptr<OpenFile>> files;
  };

  void send(const std::string& body, std::vector<std::shared_ptr<OpenFile>> files) override {
    replies.push_back({body, std::move(files)});
  }
  void close() override {}
  pid_t pid() const override { return 4242; }
  bool when_process_ends(std::function<void(bool ended)> then) override {
    if (ends_are_known) on_end = std::move(then);
    return ends_are_known;
  }

  bool ends_are_known = false;
  std::function<void(bool ended)> on_end;

  /// 0 when nothing was said.
  std::uint64_t last_type() const {
    std::uint64_t type = 0;
    if (!replies.empty()) {
      if (Result<Document> document = Document::parse(replies.back().body); document.ok())
        document->root().at(0).get(type);
    }
    return type;
  }
  /// Field `index` of the last reply, a list of strings.
  std::vector<std::string> strings(std::size_t index) const {
    std::vector<std::string> list;
    const Result<Document> document = Document::parse(replies.back().body);
    const Node node = document->root().at(index);
    for (std::size_t i = 0; i < node.size(); ++i) node.at(i).get(list.emplace_back());
    return list;
  }
  std::string text(std::size_t index) const {
    std::string value;
    const Result<Document> document = Document::parse(replies.back().body);
    document->root().at(index).get(value);
    return value;
  }

  std::vector<Reply> replies;
};

class ExchangeFixture : public testing::Test {
 protected:
  using Arguments = std::vector<std::string>;

  ExchangeFixture() {
    disk_.put_folder("/b/.compiler-cache");
    folder_ = disk_.at("/b/.compiler-cache");
    put("/s/a.cc", "#include \"x.h\"\nint a;\n");
    put("/s/x.h", "int x;\n");
    start_helper();
  }

  void start_helper() {
    Config config;
    config.source_root = "/s";
    config.build_root = "/b";
    config.shared_dir = shared_dir_;
    config.max_size = max_size_;
    config.extra_roots = extra_roots_;
    config.note_prefix = note_prefix_;
    config.notes_instead_of_depfile = notes_instead_of_depfile_;
    config.remotes = remotes_;
    config.remote_project = remote_project_;
    config.remote_mode = remote_mode_;
    config.remote_key_file = remote_key_file_;
    TreeCache::Seams seams{
        disk_, *folder_, clock_, executor_, compiler_.processes, [this] { return build_is_over_; }};
    seams.remote_client = remote_client_;
    if (watched_) seams.watches = std::make_unique<FakeWatches>(*watched_);
    cache_ = std::make_unique<TreeCache>(std::move(seams), config, "/b/.compiler-cache", 77);
    cache_->when_loaded(Need::full, [] {});
  }
  /// As a helper ends and the next one starts.
  void restart_helper() {
    cache_->end();
    cache_.reset();
    start_helper();
  }

  void put(const std::string& path, const std::string& bytes) {
    clock_.tick();
    disk_.put(path, bytes);
    clock_.settle();
  }
  /// The bytes of a file in the build tree; "none" when it is not there.
  std::string built(const std::string& name) {
    const auto files = disk_.files();
    const auto found = files.find("/b/" + name);
    return found == files.end() ? "none" : found->second;
  }

  // ---- the launcher

  struct Launcher {
    std::unique_ptr<FakeClient> client = std::make_unique<FakeClient>();
    std::shared_ptr<Exchange> exchange;
  };

  static Arguments usual() { return {"g++", "-MD", "-MF", "a.d", "-c", "/s/a.cc", "-o", "a.o"}; }

  Launcher ask(const Arguments& argv) {
    Launcher launcher;
    launcher.client->ends_are_known = ends_are_known_;
    launcher.exchange = std::make_shared<Exchange>(*cache_, *launcher.client, build_, build_);
    CompileRequest request;
    request.flags = flags_;
    request.cwd = "/b";
    request.argv = argv;
    request.environment = environment_;
    launcher.exchange->on_compile(std::move(request));
    return launcher;
  }
  /// Everything that a launcher does: "hit", "miss", or "run" with the reason.
  std::string compile(const Arguments& argv = usual()) { return go_on(ask(argv)); }
  std::string go_on(const Launcher& launcher) {
    switch (launcher.client->last_type()) {
      case protocol::kRun:
        return "run " + launcher.client->text(1);
      case protocol::kHit:
        restore(launcher);
        launcher.exchange->on_gone();
        return "hit";
      case protocol::kMiss:
        launcher.exchange->on_compiled(run_as_told(*launcher.client));
        return "miss";
      default:
        return "nothing";
    }
  }
  void restore(const Launcher& launcher) {
    const FakeClient::Reply& reply = launcher.client->replies.back();
    const Result<Document> document = Document::parse(reply.body);
    const Node outputs = document->root().at(4);
    ASSERT_EQ(outputs.size(), reply.files.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      std::string path;
      std::uint64_t size = 0;
      ASSERT_TRUE(outputs.at(i).at(0).get(path) && outputs.at(i).at(1).get(size));
      const std::string bytes = bytes_of(*reply.files[i]);
      EXPECT_EQ(bytes.size(), size);
      put(absolute_path("/b", path), bytes);
    }
  }

  /// What the last reply, a miss, asks for.
  CompileReport run_as_told(const FakeClient& client) {
    CompileReport report = run_compiler(client.strings(1));
    const Arguments scan = client.strings(2);
    if (!scan.empty() && run_compiler(scan).wait_status != 0) report.capture_flags |= protocol::kScanFailed;
    return report;
  }

  // ---- the compiler

  /// Includes in quotes are looked for beside the file and in /usr/include; #error fails, #warning prints.
  CompileReport run_compiler(const Arguments& argv) {
    clock_.settle();
    std::map<std::string, std::string> values;
    std::string input;
    bool lists = false;
    bool compiles = true;
    for (std::size_t i = 1; i < argv.size(); ++i) {
      lists = lists || argv[i] == "-MD" || argv[i] == "-M";
      compiles = compiles && argv[i] != "-M";
      if (argv[i] == "-MF" || argv[i] == "-MT" || argv[i] == "-o") {
        values[argv[i]] = argv[i + 1];
        ++i;
      } else if (!argv[i].starts_with("-")) {
        input = argv[i];
      }
    }
    std::string text;
    std::string read = input;
    preprocess(disk_.files(), absolute_path("/b", input), text, read);
    text += unseen_;
    if (during_compile_) during_compile_();
    CompileReport report;
    report.microseconds = 5'000'000;
    if (text.find("#error") != std::string::npos) {
      report.wait_status = 256;
      report.standard_error = "error\n";
    } else {
      if (text.find("#warning") != std::string::npos) report.standard_error = "warning\n";
      report.standard_error += chatter_;
      if (compiles) disk_.put(absolute_path("/b", values["-o"]), "object of " + text);
      const std::string target = compiles ? values[values.contains("-MT") ? "-MT" : "-o"] : "scanned.o";
      if (lists) disk_.put(absolute_path("/b", values["-MF"]), target + ": " + read + "\n");
    }
    clock_.settle();
    return report;
  }
  static void preprocess(const std::map<std::string, std::string>& files, const std::string& path,
                         std::string& text, std::string& read) {
    const auto file = files.find(path);
    const std::string bytes = file == files.end() ? std::string() : file->second;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t end = std::min(bytes.find('\n', at), bytes.size() - 1);
      const std::string line = bytes.substr(at, end + 1 - at);
      at = end + 1;
      if (!line.starts_with("#include \"")) {
        text += line;
        continue;
      }
      const std::string name = line.substr(10, line.rfind('"') - 10);
      for (const std::string& folder : {folder_of_path(path), std::string("/usr/include")}) {
        if (!files.contains(folder + "/" + name)) continue;
        read += " " + folder + "/" + name;
        preprocess(files, folder + "/" + name, text, read);
        break;
      }
    }
  }

  const Counters& counted() const { return cache_->counters.total(); }
  /// The helper's notes for the status, a line each.
  std::string notes() const {
    StatusReport report;
    cache_->fill(report);
    std::string all;
    for (const std::string& note : report.notes) all += note + "\n";
    return all;
  }

  SteppedClock clock_;
  FakeFileSystem disk_{clock_};
  std::unique_ptr<FakeFileSystem> folder_;
  FakeCompiler compiler_{disk_};
  InlineExecutor executor_;
  std::string shared_dir_;
  std::vector<std::string> extra_roots_;
  std::string note_prefix_;
  std::vector<std::string> remotes_;
  std::string remote_project_;
  std::string remote_key_file_;
  RemoteMode remote_mode_ = RemoteMode::read_write;
  std::function<Result<std::unique_ptr<RemoteClient>>(const RemoteTarget&)> remote_client_;
  bool notes_instead_of_depfile_ = false;
  std::uint64_t max_size_ = Config().max_size;
  std::vector<std::string> environment_{"PATH=/usr/bin"};
  std::uint32_t flags_ = 0;
  bool ends_are_known_ = false;            ///< of launchers that are sent away
  std::optional<FakeWatchWorld> watched_;  ///< for the next helper; else it watches nothing
  bool build_is_over_ = false;             ///< as its process says
  std::uint64_t build_ = 0;
  std::function<void()> during_compile_;
  std::string unseen_;   ///< what the compiler adds to each source, and nobody is told of
  std::string chatter_;  ///< what it says of each
  std::unique_ptr<TreeCache> cache_;
};

}  // namespace compiler_cache
