// `koine version`: what was built, with what.
#include <string>
#include <string_view>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/output.h"

namespace koine::cli {

int version(bool json) {
  // "name version|name version…", from the build.
  std::string_view rest =
      "koine " KOINE_VERSION "|compiler " __VERSION__ "|build " KOINE_BUILD_TYPE KOINE_LIBRARY_VERSIONS;
  std::string out = json ? "{" : "";
  while (!rest.empty()) {
    const std::size_t end = rest.find('|');
    const std::string_view one = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    const std::size_t space = one.find(' ');
    if (space == std::string_view::npos) continue;
    if (json) {
      out += (out.size() > 1 ? "," : "") + base::quote_json(one.substr(0, space)) + ":" +
             base::quote_json(one.substr(space + 1));
    } else {
      out.append(one).append("\n");
    }
  }
  print(json ? out + "}\n" : out);
  return exit_ok;
}

}  // namespace koine::cli
