// Between THeader's infos and the common model: metadata, deadline and trace context.
//
// Names are lower case in the model and keep the case that the wire had towards other THeader peers. Names
// outside [a-z0-9_.-] and values with control characters are left out, except that a name that ends in "-bin"
// has a value of any bytes. "client_timeout" is the deadline in milliseconds (facebook/fbthrift
// thrift/lib/cpp/transport/THeader.h); "traceparent" and "tracestate" are the trace context. Stateless but
// for InfoList, any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codecs/transports/theader/theader.h"
#include "model/call.h"

namespace koine::codecs::calls::thrift {

// Appends to what `head` has.
void read_request_infos(std::span<const transports::theader::Info> infos, model::CallHead& head);
void read_reply_infos(std::span<const transports::theader::Info> infos, model::Metadata& metadata);

// Infos to be written; they point into this and into what they were made of.
class InfoList {
 public:
  void add(const model::Metadata& metadata);
  void add_request(const model::CallHead& head);
  std::span<const transports::theader::Info> infos() const { return infos_; }

 private:
  std::vector<transports::theader::Info> infos_;
  std::string timeout_;
};

}  // namespace koine::codecs::calls::thrift
