// The strict HTTP/1.1 reader.
#include "codecs/transports/http1/message_parser.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace koine::codecs::transports::http1 {
namespace {

using base::Reason;

// tchar of RFC 9110 §5.6.2.
constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> token_table = make_token_table();

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return token_table[static_cast<unsigned char>(c)]; });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// uri-host [":" port] (RFC 9110 §7.2), by its characters alone.
bool legal_host(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return token_table[static_cast<unsigned char>(c)] || c == ':' || c == '[' || c == ']' || c == '(' ||
           c == ')' || c == ';' || c == '=';
  });
}

constexpr std::size_t method_bytes_max = 32;
constexpr std::size_t length_digits_max = 18;
constexpr std::size_t chunk_digits_max = 8;
constexpr std::size_t chunk_line_bytes_max = 256;

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "";
  }
}

// ---- lines and bodies

MessageParser::Event MessageParser::fail(int status, Reason reason, std::string why) {
  state_ = State::failed;
  failure_status_ = status;
  failure_ = base::Status(reason, std::move(why));
  return Event::error;
}

bool MessageParser::refuse(int status, Reason reason, std::string why) {
  fail(status, reason, std::move(why));
  return false;
}

bool MessageParser::read_line(base::Buffer& in) {
  if (line_done_) {
    line_.clear();
    line_done_ = false;
  }
  while (!in.empty()) {
    const base::Bytes front = in.front();
    const auto* lf = static_cast<const std::uint8_t*>(std::memchr(front.data(), '\n', front.size()));
    const std::size_t count = lf != nullptr ? static_cast<std::size_t>(lf - front.data()) + 1 : front.size();
    const bool chunk_line = state_ == State::chunk_size || state_ == State::chunk_end;
    if (chunk_line ? line_.size() + count > chunk_line_bytes_max
                   : head_bytes_ + count > limits_.headers_bytes_max) {
      if (chunk_line) return refuse(400, Reason::wire_malformed, "the line of a chunk is too long");
      return refuse(state_ == State::start && kind_ == MessageKind::request ? 414 : 431,
                    Reason::limit_headers,
                    "the head of the HTTP message is more than " + std::to_string(limits_.headers_bytes_max) +
                        " bytes");
    }
    if (!chunk_line) head_bytes_ += count;
    line_.append(base::as_text(front.first(count)));
    in.consume(count);
    if (lf == nullptr) continue;
    // The two ends of a line are one sequence; either alone, anywhere, is refused.
    if (line_.size() < 2 || line_[line_.size() - 2] != '\r') {
      return refuse(400, Reason::wire_malformed, "a line ends in LF without CR");
    }
    line_.resize(line_.size() - 2);
    if (line_.find('\r') != std::string::npos) {
      return refuse(400, Reason::wire_malformed, "a line holds CR without LF");
    }
    line_done_ = true;
    return true;
  }
  return false;
}

bool MessageParser::read_body(base::Buffer& in, std::uint64_t most) {
  if (in.empty() || most == 0) return false;
  const base::Slice& front = in.slices().front();
  body_ = front.part(0, static_cast<std::size_t>(std::min<std::uint64_t>(most, front.size())));
  in.consume(body_.size());
  return true;
}

base::Slice MessageParser::take_body() noexcept { return std::exchange(body_, base::Slice()); }

void MessageParser::begin_message() {
  head_ = MessageHead();
  trailers_.clear();
  head_bytes_ = 0;
  field_count_ = 0;
  left_ = 0;
  body_bytes_ = 0;
  state_ = State::start;
}

void MessageParser::skip_body() noexcept {
  if (state_ != State::failed) state_ = State::ended;
}

MessageParser::Event MessageParser::next(base::Buffer& in) {
  for (;;) {
    switch (state_) {
      case State::start:
        if (!read_line(in)) return state_ == State::failed ? Event::error : Event::need_more;
        if (!(kind_ == MessageKind::request ? parse_request_line(line_) : parse_status_line(line_))) {
          return Event::error;
        }
        state_ = State::fields;
        break;
      case State::fields:
        if (!read_line(in)) return state_ == State::failed ? Event::error : Event::need_more;
        if (line_.empty()) return finish_head() ? Event::head : Event::error;
        if (!parse_field(line_, head_.fields)) return Event::error;
        break;
      case State::length_body:
        if (left_ == 0) {
          state_ = State::ended;
          break;
        }
        if (!read_body(in, left_)) return Event::need_more;
        left_ -= body_.size();
        return Event::body;
      case State::close_body:
        if (!read_body(in, UINT64_MAX)) return Event::need_more;
        body_bytes_ += body_.size();
        if (body_bytes_ > limits_.message_bytes_max) {
          return fail(413, Reason::limit_message, "the body is larger than the limit");
        }
        return Event::body;
      case State::chunk_size:
        if (!read_line(in)) return state_ == State::failed ? Event::error : Event::need_more;
        if (!parse_chunk_size(line_)) return Event::error;
        break;
      case State::chunk_data:
        if (left_ == 0) {
          state_ = State::chunk_end;
          break;
        }
        if (!read_body(in, left_)) return Event::need_more;
        left_ -= body_.size();
        return Event::body;
      case State::chunk_end:
        if (!read_line(in)) return state_ == State::failed ? Event::error : Event::need_more;
        if (!line_.empty())
          return fail(400, Reason::wire_malformed, "a chunk does not end where its size says");
        state_ = State::chunk_size;
        break;
      case State::trailers:
        if (!read_line(in)) return state_ == State::failed ? Event::error : Event::need_more;
        if (line_.empty()) {
          state_ = State::ended;
        } else if (!parse_field(line_, trailers_)) {
          return Event::error;
        }
        break;
      case State::ended:
        // head() and trailers() stay readable until the next call.
        state_ = State::start;
        line_.clear();
        line_done_ = false;
        head_bytes_ = 0;
        field_count_ = 0;
        body_bytes_ = 0;
        return Event::end;
      case State::failed: return Event::error;
    }
  }
}

