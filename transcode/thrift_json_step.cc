// Thrift's JSON protocol as the text of binary structs: the shapes that codecs/bodies/thrift_json goes by,
// and an Output to write into.
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "codecs/bodies/thrift_json/reader.h"
#include "codecs/bodies/thrift_json/types.h"
#include "codecs/bodies/thrift_json/writer.h"
#include "transcode/compile.h"
#include "transcode/context.h"
#include "transcode/format_step.h"
#include "transcode/plan.h"

namespace koine::transcode {
namespace {

namespace thrift_json = codecs::bodies::thrift_json;
using idl::Kind;
using model::BodyFormat;
using thrift_json::StructShape;
using thrift_json::ValueShape;

// An Output while it is written into. What is longer than message_bytes_max is noticed at the end: room is
// asked for before it is known how much of it is used.
class OutputSink final : public thrift_json::Sink {
 public:
  OutputSink(Output& output, std::size_t expected, std::size_t bytes_max)
      : output_(output), bytes_max_(bytes_max) {
    output.start(std::max<std::size_t>(expected, 256));
    begin_ = at_ = output.begin();
    limit_ = output.limit();
  }
  base::Status finish() {
    if (size() > bytes_max_) {
      return base::Status(base::Reason::limit_message, "the message is longer than message_bytes_max");
    }
    output_.finish(size());
    return {};
  }

 private:
  bool grow(std::size_t bytes) override {
    const std::size_t used = size();
    if (used > bytes_max_ || bytes > bytes_max_ + 64) return false;
    output_.grow(used, bytes + 64);
    begin_ = output_.begin();
    at_ = begin_ + used;
    limit_ = output_.limit();
    return true;
  }

  Output& output_;
  std::size_t bytes_max_;
};

class ThriftJsonStep final : public FormatStep {
 public:
  base::Status compile(const idl::StructType& root) {
    root_ = &add(root);
    if (problems_.empty()) return {};
    std::string text = "Thrift's JSON has no form for:";
    for (const std::string& problem : problems_) text += "\n  " + problem;
    return base::Status(base::Reason::map_type, std::move(text));
  }

  base::Status read(base::Bytes text, Context& /*context*/, Output& binary,
                    const PlanOptions& options) const override {
    OutputSink sink(binary, text.size(), options.limits.message_bytes_max);
    KOINE_RETURN_IF_ERROR(thrift_json::to_binary(text, root_, options.limits.nesting_max, sink));
    return sink.finish();
  }
  base::Status write(base::Bytes binary, Context& /*context*/, Output& text,
                     const PlanOptions& options) const override {
    OutputSink sink(text, 2 * binary.size(), options.limits.message_bytes_max);
    KOINE_RETURN_IF_ERROR(thrift_json::from_binary(binary, root_, options.limits.nesting_max, sink));
    return sink.finish();
  }

 private:
  const StructShape& add(const idl::StructType& type) {
    const auto known = known_.find(&type);
    if (known != known_.end()) return *known->second;
    StructShape& made = shapes_.structs.emplace_back();
    known_[&type] = &made;  // first, so that recursive types find it
    for (const idl::Field& field : type.fields) {
      path_.push_back(field.name);
      const ValueShape& value = add(*field.type);
      path_.pop_back();
      made.fields.push_back({field.id, &value, field.name});
    }
    std::sort(made.fields.begin(), made.fields.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    return made;
  }

  const ValueShape& add(const idl::Type& declared) {
    const idl::Type& type = written_type(BodyFormat::thrift_binary, declared);
    ValueShape& made = shapes_.values.emplace_back();
    made.type = wire_form(BodyFormat::thrift_binary, type).type;
    made.octets = type.kind == Kind::bytes;
    if (type.structure != nullptr) made.structure = &add(*type.structure);
    if (type.key != nullptr) made.key = &add(*type.key);
    if (type.element != nullptr) made.element = &add(*type.element);
    if (made.key != nullptr && !thrift_json::is_key(made.key->type)) {
      std::string path;
      for (const std::string& step : path_) path += (path.empty() ? "" : ".") + step;
      problems_.push_back(path + ": a map whose keys are structs or containers");
    }
    return made;
  }

  thrift_json::Shapes shapes_;
  const StructShape* root_ = nullptr;
  // While it is compiled.
  std::map<const idl::StructType*, const StructShape*> known_;
  std::vector<std::string> path_;
  std::vector<std::string> problems_;
};

}  // namespace

base::Result<std::unique_ptr<const FormatStep>> compile_thrift_json_step(const idl::StructType& root) {
  auto form = std::make_unique<ThriftJsonStep>();
  KOINE_RETURN_IF_ERROR(form->compile(root));
  return std::unique_ptr<const FormatStep>(std::move(form));
}

}  // namespace koine::transcode
