#include "helper/extra_roots.h"

#include <algorithm>
#include <utility>

#include "helper/config.h"
#include "helper/graph.h"
#include "helper/graph_codec.h"
#include "helper/offline_sessions.h"
#include "helper/session_content.h"
#include "helper/session_folder.h"
#include "helper/shared_folder.h"
#include "helper/store.h"
#include "helper/tree_state_codec.h"
#include "helper/variant_codec.h"

namespace compiler_cache {
namespace {

/// Folders above a build tree that are looked at.
constexpr int kMaxDepth = 512;

std::string cache_folder(const std::string& root) { return root + "/" + kTreeFolderName; }

bool same_file(const FileStat& a, const FileStat& b) { return a.device == b.device && a.inode == b.inode; }

/// Whether `path` is `folder` or lies below it, by what the folders are and not by how they are spelled.
Result<bool> is_within(FileSystem& files, std::string path, const FileStat& folder) {
  auto here = files.stat(path);
  for (int depth = 0; depth < kMaxDepth; ++depth) {
    if (!here) return here.error();
    if (same_file(here.value(), folder)) return true;
    path += "/..";
    auto above = files.stat(path);
    if (above.ok() && same_file(above.value(), here.value())) return false;  // the root of everything
    here = std::move(above);
  }
  return Error{ErrorKind::too_large, path + " is too deep"};
}

/// The whole state of a session that somebody else may be collecting: its digest says whether we got it all.
Result<SessionContent> read_finished(FileSystem& files, const std::string& folder, const SessionName& name) {
  const SessionName lock{name.id, SessionNameKind::lock, {}};
  const auto held = files.lock_existing(folder + "/" + lock.text());
  if (!held && held.error().kind == ErrorKind::exists) return held.error();
  auto content = read_session(files, folder + "/" + name.text());
  if (!content) return content;
  if (content->newer) return Error{ErrorKind::unsupported, name.text() + " was written by a newer version"};
  if (content->intact() && content->digest() == name.digest) return content;
  return Error{ErrorKind::corrupt, name.text() + " is damaged"};
}

}  // namespace

// ---- selecting

ExtraRootSelection select_extra_roots(FileSystem& files, const std::string& build_root,
                                      const std::vector<std::string>& configured, std::uint32_t uid) {
  ExtraRootSelection selection;
  std::vector<FileStat> taken;
  if (const auto own = files.stat(cache_folder(build_root)); own.ok()) taken.push_back(own.value());
  const auto tree = files.stat(build_root);
  for (const std::string& root : configured) {
    const auto skip = [&](const std::string& why) {
      selection.notes.push_back("extra root " + root + " is not used: " + why);
    };
    const auto folder = files.stat(root);
    const auto cache = files.stat(cache_folder(root));
    if (!folder || !cache) {
      skip((folder ? cache : folder).error().message);
      continue;
    }
    const auto inside = tree.ok() ? is_within(files, root, tree.value()) : Result<bool>(tree.error());
    const auto around = is_within(files, build_root, folder.value());
    const Status usable = check_shared_folder(files, cache_folder(root), uid);
    const bool known = std::any_of(taken.begin(), taken.end(),
                                   [&](const FileStat& other) { return same_file(other, cache.value()); });
    if (!inside || !around) {
      skip((inside ? around : inside).error().message);
    } else if (inside.value() || around.value()) {
      skip("it is this tree, or inside or around it");
    } else if (known) {
      skip("it is there already, under another name");
    } else if (!usable.ok()) {
      skip(usable.error().message);
    } else if (selection.accepted.size() == kMaxExtraRoots) {
      skip("there are " + std::to_string(kMaxExtraRoots) + " already");
    } else {
      taken.push_back(cache.value());
      selection.accepted.push_back(root);
    }
  }
  return selection;
}

// ---- reading

/// One tree's knowledge, in tables of its own: what is not used here must not get into what we persist.
struct ExtraRoots::Root {
  Root(FileSystem& files, const Clock& clock, std::string cache_path)
      : path(std::move(cache_path)),
        index(files, clock, paths, contents),
        listings(files, clock, paths),
        graph(paths, contents, index, listings) {}

  Status load(const SessionContent& session) {
    const auto part = session.parts.find(kGraphPart);
    if (part != session.parts.end()) {
      if (Status decoded = decode_graph(part->second.bytes, graph, paths, contents); !decoded.ok())
        return decoded;
    }
    for (const std::string& record : session.journal.records) {
      if (Status replayed = replay_in_graph(record, graph); !replayed.ok()) return replayed;
    }
    return {};
  }

  const std::string path;
  PathTable paths;
  ContentTable contents;
  ContentIndex index;
  FolderListings listings;
  Graph graph;
};

ExtraRoots::ExtraRoots(FileSystem& world, const Clock& clock, std::string build_root,
                       std::vector<std::string> configured, std::uint32_t uid)
    : world_(world),
      clock_(clock),
      build_root_(std::move(build_root)),
      configured_(std::move(configured)),
      uid_(uid) {}

ExtraRoots::~ExtraRoots() = default;

void ExtraRoots::read() {
  if (configured_.empty()) return;
  ExtraRootSelection selection = select_extra_roots(world_, build_root_, configured_, uid_);
  notes_ = std::move(selection.notes);
  for (const std::string& root : selection.accepted) read_root(root);
}

/// The newest session that can be read; the older ones only if that cannot.
void ExtraRoots::read_root(const std::string& path) {
  const std::string cache = cache_folder(path);
  const std::string sessions = cache + "/" + SessionOptions{}.folder;
  std::string why = "it has no finished session";
  for (const SessionName& name : sessions_on_disk(world_, sessions)) {
    if (name.kind != SessionNameKind::finished) continue;
    const auto session = read_finished(world_, sessions, name);
    auto root = std::make_unique<Root>(world_, clock_, cache);
    const Status loaded = session.ok() ? root->load(session.value()) : session.status();
    if (loaded.ok()) {
      roots_.push_back(std::move(root));
      return;
    }
    why = loaded.error().message;
  }
  notes_.push_back("extra root " + path + " is not used: " + why);
}

// ---- using

void ExtraRoots::add_to(Store& store, FileSystem& files) const {
  for (const auto& root : roots_) {
    FolderTierOptions options{HitSource::shared, root->path};
    options.read_only = true;
    store.add_source(std::make_unique<FolderTier>(files, clock_, std::move(options)));
  }
}

std::vector<Variant> ExtraRoots::list(const Digest& context) const {
  std::vector<Variant> all;
  for (const auto& root : roots_) {
    for (Variant& variant : root->graph.variants_of(context)) all.push_back(std::move(variant));
  }
  return all;
}

}  // namespace compiler_cache