MessageParser::Event MessageParser::eof() {
  if (state_ == State::failed) return Event::error;
  if (state_ == State::close_body) {
    state_ = State::start;
    line_.clear();
    line_done_ = false;
    return Event::end;
  }
  if (between_messages()) return Event::need_more;
  return fail(400, Reason::wire_truncated, "the connection ends inside an HTTP message");
}

// ---- start lines

bool MessageParser::parse_version(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 8 || !text.starts_with("HTTP/") || !digit(text[5]) || text[6] != '.' ||
      !digit(text[7])) {
    return refuse(400, Reason::wire_malformed, "the start line names no HTTP version");
  }
  if (text[5] != '1' || text[7] > '1') {
    return refuse(505, Reason::wire_unsupported, "only HTTP/1.0 and HTTP/1.1 are spoken here");
  }
  head_.minor = text[7] - '0';
  return true;
}

bool MessageParser::parse_request_line(std::string_view line) {
  begin_message();
  head_bytes_ = line.size() + 2;
  const std::size_t first = line.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos || line.find(' ', second + 1) != std::string_view::npos) {
    return refuse(400, Reason::wire_malformed, "the request line is not METHOD SP target SP HTTP/1.1");
  }
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, second - first - 1);
  if (!is_token(method) || method.size() > method_bytes_max) {
    return refuse(400, Reason::wire_malformed, "the request's method is no token");
  }
  if (!parse_version(line.substr(second + 1))) return false;
  const bool printable =
      std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  const bool known_form = target.starts_with('/') || target.starts_with("http://") ||
                          target.starts_with("https://") || (target == "*" && method == "OPTIONS");
  if (method == "CONNECT") { return refuse(501, Reason::wire_unsupported, "CONNECT is not served here"); }
  if (!printable || !known_form) {
    return refuse(400, Reason::wire_malformed, "the request's target is no path and no http URI");
  }
  head_.method = method;
  head_.target = target;
  return true;
}

bool MessageParser::parse_status_line(std::string_view line) {
  begin_message();
  head_bytes_ = line.size() + 2;
  // HTTP-version SP 3DIGIT SP [reason]
  constexpr std::size_t version_bytes = 8;
  constexpr std::size_t fixed_bytes = 13;
  if (line.size() < fixed_bytes || line[version_bytes] != ' ' || line[12] != ' ') {
    return refuse(400, Reason::wire_malformed, "the status line is not HTTP/1.1 SP code SP reason");
  }
  if (!parse_version(line.substr(0, version_bytes))) return false;
  int status = 0;
  for (const char c : line.substr(9, 3)) {
    if (c < '0' || c > '9') return refuse(400, Reason::wire_malformed, "the status is no number");
    status = status * 10 + (c - '0');
  }
  if (status < 100 || status > 599)
    return refuse(400, Reason::wire_malformed, "the status is not 100 to 599");
  const std::string_view reason = line.substr(fixed_bytes);
  if (!model::Metadata::legal_text(reason)) {
    return refuse(400, Reason::wire_malformed, "the reason phrase holds a control character");
  }
  head_.status = status;
  head_.reason = reason;
  return true;
}

// ---- fields

bool MessageParser::parse_field(std::string_view line, model::Metadata& into) {
  if (++field_count_ > limits_.headers_count_max) {
    return refuse(431, Reason::limit_headers,
                  "the HTTP message has more than " + std::to_string(limits_.headers_count_max) + " fields");
  }
  if (line.front() == ' ' || line.front() == '\t') {
    return refuse(400, Reason::wire_malformed, "a field is folded over several lines");
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return refuse(400, Reason::wire_malformed, "a field's name is no token followed by a colon");
  }
  const std::string_view value = trim(line.substr(colon + 1));
  if (!model::Metadata::legal_text(value)) {
    return refuse(400, Reason::wire_malformed, "a field's value holds a control character");
  }
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(), lower);
  into.add(name, value);
  return true;
}

