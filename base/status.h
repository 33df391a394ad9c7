// The project's one error scheme. A fallible function returns Status or Result<T>; nothing throws across
// a boundary of ours. An error has a kind, for code to decide on, and a sentence, for people to read.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace compiler_cache {

/// What went wrong, as far as code needs to tell one failure from another.
enum class ErrorKind : std::uint8_t {
  not_found,    ///< the file, record or entry does not exist
  exists,       ///< it exists already and must not
  no_space,     ///< disk or quota is full
  denied,       ///< permission, read-only file system
  corrupt,      ///< bytes that do not say what they should
  too_large,    ///< over a limit of ours
  unsupported,  ///< the platform or file system cannot do this
  invalid,      ///< a caller's or user's input is wrong
  timed_out,    ///< it took longer than its bound
  io,           ///< anything else the system reports
};

/// Stable lower-case name of `kind`, for logs.
inline const char* to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_found:
      return "not-found";
    case ErrorKind::exists:
      return "exists";
    case ErrorKind::no_space:
      return "no-space";
    case ErrorKind::denied:
      return "denied";
    case ErrorKind::corrupt:
      return "corrupt";
    case ErrorKind::too_large:
      return "too-large";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::invalid:
      return "invalid";
    case ErrorKind::timed_out:
      return "timed-out";
    case ErrorKind::io:
      return "io";
  }
  return "unknown";
}

struct Error {
  ErrorKind kind;
  std::string message;
};

/// Success, or an Error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}
  Status(ErrorKind kind, std::string message) : error_(Error{kind, std::move(message)}) {}

  bool ok() const { return std::holds_alternative<std::monostate>(error_); }
  explicit operator bool() const { return ok(); }
  /// Only when !ok().
  const Error& error() const { return std::get<Error>(error_); }

 private:
  std::variant<std::monostate, Error> error_;
};

/// A T, or an Error.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  Result(Error error) : value_(std::move(error)) {}
  Result(ErrorKind kind, std::string message) : value_(Error{kind, std::move(message)}) {}

  bool ok() const { return std::holds_alternative<T>(value_); }
  explicit operator bool() const { return ok(); }
  /// Only when ok().
  T& value() & { return std::get<T>(value_); }
  const T& value() const& { return std::get<T>(value_); }
  T&& value() && { return std::get<T>(std::move(value_)); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  /// Only when !ok().
  const Error& error() const { return std::get<Error>(value_); }
  Status status() const { return ok() ? Status() : Status(error()); }

 private:
  std::variant<T, Error> value_;
};

}  // namespace compiler_cache
