// The schemas that the proof goes over: one of every kind in every place, in either language, then random
// ones; each in both languages, one derived from the other. Test code only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "idl/derive/testing/support.h"
#include "idl/schema.h"
#include "transcode/proof/formats.h"
#include "transcode/proof/protobuf_trees.h"

namespace koine::transcode::proof {

using idl::derive::testing::Files;

// A struct and the message that stands for it.
struct Subject {
  const idl::StructType* thrift = nullptr;
  const idl::StructType* protobuf = nullptr;

  const idl::StructType& in(View view) const { return view == View::thrift ? *thrift : *protobuf; }
};

class SchemaPair {
 public:
  SchemaPair(idl::Language language, Files files);

  bool valid() const { return valid_; }
  idl::Language language() const { return language_; }
  const Files& files() const { return files_; }
  const idl::Schema& schema(View view) const {
    return (view == View::thrift) == (language_ == idl::Language::thrift) ? *source_ : *derived_;
  }
  const std::vector<Subject>& subjects() const { return subjects_; }
  // By the full name of the source language's struct, or null.
  const Subject* find(std::string_view name) const;
  std::string name(const Subject& subject) const;
  ProtobufTrees& protobuf() { return *trees_; }
  Pool& pool() { return *pool_; }

 private:
  idl::Language language_;
  Files files_;
  bool valid_ = false;
  std::unique_ptr<idl::Schema> source_;
  std::unique_ptr<idl::Schema> derived_;
  std::unique_ptr<Pool> pool_;
  std::unique_ptr<ProtobufTrees> trees_;
  std::vector<Subject> subjects_;
};

// Number 0 is the fixed Thrift schema, 1 the fixed protobuf one, then random ones take turns.
constexpr std::uint32_t fixed_schemas = 2;
std::unique_ptr<SchemaPair> schema_pair(std::uint32_t number);

}  // namespace koine::transcode::proof
