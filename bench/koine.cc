// Our contender: plans between the benchmarks' Thrift IDL and what is derived from it, or the Java classes of
// the same messages, as the gateway makes them; and a plain copy.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unordered_map>

#include "contender.h"
#include "idl/derive/derive.h"
#include "idl/java/read.h"
#include "idl/match/match.h"
#include "idl/thrift/read.h"
#include "transcode/name_pairing.h"
#include "transcode/plan.h"

namespace koine::bench {
namespace {

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

struct Schemas {
  std::unique_ptr<idl::Schema> thrift;
  std::unique_ptr<idl::Schema> proto;
  std::unique_ptr<idl::Schema> java;  // written by hand as Thrift's was, and paired with the others by name

  Schemas() {
    const std::string folder = KOINE_BENCH_IDL;
    idl::thrift::ReadResult read =
        idl::thrift::read({folder + "/forward.thrift", folder + "/shapes.thrift"}, {});
    if (read.schema == nullptr) give_up("the IDL of the benchmarks cannot be read");
    thrift = std::move(read.schema);
    auto derived = idl::derive::derive(*thrift, idl::Language::proto);
    if (!derived) give_up(derived.error().to_string());
    proto = std::move(*derived);
    idl::java::ReadResult of_java = idl::java::read({folder + "/java/forward/Echo.java"}, {});
    if (of_java.schema == nullptr) give_up("the Java sources of the benchmarks cannot be read");
    java = std::move(of_java.schema);
  }
  const idl::Schema& of(Format format) const {
    if (format == Format::hessian2) return *java;
    return format == Format::compact || format == Format::binary ? *thrift : *proto;
  }
  const idl::StructType& find(std::string_view type, Format format) const {
    const std::string file = type == "Order" ? "order." : "shapes.";
    const idl::StructType* found = of(format).find_struct(file + std::string(type));
    if (found == nullptr) give_up("there is no " + file + std::string(type));
    return *found;
  }
  idl::match::Side service(Format format) const {
    return {&of(format), of(format).find_service("forward.Echo")};
  }
};

model::BodyFormat body_format(Format format) {
  switch (format) {
    case Format::compact: return model::BodyFormat::thrift_compact;
    case Format::binary: return model::BodyFormat::thrift_binary;
    case Format::protobuf: return model::BodyFormat::protobuf;
    case Format::json: return model::BodyFormat::json;
    case Format::hessian2: return model::BodyFormat::hessian2;
  }
  return model::BodyFormat::none;
}

std::unique_ptr<const transcode::Plan> compile_plan(const transcode::Side& source,
                                                    const transcode::Side& target,
                                                    const transcode::Pairing& pairing) {
  auto plan = transcode::Plan::compile(source, target, pairing, {});
  if (!plan) give_up(plan.error().to_string());
  return std::move(*plan);
}

std::unique_ptr<const transcode::Plan> compile_plan(const Schemas& schemas, std::string_view type,
                                                    Format from, Format to) {
  const transcode::Side source{body_format(from), &schemas.find(type, from), {}};
  const transcode::Side target{body_format(to), &schemas.find(type, to), {}};
  if (from != Format::hessian2 && to != Format::hessian2) {
    return compile_plan(source, target, transcode::OriginPairing());
  }
  const auto match = idl::match::Match::make(schemas.service(from), schemas.service(to), {});
  return compile_plan(source, target, transcode::NamePairing(*match));
}

class Koine final : public Contender {
 public:
  Koine(std::string_view type, Format from, Format to) : plan_(compile_plan(schemas_, type, from, to)) {}
  std::string_view run(const std::string& in) override {
    const base::Status status = plan_->run(base::as_bytes(in), context_, context_.output);
    return status.ok() ? base::as_text(context_.output.bytes()) : std::string_view();
  }

 private:
  Schemas schemas_;
  std::unique_ptr<const transcode::Plan> plan_;
  base::SlabPool pool_;
  transcode::Context context_{&pool_};
};

// What the gateway does with a message that lies in a slab: what is long in it is not copied. The result
// counts as text only when somebody asks for it.
class KoineSlice final : public Contender {
 public:
  KoineSlice(std::string_view type, Format from, Format to) : plan_(compile_plan(schemas_, type, from, to)) {}
  std::string_view run(const std::string& in) override {
    const base::Slice& slice = in_a_slab(in);
    out_.clear();
    const base::Status status = plan_->run(slice, context_, out_);
    return {in.data(), status.ok() ? out_.size() : 0};
  }
  std::string result(const std::string& in) override {
    run(in);
    return out_.to_string();
  }

 private:
  // Messages come again and again; the network would have put each into a slab.
  const base::Slice& in_a_slab(const std::string& in) {
    base::Slice& slice = slices_[in.data()];
    if (!slice.empty()) return slice;
    base::SlabRef slab = pool_.take(in.size());
    std::memcpy(slab->data(), in.data(), in.size());
    slab->used = in.size();
    const std::uint8_t* data = slab->data();
    return slice = base::Slice(std::move(slab), data, in.size());
  }

  Schemas schemas_;
  std::unique_ptr<const transcode::Plan> plan_;
  base::SlabPool pool_;
  transcode::Context context_{&pool_};
  std::unordered_map<const char*, base::Slice> slices_;
  base::Buffer out_{&pool_};
};

class Copy final : public Contender {
 public:
  std::string_view run(const std::string& in) override {
    if (out_.size() < in.size()) out_.resize(in.size());
    std::memcpy(out_.data(), in.data(), in.size());
    return {out_.data(), in.size()};
  }

 private:
  std::string out_;
};

}  // namespace

std::unique_ptr<Contender> make_koine(std::string_view type, Format from, Format to) {
  return std::make_unique<Koine>(type, from, to);
}
std::unique_ptr<Contender> make_koine_slice(std::string_view type, Format from, Format to) {
  return std::make_unique<KoineSlice>(type, from, to);
}
std::unique_ptr<Contender> make_copy() { return std::make_unique<Copy>(); }

}  // namespace koine::bench
