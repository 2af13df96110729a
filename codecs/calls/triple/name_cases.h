// Attachments' names that have a case. HTTP/2 has none, so Dubbo says them in a header of their own: JSON of
// names in lower case and as they were, {"somename":"someName"}, percent-encoded. The names are without the
// "-bin" of octets. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

#include "model/metadata.h"

namespace koine::codecs::calls::triple {

// Gives entries of `metadata` the names that the header's `value` says. What is no such JSON says nothing.
void restore_cases(std::string_view value, model::Metadata& metadata);
// The header's value, empty when no name has a case.
std::string cases_of(const model::Metadata& metadata);

}  // namespace koine::codecs::calls::triple
