// Owners that do everything an owner may do, in an order drawn from bytes: answers of every kind, streams,
// pauses, cancels, goodbyes, while the peer's bytes come in pieces. What must hold is the contract of
// codecs/call_codec.h: no event out of order, no call that ends twice, nothing left when the connection is
// gone.
#pragma once

#include <string_view>

#include "codecs/call_codec.h"
#include "fuzz/target.h"

namespace koine::fuzz {

// `deeds`: how long the pieces of `stream` are (0: all of it at once), then what the owner does, a byte each,
// after each piece; when they are spent, nothing more.
void drive_server(const codecs::CallCodec& codec, const codecs::ServerOptions& options, base::Bytes deeds,
                  std::string_view stream);
// `calls`: how many unary calls are in flight to begin with.
void drive_client(const codecs::CallCodec& codec, const codecs::ClientOptions& options, std::size_t calls,
                  base::Bytes deeds, std::string_view stream);

}  // namespace koine::fuzz
