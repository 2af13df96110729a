// A structural walk: are these bytes one whole body of their format, nested no deeper than allowed?
//
// What a body that is passed on untouched gets instead of a transcode, so that malformed bytes do not reach a
// peer that would trust them. Needs no schema. Pure, no allocation unless it fails, any thread.
#pragma once

#include <cstddef>

#include "base/buffer.h"
#include "base/status.h"
#include "model/call.h"

namespace koine::transcode {

// WIRE_TRUNCATED, WIRE_MALFORMED or LIMIT_DEPTH. Formats that nobody here reads pass.
base::Status walk_body(model::BodyFormat format, base::Bytes body, std::size_t nesting_max);

}  // namespace koine::transcode
