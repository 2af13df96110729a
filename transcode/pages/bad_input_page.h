// The table of bad input in docs/mapping.md, out of what plans say of it. Any thread.
#pragma once

#include <string>

namespace koine::transcode::pages {

// One row a mistake, one column a format: what the message is read as, or why it is refused.
std::string bad_input_table();

}  // namespace koine::transcode::pages
