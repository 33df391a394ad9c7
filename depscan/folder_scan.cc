#include "depscan/folder_scan.h"

#include <algorithm>
#include <utility>

#include "depscan/c_lexing.h"
#include "depscan/folder_conditions.h"
#include "depscan/text_bytes.h"

namespace compiler_cache {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

/// Whether compilers may take the byte for a part of a name. is_word_byte does not.
bool may_go_on(char c) { return c == '$' || c == '\\' || static_cast<unsigned char>(c) >= 0x80; }

/// A guard that leaves something out says less, and so allows more.
constexpr std::size_t kMostGuards = 2000;
constexpr std::size_t kMostConditions = 64;

/// Identifiers and numbers begin alike here: what is pasted together may begin with a digit.
bool begins_word(char c) { return is_word_byte(c); }

/// Goes over text without line splices, token by token as far as that matters.
class FolderScanner {
 public:
  /// `splices`: where some were, in order.
  FolderScanner(std::string_view text, const std::vector<std::size_t>& splices)
      : text_(text), splices_(splices) {
    facts_.guards.emplace_back();
    levels_.push_back({});
  }

  FolderFacts run() {
    while (at_ < text_.size()) step();
    if (levels_.size() != 1) facts_.unsure = true;
    std::sort(facts_.uses.begin(), facts_.uses.end());
    facts_.uses.erase(std::unique(facts_.uses.begin(), facts_.uses.end()), facts_.uses.end());
    facts_.uses.shrink_to_fit();
    return std::move(facts_);
  }

 private:
  /// An #if that is open.
  struct Level {
    std::uint32_t guard = 0;                    ///< of the branch that we are in
    std::uint32_t outer = 0;                    ///< of what is around the #if
    std::vector<DefinedCondition> others = {};  ///< hold in all branches that follow
  };

  void step() {
    const char c = text_[at_];
    if (c == '\n') {
      line_begins_ = true;
      ++at_;
    } else if (is_blank_byte(c)) {
      ++at_;
    } else if (c == '/' && pass_comment()) {
    } else if (line_begins_ && (c == '#' || text_.substr(at_, 2) == "%:")) {
      at_ += c == '#' ? 1 : 2;
      on_directive();
    } else {
      line_begins_ = false;
      take_token(text_.size(), [this](std::string_view word) { add_use(word); });
    }
  }

