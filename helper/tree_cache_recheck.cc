// What a recheck has found wrong (recheck.h): dropped, and kept from coming back.
#include <algorithm>
#include <utility>

#include "helper/tree_cache.h"
#include "helper/tree_state_codec.h"

namespace compiler_cache {

void TreeCache::note_once(const std::string& sentence) {
  if (std::find(notes_.begin(), notes_.end(), sentence) == notes_.end()) note(sentence);
}

void TreeCache::drop(const Digest& context, const Variant& variant, const std::string& why) {
  note(why);
  graph.drop(context, variant);
  dropped_[claim_of(context, variant)] = added_;
  forget(std::make_shared<const StoredVariant>(StoredVariant{context, variant}));
}

bool TreeCache::is_dropped(const Digest& context, const Variant& variant) const {
  return !dropped_.empty() && dropped_.contains(claim_of(context, variant));
}

/// A result that was served from memory can be dropped before it has reached the disk.
void TreeCache::forget_if_dropped_since(std::uint64_t number,
                                        const std::shared_ptr<const StoredVariant>& stored) {
  if (dropped_.empty()) return;
  const auto dropped = dropped_.find(claim_of(stored->context, stored->variant));
  if (dropped != dropped_.end() && dropped->second >= number) forget(stored);
}

/// What was written of it comes back with no later helper, here or elsewhere.
void TreeCache::forget(std::shared_ptr<const StoredVariant> stored) {
  if (Result<std::string> encoded = encode_variant(*stored); encoded.ok()) record(kDropRecord + *encoded);
  if (!shared_) return;
  begin_pending();
  auto removed = std::make_shared<Status>();
  executor.run([this, stored, removed] { *removed = shared_->remove(stored->context, stored->variant); },
               [this, removed] {
                 if (!removed->ok())
                   note("a wrong result is still in the shared store: " + removed->error().message);
                 end_pending();
               });
}

}  // namespace compiler_cache
