#include "helper/remote_settings.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace compiler_cache {
namespace {

constexpr std::uint64_t kMaxSecretFile = 64 * 1024;
constexpr std::size_t kShortestKey = 16;
constexpr std::uint32_t kOthersModes = 077;
constexpr std::uint16_t kRedisPort = 6379;
constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

Error bad_url(const std::string& why) { return {ErrorKind::invalid, "remote URL: " + why}; }

template <class Number>
bool whole_number(std::string_view text, Number& number) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && stop == text.data() + text.size();
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// HOST[:PORT] or [IPv6][:PORT].
Status parse_authority(std::string_view text, RemoteUrl& url) {
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return bad_url("[ without ]");
    url.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else {
    const std::size_t colon = text.find(':');
    url.host = text.substr(0, colon);
    if (colon != std::string_view::npos) port = text.substr(colon);
  }
  if (url.host.empty()) return bad_url("no host");
  if (port.empty()) return {};
  if (port.front() != ':' || !whole_number(port.substr(1), url.port) || url.port == 0)
    return bad_url("a port that is no number from 1 to 65535");
  return {};
}

Result<RemoteUrl> parse_socket_url(std::string_view rest, RemoteUrl url) {
  const std::size_t question = rest.find('?');
  url.path = rest.substr(0, question);
  if (!url.path.starts_with('/')) return bad_url("a socket needs an absolute path");
  if (question == std::string_view::npos) return url;
  std::string_view query = rest.substr(question + 1);
  if (!take_prefix(query, "db=") || !whole_number(query, url.database))
    return bad_url("behind a socket's path only ?db=NUMBER is understood");
  return url;
}

Status parse_rest(std::string_view path, RemoteUrl& url) {
  if (url.scheme == RemoteScheme::http) {
    if (path.find_first_of("?# \r\n\t") != std::string_view::npos)
      return bad_url("a path cannot have ?, # or spaces");
    while (path.ends_with('/')) path.remove_suffix(1);
    url.path = path;
    return {};
  }
  if (path.empty() || path == "/") return {};
  if (!whole_number(path.substr(1), url.database))
    return bad_url("behind the host of a Redis only /DATABASE is understood");
  return {};
}

/// Words between white space, as .netrc has them; a word may stand in double quotes.
std::vector<std::string> netrc_words(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const auto is_space = [&](std::size_t i) {
      return std::string_view(" \t\r\n").find(text[i]) != std::string_view::npos;
    };
    if (is_space(at)) {
      ++at;
      continue;
    }
    std::string word;
    const bool quoted = text[at] == '"';
    for (at += quoted ? 1 : 0; at < text.size() && (quoted ? text[at] != '"' : !is_space(at)); ++at)
      word += text[at];
    at += quoted ? 1 : 0;
    words.push_back(std::move(word));
  }
  return words;
}

/// A file that says who we are is ours alone, or nobody's.
Result<std::string> read_secret(FileSystem& files, const std::string& path, std::uint32_t uid) {
  FileStat stat{};
  Result<std::string> text = files.read(path, kMaxSecretFile, &stat);
  if (!text.ok()) return text;
  if (stat.uid != uid || (stat.mode & kOthersModes) != 0)
    return Error{ErrorKind::denied, path + " must belong to this user, with mode 0600"};
  return text;
}

bool is_set(const EnvironmentReader& environment, const char* name) {
  const std::string value = environment(name).value_or("");
  return !value.empty() && value != "0" && value != "false" && value != "FALSE";
}

bool writes_are_wanted(RemoteMode mode, const EnvironmentReader& environment) {
  switch (mode) {
    case RemoteMode::read_write:
      return true;
    case RemoteMode::read_only:
      return false;
    case RemoteMode::write_from_ci:
      return is_set(environment, "CI");
  }
  return false;
}

/// From the file that the configuration names, else $NETRC, else ~/.netrc.
Result<std::string> credentials_text(FileSystem& files, const Config& config, std::uint32_t uid,
                                     const EnvironmentReader& environment, std::vector<std::string>& notes) {
  if (!config.remote_credentials_file.empty()) return read_secret(files, config.remote_credentials_file, uid);
  std::string path = environment("NETRC").value_or("");
  if (path.empty()) path = environment("HOME").value_or("") + "/.netrc";
  Result<std::string> text = read_secret(files, path, uid);
  if (text.ok()) return text;
  // Many have one that was made for others, and need none here.
  if (text.error().kind == ErrorKind::denied) notes.push_back("not read: " + text.error().message);
  return std::string();
}

