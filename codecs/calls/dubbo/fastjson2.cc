// Values behind their lengths, read and written.
#include "codecs/calls/dubbo/fastjson2.h"

#include <optional>

#include "base/result.h"
#include "codecs/calls/dubbo/attachment_names.h"
#include "codecs/calls/dubbo/attachments.h"
#include "codecs/calls/dubbo/descriptor.h"
#include "codecs/calls/dubbo/jsonb.h"
#include "codecs/calls/dubbo/result.h"
#include "codecs/calls/dubbo/thrown.h"
#include "codecs/utf8.h"
#include "codecs/wire.h"

namespace koine::codecs::calls::dubbo::fastjson2 {
namespace {

using base::Reason;
using base::Status;

constexpr std::size_t length_bytes = 4;

// The values of a body, one after the other.
class Values {
 public:
  explicit Values(base::Bytes body) : p_(body.data()), end_(p_ + body.size()) {}

  bool next() {
    if (static_cast<std::size_t>(end_ - p_) < length_bytes) return false;
    const std::uint32_t length = load_be32(p_);
    if (static_cast<std::size_t>(end_ - p_) - length_bytes < length) return false;
    begin_ = p_ + length_bytes;
    p_ = begin_ + length;
    return true;
  }
  bool next_text(std::string& text) {
    text.clear();
    if (!next()) return false;
    return is_null() || jsonb::read_text(begin_, p_, text) == p_;
  }
  bool is_null() const { return p_ - begin_ == 1 && *begin_ == jsonb::lead_null; }
  const std::uint8_t* begin() const { return begin_; }  // of the last one
  const std::uint8_t* end() const { return p_; }
  bool all_read() const { return p_ == end_; }

 private:
  const std::uint8_t* begin_ = nullptr;
  const std::uint8_t* p_;
  const std::uint8_t* const end_;
};

// The map of attachments of a request.
class Reader {
 public:
  Reader(const base::Limits& limits, model::CallHead& head, std::string& group)
      : limits_(limits), head_(head), group_(group) {}

  Status read(const std::uint8_t* p, const std::uint8_t* end) {
    if (p == end || *p != jsonb::lead_object) return malformed_request("attachments");
    ++p;
    while (p != end && *p != jsonb::lead_object_end) {
      const std::uint8_t* const begin = p;
      p = jsonb::read_name(p, end, key_);
      if (p == nullptr) return malformed_request("attachments");
      lower_name(key_, name_);
      const std::uint8_t* const value = p;
      p = jsonb::skip(p, end, limits_.nesting_max);
      if (p == nullptr) return malformed_request("attachments");
      const bool is_text =
          is_plain_name() && jsonb::read_text(value, p, text_) == p && model::Metadata::legal_text(text_);
      if (!is_text) {
        // A provider goes by them.
        if (is_hop_name(name_)) return malformed_request("attachments");
        native_.append(reinterpret_cast<const char*>(begin), static_cast<std::size_t>(p - begin));
        ++native_entries_;
      } else if (!take_request_text(name_, text_, head_, group_)) {
        head_.metadata.add(name_, text_, key_);
      }
      if (head_.metadata.size() + native_entries_ > limits_.headers_count_max ||
          head_.metadata.list_bytes() + native_.size() > limits_.headers_bytes_max) {
        return Status(Reason::limit_headers,
                      "more attachments than headers_count_max or headers_bytes_max allow");
      }
    }
    if (p == end) return malformed_request("attachments");
    if (native_entries_ != 0) head_.metadata.set_native(protocol_name, native_entries_, std::move(native_));
    return {};
  }

 private:
  bool is_plain_name() const {
    return model::Metadata::legal_name(name_) && !model::Metadata::binary_name(name_);
  }

