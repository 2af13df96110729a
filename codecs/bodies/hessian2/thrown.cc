// The few fields of a Throwable that say what happened.
#include "codecs/bodies/hessian2/thrown.h"

#include "codecs/bodies/hessian2/primitives.h"
#include "codecs/bodies/hessian2/text.h"
#include "codecs/bodies/hessian2/walk.h"

namespace koine::codecs::bodies::hessian2 {
namespace {

// The names of fields are one behind the other.
class Names {
 public:
  explicit Names(const ObjectHead& head, const std::uint8_t* end)
      : at_(head.field_names), left_(head.names), end_(end) {}
  std::string_view next() {
    std::string_view name;
    if (left_ == 0 || at_ == nullptr) return name;
    --left_;
    at_ = read_text(at_, end_, store_, name);
    return name;
  }

 private:
  const std::uint8_t* at_;
  std::size_t left_;
  const std::uint8_t* end_;
  std::string store_;
};

}  // namespace

std::optional<Thrown> read_thrown(base::Bytes object, std::size_t nesting_max) {
  const std::uint8_t* const end = object.data() + object.size();
  Walker walker(nesting_max);
  walker.start(object.data());
  const ObjectHead head = walker.open_object(object.data(), end);
  if (head.values == nullptr) return std::nullopt;
  Thrown thrown;
  std::string store;
  std::string_view text;
  if (read_text(head.class_name, end, store, text) == nullptr) return std::nullopt;
  thrown.class_name = text;
  Names names(head, end);
  const std::uint8_t* p = head.values;
  for (std::size_t i = 0; i < head.fields && p != nullptr; ++i) {
    const std::string_view name = names.next();
    if (p != end && name == message_field && is_text_lead(*p)) {
      if (read_text(p, end, store, text) != nullptr) thrown.message = text;
    } else if (name == code_field) {
      const Number code = read_integer(p, end);
      if (code.next != nullptr && code.value == static_cast<std::int32_t>(code.value)) {
        thrown.code = static_cast<std::int32_t>(code.value);
      }
    }
    p = walker.skip(p, end);
  }
  if (p == nullptr) return std::nullopt;
  return thrown;
}

}  // namespace koine::codecs::bodies::hessian2
