// The rig's Thrift services: one job, whose answer can be checked down to the last byte. Each name has a
// provider of its own; the "steady" ones are never touched by a fault.
namespace * koine.rig
namespace go rig

struct Job {
  1: i64 nonce
  2: i64 crc
  3: binary payload
  4: i32 answerBytes
  5: i32 delayMillis
}

struct Answer {
  1: i64 nonce
  2: i64 crc
  3: binary payload
  4: i32 provider
}

service Work {
  Answer work(1: Job job)
}

service SteadyBinary extends Work {}
service ShakyBinary extends Work {}
service SteadyCompact extends Work {}
service ShakyCompact extends Work {}

// Changes its provider's protocol with every reload.
service Flip extends Work {}

// Bystanders of a start with ten services.
service SpareOne extends Work {}
service SpareTwo extends Work {}
service SpareThree extends Work {}
service SpareFour extends Work {}