bool MessageParser::check_host() {
  if (kind_ == MessageKind::response) return true;
  std::size_t hosts = 0;
  for (std::size_t i = 0; i < head_.fields.size(); ++i) {
    if (head_.fields[i].name != "host") continue;
    ++hosts;
    if (!legal_host(head_.fields[i].value)) {
      return refuse(400, Reason::wire_malformed, "Host is not a host and a port");
    }
  }
  if (hosts > 1 || (hosts == 0 && head_.minor == 1)) {
    return refuse(400, Reason::wire_malformed, "a request has exactly one Host");
  }
  return true;
}

bool MessageParser::read_framing() {
  std::size_t encodings = 0;
  for (std::size_t i = 0; i < head_.fields.size(); ++i) {
    const model::Metadata::Entry field = head_.fields[i];
    if (field.name == "content-length") {
      const bool digits =
          std::all_of(field.value.begin(), field.value.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (head_.has_length || field.value.empty() || !digits || field.value.size() > length_digits_max) {
        return refuse(400, Reason::wire_malformed, "Content-Length must be there once, in digits");
      }
      head_.has_length = true;
      for (const char c : field.value) head_.length = head_.length * 10 + static_cast<std::uint64_t>(c - '0');
    } else if (field.name == "transfer-encoding") {
      if (++encodings > 1 || head_.minor == 0) {
        return refuse(400, Reason::wire_malformed,
                      "Transfer-Encoding must be there once, and not in HTTP/1.0");
      }
      if (!equals_ignoring_case(field.value, "chunked")) {
        return refuse(501, Reason::wire_unsupported, "the only Transfer-Encoding spoken here is chunked");
      }
      head_.chunked = true;
    } else if (field.name == "expect") {
      if (!equals_ignoring_case(field.value, "100-continue")) {
        return refuse(417, Reason::wire_unsupported, "the only Expect known here is 100-continue");
      }
      head_.expects_continue = head_.minor == 1;
    }
  }
  if (head_.chunked && head_.has_length) {
    return refuse(400, Reason::wire_malformed, "Content-Length and Transfer-Encoding exclude one another");
  }
  return true;
}

bool MessageParser::read_connection() {
  head_.keep_alive = head_.minor == 1;
  bool close = false;
  for (std::size_t i = 0; i < head_.fields.size(); ++i) {
    if (head_.fields[i].name != "connection") continue;
    std::string_view left = head_.fields[i].value;
    while (!left.empty()) {
      const std::size_t comma = std::min(left.find(','), left.size());
      const std::string_view option = trim(left.substr(0, comma));
      if (equals_ignoring_case(option, "close")) close = true;
      if (equals_ignoring_case(option, "keep-alive")) head_.keep_alive = true;
      left.remove_prefix(std::min(comma + 1, left.size()));
    }
  }
  if (close) head_.keep_alive = false;
  return true;
}

bool MessageParser::finish_head() {
  if (!check_host() || !read_framing() || !read_connection()) return false;
  if (kind_ == MessageKind::response) {
    const int status = head_.status;
    if (status < 200 || status == 204 || status == 304) {
      // A length there is a statement about another message (304) or a mistake; either way no body follows.
      state_ = State::ended;
      return true;
    }
    if (!head_.chunked && !head_.has_length) {
      head_.keep_alive = false;
      state_ = State::close_body;
      return true;
    }
  }
  if (head_.chunked) {
    state_ = State::chunk_size;
    return true;
  }
  if (head_.length > limits_.message_bytes_max) {
    return refuse(413, Reason::limit_message,
                  "the body of " + std::to_string(head_.length) + " bytes is larger than the limit of " +
                      std::to_string(limits_.message_bytes_max));
  }
  left_ = head_.length;
  state_ = left_ == 0 ? State::ended : State::length_body;
  return true;
}

bool MessageParser::parse_chunk_size(std::string_view line) {
  std::uint64_t size = 0;
  std::size_t digits = 0;
  for (; digits < line.size(); ++digits) {
    const char c = lower(line[digits]);
    if (c >= '0' && c <= '9') {
      size = size * 16 + static_cast<std::uint64_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      size = size * 16 + static_cast<std::uint64_t>(c - 'a' + 10);
    } else {
      break;
    }
    if (digits == chunk_digits_max)
      return refuse(413, Reason::limit_message, "a chunk is larger than the limit");
  }
  const std::string_view extension = line.substr(digits);
  // Extensions mean nothing to anybody known; they are passed over when they are well formed at all.
  if (digits == 0 || (!extension.empty() && extension.front() != ';') ||
      !model::Metadata::legal_text(extension)) {
    return refuse(400, Reason::wire_malformed, "a chunk does not begin with its size in hexadecimal digits");
  }
  body_bytes_ += size;
  if (body_bytes_ > limits_.message_bytes_max) {
    return refuse(
        413, Reason::limit_message,
        "the body is larger than the limit of " + std::to_string(limits_.message_bytes_max) + " bytes");
  }
  left_ = size;
  if (size == 0) {
    state_ = State::trailers;
    head_bytes_ = 0;
    field_count_ = 0;
  } else {
    state_ = State::chunk_data;
  }
  return true;
}

}  // namespace koine::codecs::transports::http1
