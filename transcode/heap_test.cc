// A warm transcode asks the heap for nothing: malloc (and with it operator new), calloc, realloc and mmap are
// counted.
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "transcode/shapes_test_support.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {
bool counting = false;
long asked = 0;
void note() {
  if (counting) ++asked;
}
}  // namespace

// The allocator's own entry points, taken over for the whole test program; glibc keeps the real ones under
// these names.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);

void* malloc(std::size_t size) noexcept {
  note();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  note();
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  note();
  return __libc_realloc(old, size);
}
void* mmap(void* address, std::size_t size, int protection, int flags, int file, off_t offset) noexcept {
  note();
  return reinterpret_cast<void*>(syscall(SYS_mmap, address, size, protection, flags, file, offset));
}
}

namespace koine::transcode::testing {
namespace {

// Heap requests of `rounds` runs after a few to get warm.
long requests(const Side& source, const Side& target, const std::string& message, bool take) {
  auto plan = Plan::compile(source, target, OriginPairing(), {});
  EXPECT_TRUE(plan.has_value());
  base::SlabPool pool;
  Context context(&pool);
  const auto run = [&] {
    const base::Status status = (*plan)->run(base::as_bytes(message), context, context.output);
    EXPECT_TRUE(status.ok()) << status.to_string();
    if (take) context.output.take();  // as a caller does who sends it
  };
  for (int i = 0; i < 5; ++i) run();
  asked = 0;
  counting = true;
  for (int i = 0; i < 20; ++i) run();
  counting = false;
  return asked;
}

TEST(Heap, TheCounterCounts) {
  asked = 0;
  counting = true;
  void* volatile memory = std::malloc(10);
  std::free(memory);
  ::operator delete(::operator new(10));
  counting = false;
  EXPECT_GE(asked, 2);
}

TEST(Heap, NothingIsAskedForByAnyShapeInAnyPair) {
  const Shapes shapes;
  const model::BodyFormat formats[] = {binary, compact, protobuf, thrift_json};
  for (const Shape& shape : shapes.all()) {
    for (const model::BodyFormat from : formats) {
      const Side source{from, from == protobuf ? shape.proto : shape.thrift, {}};
      std::string message = shape.compact;
      if (from != compact) {
        Runner runner(Side{compact, shape.thrift, {}}, source);
        ASSERT_TRUE(runner.run(shape.compact, message).ok());
      }
      for (const model::BodyFormat to : formats) {
        const Side target{to, to == protobuf ? shape.proto : shape.thrift, {}};
        for (const bool take : {false, true}) {
          EXPECT_EQ(requests(source, target, message, take), 0)
              << shape.name << ": " << model::to_string(from) << " to " << model::to_string(to);
        }
      }
    }
  }
}

TEST(Heap, NothingIsAskedForByTheIndexedExecutor) {
  const Shapes shapes;
  for (const Shape& shape : shapes.all()) {
    if (shape.name != "order5") continue;
    const Side source{protobuf, shape.proto, {}};
    std::string message;
    ASSERT_TRUE(Runner(Side{compact, shape.thrift, {}}, source).run(shape.compact, message).ok());
    message += message;  // every field twice
    EXPECT_EQ(requests(source, Side{compact, shape.thrift, {}}, message, true), 0);
  }
}

}  // namespace
}  // namespace koine::transcode::testing

#endif
