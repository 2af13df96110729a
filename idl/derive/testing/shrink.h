// Makes a failing schema small: leaves out definitions and lines as long as it still fails. Test code only.
#pragma once

#include <functional>

#include "idl/derive/testing/support.h"

namespace koine::idl::derive::testing {

// `fails` must hold for `files`; it holds for what is returned, from which no single file, definition or line
// can be left out. It is asked with many texts that are no schemas, for which it has to say false.
Files shrunk(Files files, const std::function<bool(const Files&)>& fails);

}  // namespace koine::idl::derive::testing
