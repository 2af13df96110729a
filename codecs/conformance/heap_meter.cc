// See heap_meter.h.
#include "codecs/conformance/heap_meter.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <errno.h>
#include <malloc.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define KOINE_SANITIZER_HEAP 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KOINE_SANITIZER_HEAP 1
#endif

namespace {

// Of this thread. The hooks run inside the allocator: nothing here may allocate, nor need construction.
thread_local bool counting = false;
thread_local std::ptrdiff_t held = 0;
thread_local std::ptrdiff_t peak = 0;

void took(std::size_t bytes) noexcept {
  held += static_cast<std::ptrdiff_t>(bytes);
  if (held > peak) peak = held;
}
void gave(std::size_t bytes) noexcept { held -= static_cast<std::ptrdiff_t>(bytes); }

}  // namespace

#ifdef KOINE_SANITIZER_HEAP

// Of the sanitizers' common interface (sanitizer/allocator_interface.h), which gcc does not install for all.
extern "C" {
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void*, std::size_t),
                                              void (*on_free)(const volatile void*));
std::size_t __sanitizer_get_allocated_size(const volatile void* block);
}

namespace {
void on_malloc(const volatile void* block, std::size_t size) {
  if (counting && block != nullptr) took(size);
}
void on_free(const volatile void* block) {
  if (counting && block != nullptr) gave(__sanitizer_get_allocated_size(block));
}
void install() noexcept {
  static const int installed = __sanitizer_install_malloc_and_free_hooks(&on_malloc, &on_free);
  (void)installed;
}
}  // namespace

#else

namespace {
void install() noexcept {}
void note_taken(void* block) noexcept {
  if (counting && block != nullptr) took(malloc_usable_size(block));
}
void note_given(void* block) noexcept {
  if (counting && block != nullptr) gave(malloc_usable_size(block));
}
}  // namespace

// The allocator's own entry points; glibc keeps the real ones under these names.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t align, std::size_t size);
void __libc_free(void* block);

void* malloc(std::size_t size) noexcept {
  void* block = __libc_malloc(size);
  note_taken(block);
  return block;
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  void* block = __libc_calloc(count, size);
  note_taken(block);
  return block;
}
void* realloc(void* old, std::size_t size) noexcept {
  note_given(old);
  void* block = __libc_realloc(old, size);
  note_taken(block == nullptr && size != 0 ? old : block);
  return block;
}
void* memalign(std::size_t align, std::size_t size) noexcept {
  void* block = __libc_memalign(align, size);
  note_taken(block);
  return block;
}
void* aligned_alloc(std::size_t align, std::size_t size) noexcept { return memalign(align, size); }
int posix_memalign(void** out, std::size_t align, std::size_t size) noexcept {
  void* block = memalign(align, size);
  if (block == nullptr) return ENOMEM;
  *out = block;
  return 0;
}
void free(void* block) noexcept {
  note_given(block);
  __libc_free(block);
}
}

#endif

namespace koine::codecs::conformance {

HeapMeter::HeapMeter() noexcept {
  install();
  restart();
  counting = true;
}
HeapMeter::~HeapMeter() { counting = false; }

void HeapMeter::restart() noexcept {
  held = 0;
  peak = 0;
}

std::size_t HeapMeter::peak_bytes() const noexcept { return static_cast<std::size_t>(peak); }

}  // namespace koine::codecs::conformance
