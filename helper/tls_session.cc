#include "helper/tls_session.h"

#include <utility>

#ifdef COMPILER_CACHE_WITH_OPENSSL

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace compiler_cache {
namespace {

constexpr int kTlsChunk = 64 * 1024;

Error tls_error(const std::string& what) {
  char text[200] = "no reason given";
  if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return {ErrorKind::io, "TLS: " + what + ": " + text};
}

}  // namespace

struct TlsSession::State {
  SSL_CTX* context = nullptr;
  SSL* ssl = nullptr;
  BIO* in = nullptr;   ///< belongs to ssl
  BIO* out = nullptr;  ///< belongs to ssl
  bool ready = false;
  ~State() {
    SSL_free(ssl);
    SSL_CTX_free(context);
  }
};

TlsSession::TlsSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsSession::~TlsSession() = default;

Result<std::unique_ptr<TlsSession>> TlsSession::begin(const std::string& host, const std::string& ca_file) {
  auto state = std::make_unique<State>();
  state->context = SSL_CTX_new(TLS_client_method());
  if (state->context == nullptr) return tls_error("no context");
  SSL_CTX_set_min_proto_version(state->context, TLS1_2_VERSION);
  SSL_CTX_set_verify(state->context, SSL_VERIFY_PEER, nullptr);
  const int trusted = ca_file.empty()
                          ? SSL_CTX_set_default_verify_paths(state->context)
                          : SSL_CTX_load_verify_locations(state->context, ca_file.c_str(), nullptr);
  if (trusted != 1) return tls_error(ca_file.empty() ? "the system's certificates" : ca_file);
  state->ssl = SSL_new(state->context);
  if (state->ssl == nullptr) return tls_error("no session");
  // An address is no name: a certificate lists it as such, and it is not sent as a name.
  X509_VERIFY_PARAM* const verify = SSL_get0_param(state->ssl);
  if (X509_VERIFY_PARAM_set1_ip_asc(verify, host.c_str()) != 1) {
    ERR_clear_error();
    if (SSL_set1_host(state->ssl, host.c_str()) != 1) return tls_error("the server's name");
    SSL_set_tlsext_host_name(state->ssl, host.c_str());
  }
  state->in = BIO_new(BIO_s_mem());
  state->out = BIO_new(BIO_s_mem());
  SSL_set_bio(state->ssl, state->in, state->out);
  SSL_set_connect_state(state->ssl);
  return std::unique_ptr<TlsSession>(new TlsSession(std::move(state)));
}

void TlsSession::take_encrypted(std::string_view bytes) {
  BIO_write(state_->in, bytes.data(), static_cast<int>(bytes.size()));
}

Status TlsSession::go_on() {
  if (state_->ready) return {};
  const int done = SSL_do_handshake(state_->ssl);
  state_->ready = done == 1;
  if (state_->ready) return {};
  const int why = SSL_get_error(state_->ssl, done);
  if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return {};
  return tls_error("the server's certificate or protocol");
}

bool TlsSession::ready() const { return state_->ready; }

/// Memory takes everything: a write is never done by halves.
void TlsSession::send(std::string_view plain) {
  if (!plain.empty()) SSL_write(state_->ssl, plain.data(), static_cast<int>(plain.size()));
}

std::string TlsSession::encrypted() {
  std::string bytes(BIO_ctrl_pending(state_->out), '\0');
  if (!bytes.empty()) BIO_read(state_->out, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

std::string TlsSession::plain() {
  std::string bytes(kTlsChunk, '\0');
  const int got = state_->ready ? SSL_read(state_->ssl, bytes.data(), kTlsChunk) : 0;
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  if (got <= 0) ERR_clear_error();
  return bytes;
}

}  // namespace compiler_cache

#else

namespace compiler_cache {

struct TlsSession::State {};
TlsSession::TlsSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsSession::~TlsSession() = default;
Result<std::unique_ptr<TlsSession>> TlsSession::begin(const std::string&, const std::string&) {
  return Error{ErrorKind::unsupported,
               "this helper was built without OpenSSL (libssl-dev), which rediss:// needs"};
}
void TlsSession::take_encrypted(std::string_view) {}
Status TlsSession::go_on() { return {}; }
bool TlsSession::ready() const { return false; }
void TlsSession::send(std::string_view) {}
std::string TlsSession::encrypted() { return {}; }
std::string TlsSession::plain() { return {}; }

}  // namespace compiler_cache

#endif
