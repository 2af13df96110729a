// Access log: one line of JSON for each call, when it ends.
//
//   {"time":"2026-01-31T12:00:00.123456Z","event":"call","service":"orders","method":"GetOrder",
//    "caller":"grpc","provider":"thrift","path":"transcode","code":"OK","duration_us":512, …}
//
// A server policy: every call that began has a line, found a route or not. Text from the wire is escaped in
// full, so that any byte in any field is still one valid line. Metadata is never logged. One worker's.
#pragma once

#include <string>

#include "base/limits.h"
#include "governance/access_log/writer.h"
#include "governance/policy.h"

namespace koine::governance::access_log {

class AccessLog final : public Policy {
 public:
  // `writer` outlives it; `ring` is one of the writer's. `hits` counts lines that had no room; may be null.
  AccessLog(Writer& writer, Ring& ring, base::LimitHits* hits = nullptr)
      : writer_(writer), ring_(ring), hits_(hits) {}
  void on_finish(Call& call, const model::Outcome& outcome) override;

 private:
  Writer& writer_;
  Ring& ring_;
  base::LimitHits* hits_;
  std::string line_;
};

// The line with its '\n', into `line` (overwritten).
void format_line(const Call& call, const model::Outcome& outcome, std::string& line);

}  // namespace koine::governance::access_log
