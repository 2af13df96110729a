// The opponents: generated code on both sides and a copy between the objects. Included by generated_*.cc
// only.
#pragma once

#include <array>

#include <google/protobuf/arena.h>
#include <thrift/transport/TBufferTransports.h>

#include "contender.h"
#include "copies.h"

namespace koine::bench {

// A protobuf message: new in an arena each time, or one that is cleared and keeps its memory.
template <class Proto>
class ProtobufObject {
 public:
  explicit ProtobufObject(Objects objects) : objects_(objects), arena_(options()) {}
  Proto* fresh() {
    if (objects_ == Objects::reused) {
      reused_.Clear();
      return &reused_;
    }
    arena_.Reset();
    return google::protobuf::Arena::CreateMessage<Proto>(&arena_);
  }

 private:
  google::protobuf::ArenaOptions options() {
    google::protobuf::ArenaOptions options;
    options.initial_block = block_.data();
    options.initial_block_size = block_.size();
    return options;
  }
  Objects objects_;
  alignas(16) std::array<char, 262144> block_{};
  google::protobuf::Arena arena_;
  Proto reused_;
};

// A transport for one message after the other: libthrift counts what a transport has read in all, and must be
// told where a message begins.
class MessageBuffer final : public apache::thrift::transport::TMemoryBuffer {
 public:
  using TMemoryBuffer::TMemoryBuffer;
  void read_from(std::string_view in) {
    resetBuffer(reinterpret_cast<std::uint8_t*>(const_cast<char*>(in.data())),
                static_cast<std::uint32_t>(in.size()));
    resetConsumedMessageSize();
  }
  void start() { resetBuffer(); }
  std::string_view written() {
    std::uint8_t* bytes = nullptr;
    std::uint32_t size = 0;
    getBuffer(&bytes, &size);
    return {reinterpret_cast<const char*>(bytes), size};
  }
};

template <class Object, class Proto, class Protocol>
class FromThrift final : public Contender {
 public:
  explicit FromThrift(Objects objects) : proto_(objects) {}
  std::string_view run(const std::string& in) override {
    buffer_->read_from(in);
    forget(object_);
    object_.read(&protocol_);
    Proto* to = proto_.fresh();
    to_proto(object_, to);
    const std::size_t size = to->ByteSizeLong();
    if (out_.size() < size) out_.resize(size * 2);
    to->SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(out_.data()));
    return {out_.data(), size};
  }

 private:
  std::shared_ptr<MessageBuffer> buffer_ = std::make_shared<MessageBuffer>();
  Protocol protocol_{buffer_};
  Object object_;
  ProtobufObject<Proto> proto_;
  std::string out_;
};

template <class Object, class Proto, class Protocol>
class ToThrift final : public Contender {
 public:
  explicit ToThrift(Objects objects) : proto_(objects) {}
  std::string_view run(const std::string& in) override {
    Proto* from = proto_.fresh();
    if (!from->ParseFromArray(in.data(), static_cast<int>(in.size()))) return {};
    to_thrift(*from, object_);
    buffer_->start();
    object_.write(&protocol_);
    return buffer_->written();
  }

 private:
  std::shared_ptr<MessageBuffer> buffer_ = std::make_shared<MessageBuffer>(1 << 16);
  Protocol protocol_{buffer_};
  Object object_;
  ProtobufObject<Proto> proto_;
};

// One Thrift protocol to the other: decode and encode, nothing to copy.
template <class Object, class Reader, class Writer>
class BetweenThrifts final : public Contender {
 public:
  std::string_view run(const std::string& in) override {
    from_->read_from(in);
    forget(object_);
    object_.read(&reader_);
    to_->start();
    object_.write(&writer_);
    return to_->written();
  }

 private:
  std::shared_ptr<MessageBuffer> from_ = std::make_shared<MessageBuffer>();
  std::shared_ptr<MessageBuffer> to_ = std::make_shared<MessageBuffer>(1 << 16);
  Reader reader_{from_};
  Writer writer_{to_};
  Object object_;
};

template <class Object, class Proto, class Compact, class Binary>
std::unique_ptr<Contender> make_generated_of(Format from, Format to, Objects objects) {
  if (from == Format::compact && to == Format::protobuf) {
    return std::make_unique<FromThrift<Object, Proto, Compact>>(objects);
  }
  if (from == Format::binary && to == Format::protobuf) {
    return std::make_unique<FromThrift<Object, Proto, Binary>>(objects);
  }
  if (from == Format::protobuf && to == Format::compact) {
    return std::make_unique<ToThrift<Object, Proto, Compact>>(objects);
  }
  if (from == Format::protobuf && to == Format::binary) {
    return std::make_unique<ToThrift<Object, Proto, Binary>>(objects);
  }
  if (from == Format::compact && to == Format::binary) {
    return std::make_unique<BetweenThrifts<Object, Compact, Binary>>();
  }
  if (from == Format::binary && to == Format::compact) {
    return std::make_unique<BetweenThrifts<Object, Binary, Compact>>();
  }
  return nullptr;
}

}  // namespace koine::bench
