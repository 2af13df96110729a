// The proof of one value: through all 25 ordered pairs of formats, there and back. The referees write the
// source's bytes and read the target's; the model says what must be in them, or why there are none. Test code
// only.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "transcode/context.h"
#include "transcode/plan.h"
#include "transcode/proof/coverage.h"
#include "transcode/proof/formats.h"
#include "transcode/proof/model.h"
#include "transcode/proof/schemas.h"

namespace koine::transcode::proof {

// What was expected and what came.
struct Failure {
  Format from = Format::binary;
  Format to = Format::binary;
  std::string what;
  // Where the way began, and what the bytes there mean.
  Format source = Format::binary;
  std::string bytes;
  Value tree;
};

struct Totals {
  std::uint64_t values = 0;
  std::uint64_t crossings = 0;
  std::uint64_t refusals = 0;
};

// Of one subject: its plans between all formats.
class Prover {
 public:
  Prover(SchemaPair& schemas, const Subject& subject, Totals& totals, Coverage& coverage);

  // What no plan could be made for though it should be.
  const std::string& compile_error() const { return compile_error_; }
  std::optional<Failure> prove(View view, const Value& tree);
  // From these bytes alone, which mean `tree`.
  std::optional<Failure> prove_bytes(Format from, const std::string& bytes, const Value& tree);
  // Other bytes for the tree, in one of the formats that write it; `other` is a second one, of which pieces
  // are put in front where what comes later counts.
  std::optional<Failure> prove_disguised(View view, const Value& tree, const Value& other,
                                         std::uint32_t seed);

 private:
  // A tree with what has been found out about it.
  struct Known {
    View view;
    Value owned;
    Value sorted;
    std::array<std::optional<std::string>, format_count> bytes;  // as the referees write it
    std::array<std::string, format_count> accepted;              // other bytes that mean it
    std::array<std::optional<Crossed>, 2> crossed;               // by target view
    std::array<std::shared_ptr<Known>, 2> reached;               // what arrives there
  };
  using KnownPtr = std::shared_ptr<Known>;

  KnownPtr know(View view, Value tree);
  const Crossed& crossed(Known& known, View to);
  Known& reached(Known& known, View to);
  const std::optional<std::string>& written(Known& known, Format format);

  std::optional<Failure> prove_from(Known& known, Format from, const std::string& bytes,
                                    const std::vector<Known*>& sources);
  std::optional<Failure> prove_pair(Known& known, Format from, Format to, const std::string& bytes,
                                    const std::vector<Known*>& sources, const std::vector<Cell>& met);
  std::optional<Failure> prove_other_bytes(View view, const Value& tree, const Value& other,
                                           std::uint32_t seed);
  std::optional<Failure> prove_rewritten(Known& known, const Value& other, std::uint32_t seed);
  std::optional<Failure> run(Known& known, Format from, Format to, const std::string& bytes, std::string& out,
                             bool& refused);
  std::optional<std::string> compare(Known& expected, Format to, const std::string& out);
  std::optional<std::string> compare_text(Known& expected, Format from, const std::vector<std::uint8_t>& in,
                                          const std::string& out);
  std::optional<Value> read(Format format, const std::string& bytes, std::string& why);

  SchemaPair& schemas_;
  Subject subject_;
  Totals& totals_;
  Coverage& coverage_;
  std::array<std::unique_ptr<const Plan>, pair_count> plans_;
  std::string compile_error_;
  bool has_negative_ids_ = false;
  bool has_groups_ = false;
  bool has_deep_keys_ = false;
  bool disguised_ = false;
  Context context_;
};

}  // namespace koine::transcode::proof
