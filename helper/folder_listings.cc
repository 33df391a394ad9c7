#include "helper/folder_listings.h"

#include "helper/content_index.h"

namespace compiler_cache {

FolderListings::Listing& FolderListings::current(PathId folder) {
  std::unique_ptr<Listing>& slot = listings_[folder];
  if (!slot) slot = std::make_unique<Listing>();
  Listing& listing = *slot;
  if (listing.epoch == epoch_) return listing;
  listing.epoch = epoch_;
  if (watches_ != nullptr && watches_->trusts_folder(folder)) return listing;
  const bool watched = watches_ != nullptr && watches_->watch_folder(folder);
  look(folder, listing);
  if (watched && listing.state != State::unreadable) watches_->trust_folder(folder);
  return listing;
}

void FolderListings::look(PathId folder, Listing& listing) {
  Result<FileStat> now = files_.stat(paths_[folder]);
  if (!now.ok()) {
    const ErrorKind kind = now.error().kind;
    listing.state = kind == ErrorKind::not_found ? State::missing : State::unreadable;
    listing.names.clear();
    return;
  }
  if (now->type != FileType::folder) {
    listing.state = State::no_folder;
    listing.names.clear();
    return;
  }
  const bool trusted = listing.state == State::listed && listing.stat.same_version(*now) &&
                       !changed_since(*now, listing.listed_at_ns - 2 * clock_.file_tick_ns());
  if (!trusted) {
    listing.stat = *now;
    read(folder, listing);
  }
}

void FolderListings::read(PathId folder, Listing& listing) {
  listing.names.clear();
  listing.has_gch = false;
  listing.listed_at_ns = clock_.file_now_ns();
  Result<std::vector<FolderEntry>> entries = files_.list(paths_[folder]);
  if (!entries.ok()) {
    listing.state = entries.error().kind == ErrorKind::not_found ? State::missing : State::unreadable;
    return;
  }
  listing.state = State::listed;
  for (FolderEntry& entry : *entries) {
    listing.has_gch = listing.has_gch || entry.name.ends_with(".gch");
    listing.names.insert(std::move(entry.name));
  }
}

bool FolderListings::has_entry(PathId folder, std::string_view name) {
  const Listing& listing = current(folder);
  switch (listing.state) {
    case State::missing:
    case State::no_folder:
      return false;
    case State::unreadable:
      return true;
    case State::listed:
      break;
  }
  return name == "." || name == ".." || listing.names.contains(name);
}

bool FolderListings::has_precompiled_header(PathId folder) {
  const Listing& listing = current(folder);
  return listing.state == State::unreadable || (listing.state == State::listed && listing.has_gch);
}

bool FolderListings::exists(PathId folder) {
  const State state = current(folder).state;
  return state != State::missing && state != State::no_folder;
}

bool FolderListings::leads_somewhere(PathId path) { return current(path).state != State::missing; }

}  // namespace compiler_cache
