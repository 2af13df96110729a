// The body kit finds what it is there to find.
#include "codecs/conformance/body_kit.h"

#include <gtest/gtest.h>

namespace koine::codecs::conformance {
namespace {

enum class Flaw { none, changes_values, unstable, lax_walk, accepts_prefixes, trusts_length, no_depth_limit };

// A body is '(' values ')', a value is a body or 'a' u8-length text.
class Toy final : public BodyUnderTest {
 public:
  explicit Toy(Flaw flaw) : flaw_(flaw) {}

  base::Status rewrite(base::Bytes body, std::string& out) override {
    out.clear();
    std::size_t depth = 0;
    for (std::size_t at = 0; at < body.size(); ++at) {
      const char c = static_cast<char>(body[at]);
      if (c == '(') {
        if (++depth > 64 && flaw_ != Flaw::no_depth_limit)
          return base::Status(base::Reason::limit_depth, "deep");
        out += c;
      } else if (c == ')' && depth > 0) {
        out += c;
        if (--depth == 0) return at + 1 == body.size() ? base::Status() : bad();
      } else if (c == 'a' && depth > 0 && at + 1 < body.size()) {
        const std::size_t size = body[at + 1];
        if (flaw_ == Flaw::trusts_length) std::string().reserve(size * 4096);
        if (size > body.size() - at - 2) return bad();
        out += c;
        out += static_cast<char>(size);
        out += base::as_text(body.subspan(at + 2, size));
        if (flaw_ == Flaw::changes_values && size > 0) out.back() = 'x';
        if (flaw_ == Flaw::unstable && size > 0) ++out.back();
        at += 1 + size;
      } else {
        return bad();
      }
    }
    return flaw_ == Flaw::accepts_prefixes ? base::Status() : bad();
  }
  base::Status walk(base::Bytes body) override {
    std::string out;
    const Flaw kept = std::exchange(flaw_, flaw_ == Flaw::lax_walk ? Flaw::none : flaw_);
    base::Status status = rewrite(body, out);
    flaw_ = kept;
    if (flaw_ == Flaw::lax_walk && body.size() % 2 == 0) return bad();
    return status;
  }
  void forget() override {}

 private:
  static base::Status bad() { return base::Status(base::Reason::wire_malformed, "no toy"); }
  Flaw flaw_;
};

Report report_of(Flaw flaw) {
  Toy toy(flaw);
  BodyFormatUnderTest format;
  format.name = "toy";
  format.body = &toy;
  format.ends_itself = true;
  format.nested = [](std::size_t depth) { return std::string(depth, '(') + std::string(depth, ')'); };
  const BodyVector vectors[] = {{"some", "(a\x03xyx(a\x01x))", ""}, {"odd", "(a\x02xx)", ""}};
  return check_body(format, vectors);
}

TEST(BodyKit, AFormatThatIsRightPasses) {
  const Report report = report_of(Flaw::none);
  EXPECT_TRUE(report.ok()) << report.to_string();
  for (const char* check : {"identity", "stable", "walk", "prefix", "flip", "length", "depth"}) {
    EXPECT_GT(report.cases(check), 0u) << check;
  }
}

TEST(BodyKit, EachFlawFailsItsOwnCheck) {
  EXPECT_TRUE(report_of(Flaw::unstable).found("identity"));
  EXPECT_TRUE(report_of(Flaw::unstable).found("stable"));
  EXPECT_TRUE(report_of(Flaw::lax_walk).found("walk"));
  EXPECT_TRUE(report_of(Flaw::accepts_prefixes).found("prefix"));
  EXPECT_TRUE(report_of(Flaw::trusts_length).found("length"));
  EXPECT_TRUE(report_of(Flaw::no_depth_limit).found("depth"));
}

}  // namespace
}  // namespace koine::codecs::conformance
