// Pages of docs/ say what the code does: the parts that are written from its tables are compared with them.
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "transcode/pages/bad_input_page.h"
#include "transcode/pages/errors_page.h"
#include "transcode/pages/kinds_page.h"

namespace koine::transcode::pages {
namespace {

// What to call when a page is not what the code says.
constexpr const char* advice = "write it anew: KOINE_WRITE_DOCS=1 transcode_pages_test";

std::string read(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string path_of(const char* page) { return std::string(KOINE_SOURCE_DIR) + "/docs/" + page; }

// Compares what stands between two marks of a page, or writes it.
void expect_part(const char* page, const std::string& name, const std::string& wanted) {
  const std::string begin = "<!-- " + name + ": written by transcode/pages -->\n";
  const std::string end = "<!-- end of " + name + " -->\n";
  std::string text = read(path_of(page));
  const std::size_t from = text.find(begin);
  const std::size_t to = text.find(end);
  ASSERT_NE(from, std::string::npos) << begin;
  ASSERT_NE(to, std::string::npos) << end;
  const std::size_t at = from + begin.size();
  if (std::getenv("KOINE_WRITE_DOCS") != nullptr) {
    text.replace(at, to - at, wanted);
    std::ofstream(path_of(page)) << text;
    return;
  }
  EXPECT_TRUE(text.substr(at, to - at) == wanted) << advice;
}

TEST(Pages, KindsAreWhatTheCompilerDecides) { expect_part("mapping.md", "kinds", kinds_tables()); }

TEST(Pages, BadInputIsReadOrRefusedAsTheTableSays) {
  const std::string table = bad_input_table();
  EXPECT_EQ(table.find('?'), std::string::npos)
      << "a plan that cannot be compiled, or an answer without JSON";
  expect_part("mapping.md", "bad input", table);
}

TEST(Pages, ErrorsAreWhatTheCodecsSay) {
  const std::string wanted = errors_page();
  EXPECT_EQ(wanted.find('?'), std::string::npos) << "a call that does not cross at all";
  if (std::getenv("KOINE_WRITE_DOCS") != nullptr) std::ofstream(path_of("errors.md")) << wanted;
  EXPECT_TRUE(read(path_of("errors.md")) == wanted) << advice;
}

}  // namespace
}  // namespace koine::transcode::pages
