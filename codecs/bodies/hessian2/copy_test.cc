// Streams taken apart and joined: whatever a value was, it is.
#include "codecs/bodies/hessian2/copy.h"

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "codecs/bodies/hessian2/golden_test_support.h"
#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"

namespace koine::codecs::bodies::hessian2 {
namespace {

constexpr std::size_t depth = 64;
constexpr std::size_t room = 1 << 20;

// One of them in each stream.
std::vector<std::string> taken_apart(const std::string& stream, std::size_t bytes_max = room) {
  Copier copier;
  copier.start(depth, bytes_max);
  copier.start_source(base::as_bytes(stream));
  std::vector<std::string> out;
  while (!copier.at_end()) {
    copier.start_target(out.emplace_back());
    if (!copier.copy()) return {};
  }
  return out;
}

std::string joined(const std::vector<std::string>& streams) {
  Copier copier;
  copier.start(depth, room);
  std::string out;
  copier.start_target(out);
  for (const std::string& stream : streams) {
    copier.start_source(base::as_bytes(stream));
    if (!copier.copy() || !copier.at_end()) return "!";
  }
  return out;
}

// What a stream says: values with classes, types and names written out, each that can be referred to once
// (#n), with a number of its own (=n) wherever it is again.
class Teller {
 public:
  explicit Teller(const std::string& stream) : p_(begin_of(stream)), end_(end_of(stream)) {
    walker_.start_keeping(p_, depth);
  }
  // The next value; each one's numbers count from 0.
  std::string tell() {
    numbers_.clear();
    return value();
  }
  bool at_end() const { return p_ == end_; }

 private:
  std::string text(const std::uint8_t* at) {
    std::string store;
    std::string_view view;
    EXPECT_NE(read_text(at, end_, store, view), nullptr);
    return std::string(view);
  }
  std::string value() {
    p_ = walker_.find_lead(p_, end_);
    if (p_ == nullptr) return "!";
    const std::uint8_t* const at = p_;
    const std::uint8_t lead = *at;
    if (lead == lead_reference) {
      const Walker::Reference reference = walker_.read_reference(p_, end_);
      if (reference.next == nullptr) return "!";
      const std::uint8_t* const place = walker_.place(reference.index);
      if (!numbers_.contains(place)) {
        // First met in another value: told here in full.
        const bool was_again = std::exchange(again_, true);
        walker_.set_again(true);
        p_ = place;
        std::string told = value();
        again_ = was_again;
        walker_.set_again(was_again);
        p_ = reference.next;
        return told;
      }
      p_ = reference.next;
      return "=" + std::to_string(numbers_[place]);
    }
    const bool is_list = (lead >= lead_typed_list_open && lead <= lead_list && lead != lead_list_open + 9) ||
                         (lead >= lead_typed_list_short);
    const bool is_object = lead == lead_object || (lead >= lead_object_short && lead < lead_typed_list_short);
    const bool is_map = lead == lead_map || lead == lead_typed_map;
    if (!is_object && !is_map && (!is_list || lead >= 0x80)) {
      Walker leaf(1);
      leaf.start(at);
      p_ = leaf.skip(at, end_);
      return p_ == nullptr ? "!"
                           : to_hex({reinterpret_cast<const char*>(at), static_cast<std::size_t>(p_ - at)});
    }
    if (numbers_.contains(at)) {
      p_ = walker_.skip(at, end_);
      return "=" + std::to_string(numbers_[at]);
    }
    const std::size_t number = numbers_.size();
    numbers_[at] = number;
    std::string told = "#" + std::to_string(number);
    const auto children = [&](std::size_t count, bool to_mark) {
      told += "(";
      for (std::size_t i = 0; to_mark ? *p_ != lead_end : i < count; ++i) {
        told += " " + value();
        if (p_ == nullptr) return;
      }
      if (to_mark) ++p_;
      told += ")";
    };
    if (is_object) {
      const ObjectHead head = walker_.open_object(at, end_);
      told += text(head.class_name);
      const std::uint8_t* name = head.field_names;
      for (std::size_t i = 0; i < head.names; ++i, name = skip_text(name, end_)) told += "," + text(name);
      p_ = head.values;
      children(head.fields, false);
    } else if (is_map) {
      const MapHead head = walker_.open_typed_map(at, end_);
      told += "{" + (head.type == nullptr ? "" : text(head.type));
      p_ = head.values;
      children(0, true);
    } else {
      const ListHead head = walker_.open_list(at, end_);
      told += "[" + (head.type == nullptr ? "" : text(head.type));
      p_ = head.values;
      children(head.count, head.is_open);
    }
    return told;
  }

