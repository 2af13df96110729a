// Attachment maps, read and written.
#include "codecs/calls/dubbo/attachments.h"

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/calls/dubbo/attachment_names.h"

namespace koine::codecs::calls::dubbo {
namespace {

namespace hessian2 = bodies::hessian2;

struct Pair {
  std::string_view key;    // as it came
  std::string_view name;   // in lower case
  std::string_view value;  // text, or octets
  bool is_text = false;
};

class Reader {
 public:
  Reader(hessian2::Walker& walker, const base::Limits& limits, model::Metadata& metadata)
      : walker_(walker), limits_(limits), metadata_(metadata) {}

  // `takes` says yes to a text that is none of the metadata.
  template <class Takes>
  AttachmentsRead read(const std::uint8_t* p, const std::uint8_t* end, Takes&& takes) {
    // (A request of Tengine's has null, one of very old libraries has nothing.)
    if (p == end || *p == hessian2::lead_null) return AttachmentsRead::good;
    p = walker_.open_map(p, end);
    if (p == nullptr) return failed();
    while (p != end && *p != hessian2::lead_end) {
      const std::uint8_t* const begin = p;
      Pair pair;
      bool is_plain = false;
      p = read_pair(p, end, pair, is_plain);
      if (p == nullptr) return failed();
      if (is_hop_name(pair.name) && !(is_plain && pair.is_text)) return AttachmentsRead::malformed;
      if (!is_plain) {
        native_.append(reinterpret_cast<const char*>(begin), static_cast<std::size_t>(p - begin));
        ++native_entries_;
      } else if (!pair.is_text || !takes(pair)) {
        add(pair);
      }
      if (metadata_.size() + native_entries_ > limits_.headers_count_max ||
          metadata_.list_bytes() + native_.size() > limits_.headers_bytes_max) {
        return AttachmentsRead::too_many;
      }
    }
    if (p == end) return AttachmentsRead::malformed;
    if (native_entries_ != 0) metadata_.set_native(protocol_name, native_entries_, std::move(native_));
    return AttachmentsRead::good;
  }

 private:
  AttachmentsRead failed() const {
    return walker_.fault() == Fault::too_deep ? AttachmentsRead::too_deep : AttachmentsRead::malformed;
  }

  // Behind key and value; null when there are none. `is_plain`: `pair` is what they are.
  const std::uint8_t* read_pair(const std::uint8_t* p, const std::uint8_t* end, Pair& pair, bool& is_plain) {
    const bool has_name = read_name(p, end, pair);
    p = walker_.skip(p, end);
    if (p == nullptr) return nullptr;
    is_plain = has_name && read_value(p, end, pair);
    return walker_.skip(p, end);
  }
  bool read_name(const std::uint8_t* p, const std::uint8_t* end, Pair& pair) {
    if (p == end || !hessian2::is_text_lead(*p)) return false;
    if (hessian2::read_text(p, end, key_, pair.key) == nullptr) return false;
    lower_name(pair.key, lower_);
    pair.name = lower_;
    return model::Metadata::legal_name(lower_) && !model::Metadata::binary_name(lower_);
  }
  bool read_value(const std::uint8_t* p, const std::uint8_t* end, Pair& pair) {
    if (p == end) return false;
    if (hessian2::is_octets_lead(*p)) {
      const hessian2::Extent extent = hessian2::measure_octets(p, end);
      if (extent.next == nullptr) return false;
      value_.resize(extent.bytes);
      hessian2::copy_octets(p, end, reinterpret_cast<std::uint8_t*>(value_.data()));
      pair.value = value_;
      return true;
    }
    // Dubbo 2.7 has lines in which the timeout is a number.
    if (is_hop_name(pair.name) && hessian2::scalar_bytes(*p) != 0) {
      const hessian2::Number number = hessian2::read_integer(p, end);
      value_ = number.next == nullptr ? std::string() : std::to_string(number.value);
      pair.value = value_;
      pair.is_text = true;
      return true;
    }
    pair.is_text = hessian2::is_text_lead(*p);
    return pair.is_text && hessian2::read_text(p, end, value_, pair.value) != nullptr &&
           model::Metadata::legal_text(pair.value);
  }
  void add(const Pair& pair) {
    if (pair.is_text) return metadata_.add(pair.name, pair.value, pair.key);
    std::string key(pair.key);
    key.append(binary_suffix);
    lower_.append(binary_suffix);
    metadata_.add(lower_, pair.value, key);
  }

  hessian2::Walker& walker_;
  const base::Limits& limits_;
  model::Metadata& metadata_;
  std::string native_;
  std::size_t native_entries_ = 0;
  std::string key_;
  std::string lower_;
  std::string value_;
};

struct Writer {
  std::string& out;
  void text(std::string_view key, std::string_view value) {
    hessian2::append_text(out, key);
    hessian2::append_text(out, value);
  }
  void octets(std::string_view key, std::string_view value) {
    hessian2::append_text(out, key);
    hessian2::append_octets(out, value);
  }
};

}  // namespace

AttachmentsRead read_request_attachments(const std::uint8_t* p, const std::uint8_t* end,
                                         hessian2::Walker& walker, const base::Limits& limits,
                                         model::CallHead& head, std::string& group) {
  return Reader(walker, limits, head.metadata).read(p, end, [&](const Pair& pair) {
    return take_request_text(pair.name, pair.value, head, group);
  });
}

AttachmentsRead read_reply_attachments(const std::uint8_t* p, const std::uint8_t* end,
                                       hessian2::Walker& walker, const base::Limits& limits,
                                       model::Metadata& metadata) {
  return Reader(walker, limits, metadata).read(p, end, [](const Pair& pair) {
    return is_hop_name(pair.name);
  });
}

void append_request_attachments(std::string& out, const model::CallHead& head, std::string_view service,
                                std::string_view group, std::string_view version) {
  out.push_back(static_cast<char>(hessian2::lead_map));
  write_request(Writer{out}, head, service, group, version);
  out.append(head.metadata.native(protocol_name));
  out.push_back(static_cast<char>(hessian2::lead_end));
}

void append_reply_attachments(std::string& out, const model::Metadata& metadata,
                              const model::Metadata& trailers) {
  out.push_back(static_cast<char>(hessian2::lead_map));
  Writer writer{out};
  write_metadata(writer, metadata, true);
  write_metadata(writer, trailers, true);
  out.append(metadata.native(protocol_name));
  writer.text("dubbo", dubbo_version);
  out.push_back(static_cast<char>(hessian2::lead_end));
}

}  // namespace koine::codecs::calls::dubbo