  bool pass_comment() {
    if (text_.substr(at_, 2) == "/*") {
      at_ = block_comment_end(text_, at_ + 2);
    } else if (text_.substr(at_, 2) == "//") {
      facts_.line_comment = true;
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else {
      return false;
    }
    return true;
  }

  /// Passes one token that is no comment; `on_word` gets identifiers and numbers. `end`: not beyond.
  template <typename OnWord>
  void take_token(std::size_t end, const OnWord& on_word) {
    const char c = text_[at_];
    if (c == '"') {
      at_ = is_raw_prefix(text_, at_) ? raw_end(at_) : quoted_end(text_, at_);
    } else if (c == '\'') {
      at_ = quoted_end(text_, at_);
    } else if (begins_word(c)) {
      const std::size_t begin = at_;
      at_ = std::min(word_end(text_, at_), end);
      // 1'000: the quote parts digits.
      if (is_digit(c)) {
        while (at_ + 1 < end && text_[at_] == '\'' && is_word_byte(text_[at_ + 1])) {
          facts_.digit_quote = true;
          at_ = word_end(text_, at_ + 1);
        }
      }
      const std::string_view word = text_.substr(begin, at_ - begin);
      on_word(word);
      if (word == "_Pragma") look_at_pragma(on_word);
    } else {
      ++at_;
    }
    at_ = std::min(at_, text_.size());
  }

  /// Past a raw literal. In C it is none, and may end on its line: then what follows would be passed over.
  std::size_t raw_end(std::size_t quote) {
    const std::size_t open = text_.find('(', quote);
    if (open == kNone || open - quote > 17) return quoted_end(text_, quote);
    const std::string close = ")" + std::string(text_.substr(quote + 1, open - quote - 1)) + "\"";
    const std::size_t end = text_.find(close, open);
    if (end == kNone) {
      // Not looked for again and again.
      facts_.unsure = true;
      return text_.size();
    }
    // A splice inside is none.
    const auto splice = std::lower_bound(splices_.begin(), splices_.end(), quote);
    if (splice != splices_.end() && *splice < end + close.size()) facts_.unsure = true;
    const std::string_view contents = text_.substr(open, end - open);
    facts_.raw_literal = facts_.raw_literal || contents.find_first_of("\"\\\n") != kNone;
    // What is in there counts, for the language in which it is code.
    std::size_t at = open;
    while (at < end) {
      const std::size_t word = word_end(text_, at);
      if (word > at) add_use(text_.substr(at, word - at));
      at = word + 1;
    }
    return end + close.size();
  }

  /// Behind _Pragma: the literal's contents are words, too.
  template <typename OnWord>
  void look_at_pragma(const OnWord& on_word) {
    std::size_t at = skip_blank(text_, at_, true);
    if (at == text_.size() || text_[at] != '(') {
      facts_.unsure = true;
      return;
    }
    at = skip_blank(text_, at + 1, true);
    if (text_.substr(at, 1) == "#") return;  // a macro's words, which are seen where it is used
    for (const std::string_view prefix : {"u8", "L", "u", "U"}) {
      if (text_.substr(at).starts_with(prefix)) at += prefix.size();
    }
    if (text_.substr(at, 1) != "\"") {
      facts_.unsure = true;
      return;
    }
    const std::string_view literal = text_.substr(at, quoted_end(text_, at) - at);
    facts_.absolute_name = facts_.absolute_name || has_absolute_name(literal);
    for (std::size_t from = 0; from < literal.size(); ++from) {
      const std::size_t end = word_end(literal, from);
      if (end > from) on_word(literal.substr(from, end - from));
      from = end;
    }
  }

  std::uint32_t guard() const { return levels_.back().guard; }

  void add_use(std::string_view word) {
    facts_.uses.push_back({name_hash(word), guard()});
    // Most words come again and again.
    if (facts_.uses.size() < 2 * unique_ + 4096) return;
    std::sort(facts_.uses.begin(), facts_.uses.end());
    facts_.uses.erase(std::unique(facts_.uses.begin(), facts_.uses.end()), facts_.uses.end());
    unique_ = facts_.uses.size();
  }

  /// The words of the directive's rest, up to the end of its line or of the comment that it goes on behind.
  template <typename OnWord>
  void rest_of_line(const OnWord& on_word) {
    while (at_ < text_.size() && text_[at_] != '\n') {
      if (text_[at_] == '/' && pass_comment()) continue;
      take_token(text_.size(), on_word);
    }
  }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] != '\n') {
      if (text_[at_] == '/' && pass_comment()) continue;
      if (!is_blank_byte(text_[at_])) return;
      ++at_;
    }
  }

  std::string_view next_word() {
    skip_blanks();
    const std::size_t begin = at_;
    at_ = word_end(text_, at_);
    if (at_ < text_.size() && may_go_on(text_[at_])) facts_.unsure = true;
    return text_.substr(begin, at_ - begin);
  }

  void on_directive() {
    const std::string_view name = next_word();
    if (name == "define") return on_definition();
    if (name == "ifdef" || name == "ifndef") return open(condition_on_name(next_word(), name == "ifdef"));
    if (name == "if") return open(read_condition());
    if (name == "elifdef" || name == "elifndef")
      return next_branch(condition_on_name(next_word(), name == "elifdef"));
    if (name == "elif") return next_branch(read_condition());
    if (name == "else") return next_branch({});
    if (name == "endif") return close();
    if (name == "undef") {
      facts_.undefined.push_back(name_hash(next_word()));
    } else if (name == "line" || (!name.empty() && is_digit(name.front()))) {
      on_line(name == "line");
    } else if (name == "include" || name == "include_next" || name == "import") {
      on_include();
    } else if (name == "error" || name == "warning") {
      on_message();
    } else if (name == "pragma") {
      on_pragma();
    }
    rest_of_line([this](std::string_view word) { add_use(word); });
  }

  /// Free text, full of apostrophes. Compilers do not agree whether a comment begins in it.
  void on_message() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    facts_.unsure = facts_.unsure || text_.substr(at_, end - at_).find("/*") != kNone;
    at_ = end;
  }

  void on_pragma() {
    const std::size_t begin = at_;
    // Clang's include_alias, for one.
    if (has_absolute_name(text_.substr(at_, text_.find('\n', at_) - at_))) facts_.absolute_name = true;
    if (next_word() == "pop_macro") {
      const std::string_view line = text_.substr(at_, std::min(text_.find('\n', at_), text_.size()) - at_);
      const std::size_t quote = line.find('"');
      const std::size_t end = quote == kNone ? kNone : line.find('"', quote + 1);
      if (end != kNone) facts_.undefined.push_back(name_hash(line.substr(quote + 1, end - quote - 1)));
    }
    at_ = begin;
  }

  /// `#line 7 "x"` and what a preprocessor leaves of it, `# 7 "x"`.
  void on_line(bool number_follows) {
    if (number_follows) {
      const std::string_view number = next_word();
      if (number.empty() || !is_digit(number.front())) facts_.computed_name = true;
    }
    skip_blanks();
    if (text_.substr(at_, 2) == "\"/") {
      facts_.absolute_name = true;
    } else if (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') {
      facts_.computed_name = true;
    }
  }

  void on_include() {
    skip_blanks();
    if (at_ == text_.size()) return;
    const char c = text_[at_];
    if (c != '"' && c != '<') {
      facts_.computed_name = true;
      return;
    }
    if (at_ + 1 < text_.size() && text_[at_ + 1] == '/') facts_.absolute_name = true;
    // <it's> is no literal.
    if (c == '<') at_ = std::min(text_.find_first_of(">\n", at_), text_.size());
  }

  void on_definition() {
    MacroDefinition definition{std::string(next_word()), guard()};
    const std::vector<std::string_view> parameters = read_parameters();
    const std::size_t begin = at_;
    std::vector<std::string_view> words;  // of the body, with "##" and, for anything else, an empty one
    while (at_ < text_.size() && text_[at_] != '\n') {
      if (text_[at_] == '/' && pass_comment()) continue;
      if (const std::size_t length = paste_length(); length > 0) {
        words.push_back("##");
        at_ += length;
        continue;
      }
      if (may_go_on(text_[at_])) facts_.unsure = true;
      const bool blank = is_blank_byte(text_[at_]);
      const std::size_t count = words.size();
      take_token(text_.size(), [&](std::string_view word) { words.push_back(word); });
      if (!blank && words.size() == count) words.push_back({});
    }
    note_absolute(text_.substr(begin, at_ - begin));
    note_probe(text_.substr(begin, at_ - begin));
    take_body(words, parameters, definition);
    // What __VA_OPT__ has in its parentheses may be pasted.
    const auto has = [&](std::string_view word) {
      return std::find(words.begin(), words.end(), word) != words.end();
    };
    if (definition.name == "defined" || (has("__VA_OPT__") && has("##"))) facts_.unsure = true;
    facts_.definitions.push_back(std::move(definition));
  }

  std::size_t paste_length() const {
    if (text_.substr(at_, 2) == "##") return 2;
    return text_.substr(at_, 4) == "%:%:" ? 4 : 0;
  }

  /// In the order of the alphabet.
  std::vector<std::string_view> read_parameters() {
    std::vector<std::string_view> parameters;
    if (at_ >= text_.size() || text_[at_] != '(') return parameters;
    parameters.push_back("__VA_ARGS__");
    for (++at_; at_ < text_.size() && text_[at_] != ')' && text_[at_] != '\n';) {
      const std::string_view word = next_word();
      if (word.empty() && at_ < text_.size() && text_[at_] != ')' && text_[at_] != '\n') ++at_;
      if (!word.empty()) parameters.push_back(word);
    }
    if (at_ < text_.size() && text_[at_] == ')') ++at_;
    std::sort(parameters.begin(), parameters.end());
    return parameters;
  }

  static void take_body(const std::vector<std::string_view>& words,
                        const std::vector<std::string_view>& parameters, MacroDefinition& definition) {
    const auto is_paste = [&](std::size_t at) { return at < words.size() && words[at] == "##"; };
    for (std::size_t at = 0; at < words.size(); ++at) {
      if (is_paste(at) || words[at].empty()) continue;
      if (!is_paste(at + 1)) {
        definition.mentions.push_back(name_hash(words[at]));
        continue;
      }
      std::vector<std::string> paste;
      while (true) {
        const bool hole = std::binary_search(parameters.begin(), parameters.end(), words[at]);
        paste.emplace_back(hole ? std::string_view() : words[at]);
        if (!is_paste(at + 1) || at + 2 >= words.size() || words[at + 2].empty()) break;
        at += 2;
      }
      if (paste.size() > 1) {
        definition.pastes.push_back(std::move(paste));
      } else {
        definition.mentions.push_back(name_hash(words[at]));
      }
    }
    std::vector<NameHash>& mentions = definition.mentions;
    std::sort(mentions.begin(), mentions.end());
    mentions.erase(std::unique(mentions.begin(), mentions.end()), mentions.end());
    mentions.shrink_to_fit();
  }

  void note_absolute(std::string_view body) {
    if (!has_absolute_name(body)) return;
    facts_.absolute_in_macro = true;
    if (body.find("__has_") != kNone) facts_.absolute_name = true;
  }

  /// A probe whose name a macro may hold, or that a macro hands on. `text`: of a condition or of what a macro
  /// stands for.
  void note_probe(std::string_view text) {
    for (const std::string_view probe : {"__has_include", "__has_embed"}) {
      for (std::size_t at = 0; (at = text.find(probe, at)) != kNone;) {
        at = skip_blank(text, word_end(text, at));
        if (text.substr(at, 1) == ")") continue;  // asks whether there is such a probe
        at = text.substr(at, 1) == "(" ? skip_blank(text, at + 1) : text.size();
        if (at >= text.size() || (text[at] != '"' && text[at] != '<')) facts_.computed_name = true;
      }
    }
  }

  static bool has_absolute_name(std::string_view text) {
    for (std::size_t at = 0; (at = text.find('/', at)) != kNone; ++at) {
      if (at == 0 || at + 1 == text.size()) continue;
      const bool opens = text[at - 1] == '"' || text[at - 1] == '<';
      if (opens && (is_word_byte(text[at + 1]) || text[at + 1] == '.')) return true;
    }
    return false;
  }

  // --- Conditions

  std::uint32_t guard_of(std::uint32_t outer, const Guard& inner,
                         const std::vector<DefinedCondition>& others) {
    Guard all = facts_.guards[outer];
    all.never = all.never || inner.never;
    for (const std::vector<DefinedCondition>* list : {&inner.conditions, &others}) {
      for (const DefinedCondition& condition : *list) {
        if (all.conditions.size() == kMostConditions) break;
        if (std::find(all.conditions.begin(), all.conditions.end(), condition) == all.conditions.end())
          all.conditions.push_back(condition);
      }
    }
    const auto known = std::find(facts_.guards.begin(), facts_.guards.end(), all);
    if (known != facts_.guards.end()) return static_cast<std::uint32_t>(known - facts_.guards.begin());
    if (facts_.guards.size() == kMostGuards) return outer;
    facts_.guards.push_back(std::move(all));
    return static_cast<std::uint32_t>(facts_.guards.size() - 1);
  }

  void open(const Condition& condition) {
    const std::uint32_t outer = guard();
    levels_.push_back({guard_of(outer, condition.holds, {}), outer, condition.otherwise});
    rest_of_line([](std::string_view) {});
  }

  void next_branch(const Condition& condition) {
    rest_of_line([](std::string_view) {});
    if (levels_.size() == 1) {
      facts_.unsure = true;
      return;
    }
    Level& level = levels_.back();
    level.guard = guard_of(level.outer, condition.holds, level.others);
    if (level.others.size() < kMostConditions)
      level.others.insert(level.others.end(), condition.otherwise.begin(), condition.otherwise.end());
  }

  void close() {
    if (levels_.size() == 1) {
      facts_.unsure = true;
    } else {
      levels_.pop_back();
    }
    rest_of_line([](std::string_view) {});
  }

  /// The rest of an #if.
  Condition read_condition() {
    std::string text;
    while (at_ < text_.size() && text_[at_] != '\n') {
      // In __has_include(<a/*b>) there is none.
      if (text_.substr(at_, 2) == "/*" && text.find('<') != kNone && text.find("__has_") != kNone)
        facts_.unsure = true;
      if (text_[at_] == '/' && pass_comment()) continue;
      if (text_[at_] == '"' || text_[at_] == '\'') {
        const std::size_t end = quoted_end(text_, at_);
        text.append(text_, at_, end - at_);
        at_ = end;
        continue;
      }
      if (!is_blank_byte(text_[at_])) text += text_[at_];
      // "defined x" must not become one word.
      if (is_blank_byte(text_[at_]) && !text.empty() && text.back() != ' ') text += ' ';
      ++at_;
    }
    // Only a probe asks for a name there, be it by a macro.
    facts_.absolute_name = facts_.absolute_name || has_absolute_name(text);
    note_probe(text);
    return condition_of(text);
  }

  std::string_view text_;
  const std::vector<std::size_t>& splices_;
  std::size_t at_ = 0;
  bool line_begins_ = true;
  std::vector<Level> levels_;
  std::size_t unique_ = 0;
  FolderFacts facts_;
};

}  // namespace

FolderFacts scan_for_folder(std::string_view text) {
  const bool odd = has_trigraph(text) || has_lone_carriage_return(text) || text.find('\0') != kNone;
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::vector<std::size_t> splices;
  const std::string plain = without_splices(text, &splices);
  FolderFacts facts = FolderScanner(plain, splices).run();
  facts.unsure = facts.unsure || odd;
  facts.once = text.find("once") != kNone || text.find("import") != kNone;
  return facts;
}

FolderFacts scan_option_for_folder(std::string_view text) {
  const std::size_t equal = std::min(text.find('='), text.size());
  std::string line = "#define " + std::string(text.substr(0, equal)) + " ";
  if (equal < text.size()) line += text.substr(equal + 1);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return scan_for_folder(line);
}

}  // namespace compiler_cache
