// The part of TreeCache that gives results to trees in other folders, and takes them.
#include <utility>

#include "helper/tree_cache.h"

namespace compiler_cache {

std::vector<Variant> TreeCache::path_free_variants(const Digest& context) {
  if (!shared_) return {};
  Result<std::vector<Variant>> variants = shared_->list(context);
  if (!variants.ok()) return {};
  std::erase_if(*variants, [&](const Variant& variant) { return is_dropped(context, variant); });
  return std::move(*variants);
}

void TreeCache::share_path_free(const Digest& context, Variant variant,
                                std::optional<CapturedOutput> depfile) {
  if (!shares()) return;
  begin_pending();
  auto stored = std::make_shared<StoredVariant>(StoredVariant{context, std::move(variant)});
  auto blob = std::make_shared<std::optional<CapturedOutput>>(std::move(depfile));
  publishing_.run(
      [this, stored, blob] {
        if (*blob && !store->put((*blob)->digest, (*blob)->bytes).ok()) return;
        if (shared_) shared_->add(stored->context, stored->variant).ok();
      },
      [this, stored] {
        if (remote_) remote_->publish(stored->context, std::move(stored->variant));
        end_pending();
      });
}

}  // namespace compiler_cache
