// The page docs/errors.md, out of the functions that translate how calls end. Any thread.
#pragma once

#include <string>

namespace koine::transcode::pages {

std::string errors_page();

}  // namespace koine::transcode::pages
