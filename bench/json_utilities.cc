// The opponents of JSON: libprotobuf's utilities from bytes to bytes, which work on descriptors and make no
// message object; for Thrift, generated code translates to protobuf and the utilities go on from there.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver.h>
#include <google/protobuf/util/type_resolver_util.h>

#include "contender.h"
#include "copies.h"

namespace koine::bench {
namespace {

namespace util = google::protobuf::util;

class JsonUtilities final : public Contender {
 public:
  JsonUtilities(std::string_view type, Format to)
      : to_(to),
        url_("type.googleapis.com/" + full_name(type)),
        resolver_(util::NewTypeResolverForDescriptorPool(
            "type.googleapis.com", google::protobuf::DescriptorPool::generated_pool())) {}
  std::string_view run(const std::string& in) override {
    out_.clear();
    const util::Status status = to_ == Format::json
                                    ? util::BinaryToJsonString(resolver_.get(), url_, in, &out_)
                                    : util::JsonToBinaryString(resolver_.get(), url_, in, &out_);
    return status.ok() ? std::string_view(out_) : std::string_view();
  }

 private:
  static std::string full_name(std::string_view type) {
#define KOINE_NAME(file, name) \
  if (type == #name) return file::name::descriptor()->full_name();
    KOINE_BENCH_TYPES(KOINE_NAME)
#undef KOINE_NAME
    return {};
  }
  Format to_;
  std::string url_;
  std::unique_ptr<util::TypeResolver> resolver_;
  std::string out_;
};

class Chain final : public Contender {
 public:
  Chain(std::unique_ptr<Contender> first, std::unique_ptr<Contender> second)
      : first_(std::move(first)), second_(std::move(second)) {}
  std::string_view run(const std::string& in) override {
    between_.assign(first_->run(in));
    return second_->run(between_);
  }

 private:
  std::unique_ptr<Contender> first_;
  std::unique_ptr<Contender> second_;
  std::string between_;
};

}  // namespace

std::unique_ptr<Contender> make_json_utilities(std::string_view type, Format from, Format to) {
  auto utilities = std::make_unique<JsonUtilities>(type, to);
  if (from == Format::protobuf || to == Format::protobuf) return utilities;
  if (to == Format::json) {
    return std::make_unique<Chain>(
        make_generated(type, from, Format::protobuf, Thrift::standard, Objects::reused),
        std::move(utilities));
  }
  return std::make_unique<Chain>(
      std::move(utilities), make_generated(type, Format::protobuf, to, Thrift::standard, Objects::reused));
}

}  // namespace koine::bench