RemoteCredentials credentials_for(const RemoteUrl& url, const std::string& netrc,
                                  const EnvironmentReader& environment) {
  RemoteCredentials from_environment{environment("COMPILER_CACHE_REMOTE_USER").value_or(""),
                                     environment("COMPILER_CACHE_REMOTE_PASSWORD").value_or(""),
                                     environment("COMPILER_CACHE_REMOTE_TOKEN").value_or("")};
  if (!from_environment.empty()) return from_environment;
  return find_in_netrc(netrc, url.host.empty() ? "localhost" : url.host).value_or(RemoteCredentials{});
}

}  // namespace

Result<RemoteUrl> parse_remote_url(std::string_view text) {
  RemoteUrl url;
  std::string_view rest = text;
  if (take_prefix(rest, "redis+unix://")) {
    url.scheme = RemoteScheme::redis_socket;
    url.text = text;
    return parse_socket_url(rest, std::move(url));
  }
  if (take_prefix(rest, "redis://")) {
    url.port = kRedisPort;
  } else if (take_prefix(rest, "rediss://")) {
    url.scheme = RemoteScheme::redis_tls;
    url.port = kRedisPort;
  } else if (take_prefix(rest, "http://")) {
    url.scheme = RemoteScheme::http;
    url.port = kHttpPort;
  } else if (take_prefix(rest, "https://")) {
    url.scheme = RemoteScheme::http;
    url.port = kHttpsPort;
  } else {
    return bad_url("it must begin with redis://, rediss://, redis+unix://, http:// or https://");
  }
  const std::size_t slash = rest.find('/');
  const std::string_view authority = rest.substr(0, slash);
  if (authority.find('@') != std::string_view::npos)
    return bad_url("credentials belong into the environment or a file, not into the URL");
  if (Status parsed = parse_authority(authority, url); !parsed.ok()) return parsed.error();
  if (Status parsed =
          parse_rest(slash == std::string_view::npos ? std::string_view() : rest.substr(slash), url);
      !parsed.ok())
    return parsed.error();
  while (text.ends_with('/')) text.remove_suffix(1);
  url.text = text;
  return url;
}

std::optional<RemoteCredentials> find_in_netrc(std::string_view text, const std::string& host) {
  const std::vector<std::string> words = netrc_words(text);
  std::optional<RemoteCredentials> found;
  bool ours = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool named = words[i] == "machine" && i + 1 < words.size();
    if (named || words[i] == "default") {
      if (found) return found;
      ours = !named || words[++i] == host;
      if (ours) found.emplace();
      continue;
    }
    std::string* field = nullptr;
    if (words[i] == "login" && found) field = &found->user;
    if (words[i] == "password" && found) field = &found->password;
    if (words[i] == "token" && found) field = &found->token;
    if ((field != nullptr || words[i] == "login" || words[i] == "password") && i + 1 < words.size()) {
      ++i;
      if (ours && field != nullptr) *field = words[i];
    }
  }
  return found;
}

Result<RemoteSettings> read_remote_settings(FileSystem& files, const Config& config, std::uint32_t uid,
                                            const EnvironmentReader& environment) {
  RemoteSettings settings;
  settings.writes = writes_are_wanted(config.remote_mode, environment);
  if (!config.remote_key_file.empty()) {
    Result<std::string> key = read_secret(files, config.remote_key_file, uid);
    if (!key.ok()) return Error{key.error().kind, "the key cannot be read: " + key.error().message};
    while (key->ends_with('\n') || key->ends_with('\r')) key->pop_back();
    if (key->size() < kShortestKey)
      return Error{ErrorKind::invalid, "the key in " + config.remote_key_file + " is shorter than 16 bytes"};
    settings.key = std::move(*key);
  }
  const Result<std::string> netrc = credentials_text(files, config, uid, environment, settings.notes);
  if (!netrc.ok())
    return Error{netrc.error().kind, "the credentials cannot be read: " + netrc.error().message};
  for (const std::string& text : config.remotes) {
    Result<RemoteUrl> url = parse_remote_url(text);
    if (!url.ok()) return url.error();
    RemoteTarget& target = settings.targets.emplace_back();
    target.credentials = credentials_for(*url, *netrc, environment);
    target.url = std::move(*url);
    target.ca_file = config.remote_ca_file;
    target.name_space = config.remote_namespace;
    target.expiry_s = config.remote_expiry_s;
    target.timeout_ms = static_cast<std::uint32_t>(config.remote_timeout_ms);
  }
  return settings;
}

}  // namespace compiler_cache
