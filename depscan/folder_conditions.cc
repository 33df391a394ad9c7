#include "depscan/folder_conditions.h"

#include <algorithm>
#include <array>
#include <utility>

#include "depscan/text_bytes.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

enum class AtomKind {
  question,  ///< whether a macro is defined
  zero,
  number,
  name,  ///< of a macro, which may be 0, too, or anything else
  other,
};

struct Atom {
  AtomKind kind = AtomKind::other;
  std::string_view name = {};
  bool negated = false;
};

bool is_word(std::string_view text) {
  return !text.empty() && !is_digit(text.front()) && word_end(text, 0) == text.size();
}

Atom atom_of(std::string_view text) {
  text = without_blanks(text);
  if (text == "0") return {AtomKind::zero};
  if (!text.empty() && is_digit(text.front()) && word_end(text, 0) == text.size()) return {AtomKind::number};
  // C++ and later C hold it to be so; no macro says it.
  if (text == "true") return {};
  if (is_word(text)) return {AtomKind::name, text};
  bool negated = false;
  for (; text.starts_with('!'); text = without_blanks(text.substr(1))) negated = !negated;
  constexpr std::string_view kDefined = "defined";
  if (!text.starts_with(kDefined) || word_end(text, 0) != kDefined.size()) return {};
  text = without_blanks(text.substr(kDefined.size()));
  if (text.starts_with('(') && text.ends_with(')')) text = without_blanks(text.substr(1, text.size() - 2));
  return is_word(text) ? Atom{AtomKind::question, text, negated} : Atom{};
}

std::vector<Atom> atoms_between(std::string_view text, std::string_view by) {
  std::vector<Atom> atoms;
  for (std::size_t at; (at = text.find(by)) != kNone; text.remove_prefix(at + by.size()))
    atoms.push_back(atom_of(text.substr(0, at)));
  atoms.push_back(atom_of(text));
  return atoms;
}

/// Whether the text has parentheses around more than a macro's name.
bool is_nested(std::string_view text) {
  for (std::size_t at = 0; (at = text.find('(', at)) != kNone; ++at) {
    const std::size_t end = text.find_first_of("()&|?", at + 1);
    if (end == kNone || text[end] != ')') return true;
  }
  return false;
}

bool has_operator_in_words(std::string_view text) {
  constexpr auto kWords = std::to_array<std::string_view>({"and", "or"});
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return has_whole_word(text, word); });
}

void add(std::vector<DefinedCondition>& conditions, std::string_view name, bool defined) {
  if (defined && may_be_unlisted(name)) return;
  conditions.push_back({name_hash(name), defined});
}

std::size_t count(const std::vector<Atom>& atoms, AtomKind kind) {
  return static_cast<std::size_t>(
      std::count_if(atoms.begin(), atoms.end(), [kind](const Atom& atom) { return atom.kind == kind; }));
}

}  // namespace

bool may_be_unlisted(std::string_view name) {
  if (!name.starts_with('_')) return false;
  for (const std::string_view library : {"_GLIBCXX_", "_LIBCPP_"}) {
    if (name.starts_with(library)) return false;
  }
  return std::find(kListedNames.begin(), kListedNames.end(), name) == kListedNames.end();
}

Condition condition_on_name(std::string_view name, bool defined) {
  Condition condition;
  add(condition.holds.conditions, name, defined);
  add(condition.otherwise, name, !defined);
  return condition;
}

Condition condition_of(std::string_view text) {
  Condition condition;
  const bool any = text.find("||") != kNone;
  if (is_nested(text) || text.find_first_of("?',\"") != kNone || has_operator_in_words(text))
    return condition;
  if (any && text.find("&&") != kNone) return condition;
  const std::vector<Atom> atoms = atoms_between(text, any ? "||" : "&&");
  const std::size_t names = count(atoms, AtomKind::name);
  if (count(atoms, AtomKind::other) > 0 || names > 1) return condition;
  if (names == 1) {
    // If it is not defined it is 0.
    for (const Atom& atom : atoms) {
      if (atom.kind == AtomKind::name && !any) add(condition.holds.conditions, atom.name, true);
    }
    return condition;
  }
  if (!any) condition.holds.never = count(atoms, AtomKind::zero) > 0;
  for (const Atom& atom : atoms) {
    if (atom.kind != AtomKind::question) continue;
    if (!any) add(condition.holds.conditions, atom.name, !atom.negated);
    // When an "or" does not hold, none of its parts does.
    if (any || atoms.size() == 1) add(condition.otherwise, atom.name, atom.negated);
  }
  return condition;
}

}  // namespace compiler_cache
