// Failure: why a value could not be read or written, and where it is. Shared by reader and writer; one run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "codecs/bodies/thrift_json/shape.h"

namespace koine::codecs::bodies::thrift_json {

class Failure {
 public:
  // The first one stays. `message` is static text. Always false.
  bool fail(base::Reason reason, std::string_view message) {
    if (status_.ok()) status_ = base::Status(reason, std::string(message));
    return false;
  }
  bool fail(base::Status status) {
    if (status_.ok()) status_ = std::move(status);
    return false;
  }
  bool too_long() {
    return fail(base::Reason::limit_message, "the message is longer than message_bytes_max");
  }
  bool too_deep() {
    return fail(base::Reason::limit_depth, "structs and containers are nested deeper than nesting_max");
  }
  // Steps of the path, innermost first, as the frames return. Always false.
  bool at_field(const FieldShape* field, std::int32_t id) {
    const bool joined = !path_.empty() && path_[0] != '[';
    path_.insert(0, (field != nullptr ? field->name : std::to_string(id)) + (joined ? "." : ""));
    return false;
  }
  bool at_index(std::size_t index) {
    const bool joined = !path_.empty() && path_[0] != '[';
    path_.insert(0, '[' + std::to_string(index) + (joined ? "]." : "]"));
    return false;
  }
  base::Status take() {
    if (path_.empty()) return std::move(status_);
    return base::Status(status_.reason(), std::string(status_.message()), std::move(path_));
  }

 private:
  base::Status status_;
  std::string path_;
};

}  // namespace koine::codecs::bodies::thrift_json
