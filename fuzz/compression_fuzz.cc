// Compressed messages: whatever the bytes, what comes out is within the limits; what is compressed comes
// back.
//
//   u8 which: even gzip, odd deflate; 2 the bytes are compressed first · the bytes
#include "codecs/calls/grpc/compression.h"
#include "fuzz/target.h"

namespace koine::fuzz {
namespace {

namespace grpc = codecs::calls::grpc;

void run(base::Bytes bytes) {
  Input input(bytes);
  const std::uint8_t which = input.byte();
  const auto format = (which & 1) != 0 ? model::Compression::deflate : model::Compression::gzip;
  base::Limits limits;
  limits.message_bytes_max = 100'000;
  const base::Bytes content = input.rest();
  base::Buffer in;
  in.append(content);
  if ((which & 2) != 0) {
    base::Buffer small;
    check(grpc::compress(format, in, small).ok(), "everything can be compressed");
    base::Buffer back;
    check(grpc::decompress(format, small, limits, nullptr, back).ok() &&
              back.to_string() == base::as_text(content),
          "what was compressed comes back");
    return;
  }
  base::Buffer out;
  const base::Status status = grpc::decompress(format, in, limits, nullptr, out);
  check(out.size() <= limits.message_bytes_max + (64u << 10), "decompression stops at its limit");
  check(!status.ok() || out.size() <= limits.message_bytes_max, "what is too long is refused");
}

void seeds(const AddSeed& add) {
  for (const char which : {'\0', '\1'}) {
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{5}, std::size_t{3000}, std::size_t{90000}, std::size_t{200000}}) {
      base::Buffer in;
      in.append(std::string(size, 'z'));
      base::Buffer out;
      const auto format = which == 1 ? model::Compression::deflate : model::Compression::gzip;
      if (!grpc::compress(format, in, out).ok()) continue;
      add(std::to_string(which) + "-" + std::to_string(size), std::string(1, which) + out.to_string());
    }
    add(std::to_string(which) + "-text", std::string(1, static_cast<char>(which + 2)) + "hello hello hello");
  }
}

}  // namespace

extern const Target compression;
// zlib's own state is some 300 KiB.
const Target compression = {.name = "compression",
                            .run = &run,
                            .seeds = &seeds,
                            .heap_bytes = 1u << 20,
                            .heap_per_byte = 1024,
                            .time_ns = 5'000'000};

}  // namespace koine::fuzz
