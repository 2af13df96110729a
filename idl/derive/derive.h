// Derives a schema in one IDL language from a schema in another (docs/mapping.md says by which rules).
//
// Every derived node knows what it was made from: File, StructType, EnumType, Service and Method by `origin`,
// Field by `origin_id`; a plan pairs the two schemas by these links only. Nodes that stand for nothing of the
// source have none: wrappers of containers, map entries, RpcStatus, and a Thrift method's arguments (result)
// struct around a single message. What the target language cannot say stays in annotations "koine.<name>",
// from which the way back restores it: deriving from a derived schema gives the original's shapes again.
//
// A method's request and response, in both directions:
//   request_spread   the request struct's fields are the other side's fields: a Thrift arguments struct and a
//                    proto message that were made from one another (also both empty)
//   otherwise        the Thrift arguments struct holds one field, a struct, and the proto request message is
//                    that struct
//   response_spread  a Thrift result struct and a proto message that were made from one another: field 0 is
//                    the message's field 1, or void and an empty message. The result's other fields are
//                    exceptions and belong to no message.
//   otherwise        the result's field 0 is a struct, and the proto response message is that struct
// Field 0 of a result is always written, whatever its value: an empty result is an error to Thrift clients.
//
// Deterministic: equal sources give equal results. Pure functions, any thread; the result refers to `source`,
// which must outlive it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "idl/derive/lock.h"
#include "idl/diagnostics.h"
#include "idl/schema.h"

namespace koine::idl::derive {

// Files of `source` that are in `target` already are passed over. `diagnostics` (may be null) receives
// warnings of what was left out (streaming methods have no form in Thrift) and what the lock refused.
// `lock` (may be null): names and numbers that it has are given again, new ones are entered.
// Errors: usage when there is no derivation into `target`; idl_semantic for what no name or number is left
// for, and for what the lock would have to change (LOCK_CHANGED, LOCK_STALE).
base::Result<std::unique_ptr<Schema>> derive(const Schema& source, Language target,
                                             std::vector<Diagnostic>* diagnostics = nullptr,
                                             Lock* lock = nullptr);

// Whether the exception is the one that derived Thrift methods declare for a gRPC status: {1: i32 code,
// 2: string message, 3: list<binary> details}, each detail a google.protobuf.Any. Marked with the annotation
// koine.rpc_status.
bool is_rpc_status(const StructType& type);

}  // namespace koine::idl::derive