  const base::Limits& limits_;
  model::CallHead& head_;
  std::string& group_;
  std::string native_;
  std::size_t native_entries_ = 0;
  std::string key_;
  std::string name_;
  std::string text_;
};

struct Writer {
  std::string& out;
  void text(std::string_view key, std::string_view value) {
    jsonb::append_text(out, key);
    jsonb::append_text(out, value);
  }
  void octets(std::string_view key, std::string_view value) {
    jsonb::append_text(out, key);
    jsonb::append_octets(out, value);
  }
};

// What `write` appends, behind its length.
template <class Write>
void append_value(std::string& out, Write&& write) {
  const std::size_t at = out.size();
  out.append(length_bytes, '\0');
  write();
  store_be32(reinterpret_cast<std::uint8_t*>(out.data()) + at,
             static_cast<std::uint32_t>(out.size() - at - length_bytes));
}

}  // namespace

Status read_invocation(base::Bytes body, const base::Limits& limits, Invocation& out) {
  out.head.protocol = protocol_name;
  out.head.body_format = model::BodyFormat::opaque;
  Values values(body);
  std::string text;
  std::string version;
  for (std::size_t word = 0; word < word_count; ++word) {
    if (!values.next_text(text)) return malformed_request(word_name(word));
    KOINE_RETURN_IF_ERROR(take_word(word, text, limits, out));
    if (word == word_version) version = text;
  }
  const std::optional<std::size_t> arguments = count_arguments(out.head.signature);
  if (!arguments) return malformed_request(word_name(word_signature));
  out.arguments_at = static_cast<std::size_t>(values.end() - body.data());
  for (std::size_t i = 0; i < *arguments; ++i) {
    if (!values.next()) return malformed_request("argument " + std::to_string(i + 1));
  }
  out.arguments_size = static_cast<std::size_t>(values.end() - body.data()) - out.arguments_at;
  std::string group;
  if (!values.next()) return malformed_request("attachments");
  if (!values.is_null()) {
    KOINE_RETURN_IF_ERROR(Reader(limits, out.head, group).read(values.begin(), values.end()));
  }
  return take_key(group, version, limits, out.head);
}

void append_invocation_begin(std::string& out, const model::CallHead& head) {
  const ServiceKey key = split_service_key(head.service);
  const std::string_view signature = head.signature;
  for (const std::string_view word :
       {dubbo_version, key.service, told_version(key), std::string_view(head.method), signature}) {
    append_words(out, word);
  }
}

void append_invocation_end(std::string& out, const model::CallHead& head) {
  const ServiceKey key = split_service_key(head.service);
  append_value(out, [&] {
    out.push_back(static_cast<char>(jsonb::lead_object));
    write_request(Writer{out}, head, key.service, key.group, key.version);
    out.append(head.metadata.native(protocol_name));
    out.push_back(static_cast<char>(jsonb::lead_object_end));
  });
}

Status read_result(base::Bytes body, const base::Limits& limits, model::Outcome& out) {
  Values values(body);
  std::int32_t type = -1;
  const bool is_typed = values.next() && jsonb::read_int(values.begin(), values.end(), type) == values.end();
  if (!is_typed || type < 0 || type >= result_types) {
    return Status(Reason::upstream_protocol, "the answer does not say what it is");
  }
  if (type % result_attachments_from != result_exception) return {};
  Thrown thrown;
  if (!values.next()) return Status(Reason::upstream_protocol, "the answer's exception is cut off");
  const std::uint8_t* const end = values.end();
  const std::uint8_t* p = jsonb::read_class(values.begin(), end, thrown.class_name);
  std::string name;
  if (p != nullptr && p != end && *p == jsonb::lead_object) ++p;
  while (p != nullptr && p != end && *p != jsonb::lead_object_end) {
    // Names are told once and then by their numbers; the first object's own are told.
    p = jsonb::read_name(p, end, name);
    if (p == nullptr) break;
    std::int32_t code = 0;
    if (name == message_field) jsonb::read_text(p, end, thrown.message);
    if (name == code_field && jsonb::read_int(p, end, code) != nullptr) thrown.code = code;
    p = jsonb::skip(p, end, limits.nesting_max);
  }
  out = outcome_from_thrown(thrown);
  return {};
}

std::string read_words(base::Bytes body) {
  Values values(body);
  std::string text;
  return values.next_text(text) ? text : std::string();
}

void append_words(std::string& out, std::string_view utf8) {
  append_value(out, [&] { jsonb::append_text(out, utf8); });
}

void append_thrown(std::string& out, const model::Outcome& outcome, bool with_attachments) {
  append_value(out, [&] {
    jsonb::append_int(out, result_exception + (with_attachments ? result_attachments_from : 0));
  });
  const ThrownClass thrown = class_thrown_for(outcome);
  append_value(out, [&] {
    out.push_back(static_cast<char>(jsonb::lead_typed));
    jsonb::append_text(out, thrown.name);
    jsonb::append_int(out, 0);
    out.push_back(static_cast<char>(jsonb::lead_object));
    Writer(out).text(message_field, to_utf8(model::coded_text(outcome)));
    if (thrown.code) {
      jsonb::append_text(out, code_field);
      jsonb::append_int(out, *thrown.code);
    }
    out.push_back(static_cast<char>(jsonb::lead_object_end));
  });
  if (!with_attachments) return;
  append_value(out, [&] {
    out.push_back(static_cast<char>(jsonb::lead_object));
    Writer writer{out};
    write_metadata(writer, outcome.trailers, true);
    writer.text("dubbo", dubbo_version);
    out.push_back(static_cast<char>(jsonb::lead_object_end));
  });
}

}  // namespace koine::codecs::calls::dubbo::fastjson2
