// Which servers the remote tier has, who we are there, and what is believed: from the configuration, the
// environment and files that only their owner may read. Credentials are in no URL, no log and no status.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "helper/config.h"
#include "helper/file_system.h"

namespace compiler_cache {

enum class RemoteScheme : std::uint8_t { redis, redis_tls, redis_socket, http };

struct RemoteUrl {
  std::string text;  ///< as it is written in status and logs
  RemoteScheme scheme = RemoteScheme::redis;
  std::string host;  ///< without brackets
  std::uint16_t port = 0;
  std::string path;            ///< of the socket, or in front of /ac and /cas
  std::uint32_t database = 0;  ///< of Redis
};

/// redis://HOST[:PORT][/DATABASE], rediss:// (TLS), redis+unix:///SOCKET[?db=DATABASE], http:// and https://
/// with a path. `invalid` for anything else, and for credentials in it, which its message does not repeat.
Result<RemoteUrl> parse_remote_url(std::string_view text);

struct RemoteCredentials {
  std::string user;
  std::string password;
  std::string token;  ///< bearer
  bool empty() const { return user.empty() && password.empty() && token.empty(); }
};

/// What a file in the form of .netrc says of the host: machine, login, password, and `token` as one word more
/// of ours; `default` where no machine fits.
std::optional<RemoteCredentials> find_in_netrc(std::string_view text, const std::string& host);

struct RemoteTarget {
  RemoteUrl url;
  RemoteCredentials credentials;
  std::string ca_file;           ///< empty: the system's
  std::string name_space;        ///< in front of Redis' keys
  std::uint64_t expiry_s = 0;    ///< of what is written; 0: as the server does it
  std::uint32_t timeout_ms = 0;  ///< without a byte from the server
};

struct RemoteSettings {
  std::vector<RemoteTarget> targets;
  std::string key;  ///< empty: no MAC
  bool writes = false;
  std::vector<std::string> notes;
};

/// Nothing when a variable is not set.
using EnvironmentReader = std::function<std::optional<std::string>(const char* name)>;

/// Reads the files that the configuration names. An error says why the remote tier is not used at all: a key
/// that is asked for and cannot be had is never done without.
Result<RemoteSettings> read_remote_settings(FileSystem& files, const Config& config, std::uint32_t uid,
                                            const EnvironmentReader& environment);

}  // namespace compiler_cache
