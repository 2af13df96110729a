// What a failed call says besides its code and text: the declared exception, or any other details of its
// google.rpc.Status, as JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "control/schema_set.h"

namespace koine::cli {

struct ErrorDetail {
  std::string type;  // full name of the message: "shop.OrderNotFound"
  std::string
      value;  // JSON: its fields; of a type that the schemas do not have, its bytes as base64 in quotes
};

// `status` is a serialized google.rpc.Status (model::Outcome::details); empty or unreadable: none.
std::vector<ErrorDetail> error_details(control::SchemaSet& schemas, std::string_view status);

// [{"type":…,"value":…}, …]
std::string details_json(const std::vector<ErrorDetail>& details);

}  // namespace koine::cli