  Walker walker_;
  bool again_ = false;
  const std::uint8_t* p_;
  const std::uint8_t* const end_;
  std::map<const std::uint8_t*, std::size_t> numbers_;  // of what was met in this value
};

std::vector<std::string> told(const std::string& stream) {
  std::vector<std::string> out;
  for (Teller teller(stream);
       !teller.at_end() && (out.empty() || out.back().find('!') == std::string::npos);) {
    out.push_back(teller.tell());
  }
  return out;
}

// `C X {a}` with the number of the definition it gets.
const std::string class_x =
    "C\x01X\x91\x01"
    "a";
const std::string class_y =
    "C\x01Y\x92\x01"
    "b\x01"
    "c";

TEST(Copier, WhatNeedsNoOtherNumbersStaysAsItIs) {
  // All kinds of dubbo-hessian-lite 4.0.4's (walk_test.cc has them one by one).
  const std::string item = from_hex(
      "710A5B476F6C64244974656D4309476F6C64244974656D9406636F6C6F75720563656E7473087175616E74"
      "69747903736B7560430B476F6C6424436F6C6F757291046E616D656103524544E291016B");
  EXPECT_EQ(taken_apart(item), (std::vector{item}));
  EXPECT_EQ(joined({item}), item);
  const std::string cycle = from_hex("4309476F6C64244E6F646592046E657874046E616D65605190016E");
  EXPECT_EQ(taken_apart(cycle), (std::vector{cycle}));
  EXPECT_EQ(joined({cycle}), cycle);
}

TEST(Copier, AClassIsDefinedInEachStreamThatNeedsIt) {
  const std::vector<std::string> streams = taken_apart(class_x + "`\x91" + class_y + "a\x91\x92" + "`\x93");
  EXPECT_EQ(streams, (std::vector<std::string>{class_x + "`\x91", class_y + "`\x91\x92", class_x + "`\x93"}));
  EXPECT_EQ(joined(streams), class_x + "`\x91" + class_y + "a\x91\x92" + class_x + "b\x93");
}

TEST(Copier, DefinitionsAreWrittenWhereTheyAreNeeded) {
  EXPECT_EQ(taken_apart(class_x + class_y + "a\x91\x92" + "`\x93"),
            (std::vector<std::string>{class_y + "`\x91\x92", class_x + "`\x93"}));
}

TEST(Copier, TypesOfListsAndMapsAreNumberedAnew) {
  const std::string stream =
      std::string("q\x04[int\x91") + "M\x01T\x91\x92Z" + "q\x90\x91" + "M\x91\x91\x92Z";
  const std::vector<std::string> streams = taken_apart(stream);
  EXPECT_EQ(streams, (std::vector<std::string>{"q\x04[int\x91", "M\x01T\x91\x92Z", "q\x04[int\x91",
                                               "M\x01T\x91\x92Z"}));
  EXPECT_EQ(joined({"q\x04[int\x91", "q\x01T\x91"}), "q\x04[int\x91q\x01T\x91");
  EXPECT_EQ(joined({"q\x04[int\x91", "zq\x01Tzq\x90z"}), "!") << "bytes behind the end";
  EXPECT_EQ(joined({"q\x04[int\x91", std::string("zq\x01T\x91q\x90\x92")}),
            "q\x04[int\x91zq\x01T\x91q\x91\x92");
}

TEST(Copier, WhatLiesInAnotherStreamIsWrittenInFull) {
  // A list, and the same list again, alone and twice in another one.
  const std::string stream = std::string("y\x91") + "Q\x90" + "zQ\x90Q\x90";
  EXPECT_EQ(taken_apart(stream), (std::vector<std::string>{"y\x91", "y\x91", "zy\x91Q\x91"}));
}

TEST(Copier, WhatIsOneInsideAStreamStaysOne) {
  // [A=[1], [A]], and then [[A], A]: the inner list first, with what it holds, and then that again.
  const std::string stream = std::string("zy\x91yQ\x91") + "zQ\x92Q\x91";
  EXPECT_EQ(taken_apart(stream), (std::vector<std::string>{"zy\x91yQ\x91", "zyy\x91Q\x92"}));
  // The other way round, [A, [A]] out of what has [A] in full: A is there already where [A] is written out.
  const std::string inner_first = std::string("yy\x91") + "zQ\x91Q\x90";
  EXPECT_EQ(taken_apart(inner_first), (std::vector<std::string>{"yy\x91", "zy\x91yQ\x91"}));
}

TEST(Copier, ACycleStaysOne) {
  // A list that holds itself, and it again.
  const std::string stream =
      "yQ\x90"
      "Q\x90"
      "yQ\x90";
  EXPECT_EQ(taken_apart(stream), (std::vector<std::string>{"yQ\x90", "yQ\x90", "yyQ\x91"}));
}

TEST(Copier, ManyClassesHaveLongNumbers) {
  std::string stream;
  for (int i = 0; i < 20; ++i) {
    stream += std::string("C\x01") + static_cast<char>('a' + i) + "\x90";
    stream +=
        i < 16 ? std::string(1, static_cast<char>(0x60 + i)) : std::string("O") + static_cast<char>(0x90 + i);
  }
  const std::vector<std::string> streams = taken_apart(stream);
  ASSERT_EQ(streams.size(), 20u);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(streams[static_cast<std::size_t>(i)],
              std::string("C\x01") + static_cast<char>('a' + i) + "\x90`");
  }
  EXPECT_EQ(joined(streams), stream);
}

TEST(Copier, RefusesWhatIsNoValue) {
  for (const std::string& stream :
       {std::string("Q\x90"), std::string("`"), std::string("y"), std::string("H\x91"),
        std::string("q\x90\x91"), std::string("C\x01X\x91"), std::string("@"), std::string("I\x01")}) {
    Copier copier;
    copier.start(depth, room);
    copier.start_source(base::as_bytes(stream));
    std::string out;
    copier.start_target(out);
    EXPECT_FALSE(copier.copy()) << to_hex(stream);
    EXPECT_NE(copier.fault(), Fault::none) << to_hex(stream);
  }
}

TEST(Copier, RefusesWhatIsNestedTooDeeply) {
  const std::string stream = std::string(depth, 'y') + "y\x91";
  EXPECT_TRUE(taken_apart(stream).empty());
  EXPECT_EQ(taken_apart(stream.substr(1)).size(), 1u);
  // Written out where it is referred to, it is deeper than where it stood.
  EXPECT_TRUE(taken_apart(std::string(depth - 1, 'y') + "y\x91" + "yQ\x90").empty());
}

TEST(Copier, ReferencesAreNoWayToFillMemory) {
  std::string stream = "X\xc8\x64" + std::string(100, '\x91');
  const std::size_t first = stream.size();
  for (int i = 0; i < 1000; ++i) stream += "Q\x90";
  EXPECT_TRUE(taken_apart(stream, 500 * first).empty());
  EXPECT_EQ(taken_apart(stream, 1001 * first).size(), 1001u);
}

// A random stream: values that refer to one another, with classes and types that come again.
class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}
  std::string make() {
    const unsigned count = 1 + pick(5);
    for (unsigned i = 0; i < count; ++i) value(4);
    return out_;
  }

 private:
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }
  void type() {
    if (types_ != 0 && pick(2) == 0) {
      out_ += static_cast<char>(0x90 + pick(types_));
    } else {
      out_ += std::string("\x01") + static_cast<char>('A' + types_++ % 26);
    }
  }
  void values(unsigned count, unsigned levels) {
    for (unsigned i = 0; i < count; ++i) value(levels);
  }
  void value(unsigned levels) {
    const unsigned kind = levels == 0 ? pick(3) : pick(10);
    if (kind == 0) out_ += static_cast<char>(0x80 + pick(64));
    if (kind == 1) out_ += std::string("\x02") + "\xc3\xa9" + static_cast<char>('a' + pick(26));
    if (kind == 2 && references_ == 0) out_ += 'N';
    if (kind == 2 && references_ != 0)
      out_ += std::string("Q") + static_cast<char>(0x90 + pick(std::min(references_, 40u)));
    if (kind >= 3) ++references_;
    if (kind == 3) {
      const unsigned count = pick(4);
      out_ += static_cast<char>(0x78 + count);
      values(count, levels - 1);
    } else if (kind == 4) {
      const unsigned count = pick(4);
      out_ += static_cast<char>(0x70 + count);
      type();
      values(count, levels - 1);
    } else if (kind == 5) {
      out_ += "U";
      type();
      values(pick(3), levels - 1);
      out_ += "Z";
    } else if (kind == 6 || kind == 7) {
      out_ += kind == 6 ? "H" : "M";
      if (kind == 7) type();
      values(2 * pick(3), levels - 1);
      out_ += "Z";
    } else if (kind > 7) {
      --references_;
      if (fields_.empty() || pick(3) == 0) {
        const unsigned fields = pick(4);
        out_ += std::string("C\x01") + static_cast<char>('a' + fields_.size() % 26) +
                static_cast<char>(0x90 + fields);
        for (unsigned i = 0; i < fields; ++i) out_ += std::string("\x01") + static_cast<char>('p' + i);
        fields_.push_back(fields);
      }
      const unsigned which = pick(static_cast<unsigned>(fields_.size()));
      if (which < 16) out_ += static_cast<char>(0x60 + which);
      if (which >= 16) out_ += std::string("O") + static_cast<char>(0x90 + which);
      ++references_;
      values(fields_[which], levels - 1);
    }
  }

  std::mt19937_64 random_;
  std::string out_;
  unsigned references_ = 0;
  unsigned types_ = 0;
  std::vector<unsigned> fields_;
};

TEST(Copier, SaysTheSameOfEveryStream) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const std::string stream = Maker(seed).make();
    const std::vector<std::string> all = told(stream);
    const std::vector<std::string> streams = taken_apart(stream);
    ASSERT_EQ(streams.size(), all.size()) << seed << " " << to_hex(stream);
    for (std::size_t i = 0; i < all.size(); ++i) {
      ASSERT_EQ(told(streams[i]), std::vector{all[i]}) << seed << " " << to_hex(stream);
    }
    ASSERT_EQ(told(joined(streams)), all) << seed << " " << to_hex(stream);
  }
}

TEST(Copier, BreaksOnNothing) {
  std::mt19937_64 random(7);
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    std::string stream = Maker(seed).make();
    for (int i = 0; i < 3; ++i) stream[random() % stream.size()] = static_cast<char>(random());
    stream.resize(1 + random() % stream.size());
    const std::vector<std::string> streams = taken_apart(stream);
    for (const std::string& one : streams) EXPECT_EQ(taken_apart(one).size(), 1u) << to_hex(stream);
  }
}

}  // namespace
}  // namespace koine::codecs::bodies::hessian2
