#include "helper/recorded_tree.h"

#include <cstring>
#include <functional>
#include <list>
#include <string_view>
#include <utility>

#include "helper/content_index.h"
#include "helper/executor.h"
#include "helper/folder_listings.h"
#include "helper/graph.h"
#include "helper/graph_codec.h"
#include "helper/identity_cache.h"
#include "helper/names.h"
#include "helper/offline_sessions.h"
#include "helper/process_runner.h"
#include "helper/session_content.h"
#include "helper/session_folder.h"
#include "helper/tree_state_codec.h"
#include "helper/variant_codec.h"

namespace compiler_cache {
namespace {

/// Nothing is probed here: what is on disk is all there is.
class NoExecutor : public Executor {
 public:
  void run(std::function<void()>, std::function<void()>) override {}
  void after(int, std::function<void()>) override {}
};

class Reader {
 public:
  Reader(FileSystem& files, const Clock& clock)
      : index_(files, clock, paths_, contents_),
        listings_(files, clock, paths_),
        graph_(paths_, contents_, index_, listings_),
        identities_(files, clock, executor_, real_process_runner()),
        searches_(executor_, real_process_runner(), listings_, paths_) {}

  Status read(const SessionContent& session) {
    Status status = read_part(session, kIdentitiesPart, [this](std::string_view bytes) {
      return decode_identities(bytes, identities_);
    });
    if (!status) return status;
    status = read_part(session, kSearchesPart,
                       [this](std::string_view bytes) { return decode_searches(bytes, searches_); });
    if (!status) return status;
    status = read_part(session, kGraphPart, [this](std::string_view bytes) {
      return decode_graph(bytes, graph_, paths_, contents_);
    });
    if (!status) return status;
    if (!session.journal_status) return session.journal_status;
    for (const std::string& record : session.journal.records) {
      if (Status replayed = replay_in_graph(record, graph_); !replayed) return replayed;
    }
    return {};
  }

  /// Leaves nothing to read for others.
  RecordedInputs take_inputs() {
    RecordedInputs recorded;
    graph_.for_each([&](const Digest& context, const std::list<Graph::Entry>& entries) {
      if (entries.empty()) return;
      const Graph::Entry& newest = entries.front();
      RecordedInputs::Unit& unit = recorded.units.emplace_back();
      std::memcpy(&unit.context, context.bytes.data(), sizeof unit.context);
      unit.compile_us = newest.artifact.compile_us;
      for (const Graph::Input& input : newest.inputs) unit.inputs.push_back(input.path);
    });
    recorded.paths = std::move(paths_);
    return recorded;
  }

  RecordedTree take() const {
    RecordedTree tree;
    graph_.for_each([&](const Digest& context, const std::list<Graph::Entry>& entries) {
      RecordedTree::Context recorded{context, {}};
      for (const Graph::Entry& entry : entries) recorded.variants.push_back(graph_.expand(entry));
      tree.contexts.push_back(std::move(recorded));
    });
    for (const auto& [key, entry] : identities_.entries()) tree.identities.push_back(*entry.identity);
    for (const auto& [key, entry] : searches_.entries()) tree.searches.push_back(entry);
    return tree;
  }

 private:
  static Status read_part(const SessionContent& session, const char* name,
                          const std::function<Status(std::string_view)>& decode) {
    const auto part = session.parts.find(name);
    if (part == session.parts.end()) return {};
    return part->second.status ? decode(part->second.bytes) : part->second.status;
  }

  NoExecutor executor_;
  PathTable paths_;
  ContentTable contents_;
  ContentIndex index_;
  FolderListings listings_;
  Graph graph_;
  IdentityCache identities_;
  SearchPathCache searches_;
};

Status read_newest(Reader& reader, FileSystem& files, const std::string& folder) {
  const std::string sessions = folder + "/" + SessionOptions{}.folder;
  const std::vector<SessionName> names = sessions_on_disk(files, sessions);
  if (names.empty()) return Error{ErrorKind::not_found, folder + " has no session"};
  const Result<SessionContent> session = read_session(files, sessions + "/" + names.front().text());
  if (!session) return session.error();
  return reader.read(*session);
}

}  // namespace

Result<RecordedTree> read_recorded_tree(FileSystem& files, const Clock& clock, const std::string& folder) {
  Reader reader(files, clock);
  if (Status read = read_newest(reader, files, folder); !read) return read.error();
  return reader.take();
}

Result<RecordedInputs> read_recorded_inputs(FileSystem& files, const Clock& clock,
                                            const std::string& folder) {
  Reader reader(files, clock);
  if (Status read = read_newest(reader, files, folder); !read) return read.error();
  return reader.take_inputs();
}

}  // namespace compiler_cache
