// Line: one end of a connection that the simulator plays, with the ways in which peers are slow or broken.
// What it says and what it makes of what it hears is its subclass's. Owned by its caller or provider; the
// simulator's own loop.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/testing/simulator/ledger.h"
#include "gateway/testing/simulator/trace.h"
#include "gateway/turn.h"
#include "net/network.h"

namespace koine::gateway {
class Codecs;
}

namespace koine::gateway::testing::simulator {

// What every actor of a run shares.
struct Stage {
  net::Network& network;  // the actors' own
  Turn& turn;
  const Codecs& codecs;
  const Scenario& scenario;
  Ledger& ledger;
  Trace& trace;
  base::Nanoseconds begun_ns = 0;

  base::Nanoseconds now_ns() const { return network.loop().now_ns(); }
  void note(Event event, std::uint64_t a, std::uint64_t b = 0, std::string_view detail = {},
            bool readable = false) {
    trace.note(now_ns() - begun_ns, event, a, b, detail, readable);
  }
};

// Changes one to three bytes of `bytes`; those that say whose message it is are left alone: a provider that
// gives one call's answer in another's name cannot be told from an honest one. `message_at`: where in `bytes`
// an HTTP/2 frame or a Thrift message begins.
void mutate(std::string& bytes, Wire wire, std::size_t message_at, std::uint64_t seed);
// Bytes of no protocol.
std::string garbage(std::uint64_t seed);

class Line : public net::StreamHandler, public Turn::Task {
 public:
  // `sent`: counts what leaves.
  Line(Stage& stage, Wire wire, std::uint64_t& sent)
      : stage_(stage),
        wire_(wire),
        sent_(sent),
        drip_timer_(stage.network.loop()),
        thaw_timer_(stage.network.loop()) {}
  ~Line() override = default;

  // A few bytes at a time from now on; 0: at once again.
  void drip(std::size_t bytes, base::Nanoseconds every_ns);
  // Reads nothing until thaw().
  void freeze();
  void freeze_for(base::Nanoseconds time_ns);
  void thaw();
  void mutate_next(std::uint64_t seed) { mutation_ = seed | 1; }
  // What leaves next leaves twice.
  void repeat_next() { repeats_ = true; }
  // Raw bytes, behind what waits.
  void put(std::string_view bytes);
  // Nothing that is put from now on leaves; the connection stays.
  void mute() { muted_ = true; }
  void end_sending();
  virtual void close();
  void close_behind_output();
  bool open() const { return stream_ != nullptr && stream_->open(); }
  net::Stream& stream() { return *stream_; }

  void on_writable() override { stage_.turn.queue(*this); }
  void end_of_turn() override;

 protected:
  // Asks the subclass to put() what its session wants to say.
  virtual void pull() {}
  Wire wire() const { return wire_; }

  Stage& stage_;
  net::StreamPtr stream_;

 private:
  void flush();

  const Wire wire_;
  std::uint64_t& sent_;
  std::string out_;
  std::uint64_t mutation_ = 0;
  std::size_t drip_bytes_ = 0;
  base::Nanoseconds drip_every_ns_ = 0;
  bool repeats_ = false;
  bool muted_ = false;
  bool closing_ = false;
  bool ending_ = false;
  net::Timer drip_timer_;
  net::Timer thaw_timer_;
};

}  // namespace koine::gateway::testing::simulator
