// Bytes between the two sides.
#include "net/memory/connection.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace koine::net::memory {
namespace {

IoResult failed(const char* text) { return {IoKind::error, 0, base::Status(base::Reason::net_io, text)}; }

}  // namespace

Connection::Connection(const VirtualClock& clock, std::mt19937_64& random, const ConnectionOptions& options,
                       std::string client_text, std::string server_text)
    : clock_(clock),
      random_(&random),
      options_(options),
      texts_{std::move(client_text), std::move(server_text)} {
  pipes_[0].options = options.to_server;
  pipes_[1].options = options.to_client;
  for (int writer : {0, 1}) {
    Pipe& pipe = pipes_[writer];
    if (pipe.options.cut != Cut::none && pipe.options.cut_at_bytes == 0) cut(pipe, writer);
  }
}

void Connection::push(Pipe& pipe, std::string bytes, End end) {
  const LinkOptions& link = pipe.options;
  base::Nanoseconds at = clock_.monotonic_ns() + link.latency_ns;
  if (link.jitter_ns > 0) {
    at += static_cast<base::Nanoseconds>(random_up_to(static_cast<std::uint64_t>(link.jitter_ns)));
  }
  at = std::max(at, pipe.last_ns);
  pipe.last_ns = at;
  pipe.waiting_bytes += bytes.size();
  if (end == End::none && !pipe.segments.empty()) {
    Segment& last = pipe.segments.back();
    if (last.at_ns == at && last.end == End::none) {
      last.bytes.append(bytes);
      return;
    }
  }
  pipe.segments.push_back({at, std::move(bytes), 0, end});
}

bool Connection::readable(int side) const {
  const Pipe& pipe = input(side);
  if (pipe.ended) return true;
  return !pipe.segments.empty() && pipe.segments.front().at_ns <= clock_.monotonic_ns();
}

bool Connection::writable(int side) const {
  const Pipe& pipe = pipes_[side];
  return broken_[side] || closed_[1 - side] || pipe.cut || pipe.waiting_bytes < pipe.options.window_bytes;
}

IoResult Connection::read(int side, std::span<std::uint8_t> out) {
  Pipe& pipe = input(side);
  const base::Nanoseconds now = clock_.monotonic_ns();
  std::size_t wanted = out.size();
  if (pipe.options.read_bytes_max > 0) {
    std::size_t most = pipe.options.read_bytes_max;
    if (pipe.options.random_reads) most = 1 + static_cast<std::size_t>(random_up_to(most - 1));
    wanted = std::min(wanted, most);
  }
  std::size_t done = 0;
  while (!pipe.ended && done < wanted && !pipe.segments.empty() && pipe.segments.front().at_ns <= now) {
    Segment& first = pipe.segments.front();
    if (first.end != End::none) {
      if (done > 0) break;
      pipe.ended = true;
      pipe.end = first.end;
      pipe.segments.clear();
      break;
    }
    const std::size_t count = std::min(wanted - done, first.bytes.size() - first.read);
    std::memcpy(out.data() + done, first.bytes.data() + first.read, count);
    done += count;
    first.read += count;
    pipe.waiting_bytes -= count;
    if (first.read == first.bytes.size()) pipe.segments.pop_front();
  }
  if (done > 0) return {IoKind::bytes, done, {}};
  if (!pipe.ended) return {IoKind::again, 0, {}};
  if (pipe.end == End::eof) return {IoKind::eof, 0, {}};
  broken_[side] = true;
  return failed("Connection reset by peer");
}

void Connection::cut(Pipe& pipe, int writer) {
  pipe.cut = true;
  switch (pipe.options.cut) {
    case Cut::none:
    case Cut::silence: break;
    case Cut::eof: push(pipe, {}, End::eof); break;
    case Cut::reset:
      push(pipe, {}, End::reset);
      push(pipes_[1 - writer], {}, End::reset);
      broken_[writer] = true;
      break;
  }
}

void Connection::break_off(int writer, Cut how) {
  Pipe& pipe = pipes_[writer];
  if (how == Cut::none || pipe.cut) return;
  pipe.options.cut = how;
  cut(pipe, writer);
}

IoResult Connection::write(int side, std::span<const base::Slice> slices) {
  Pipe& pipe = pipes_[side];
  if (broken_[side] || pipe.shut) return failed("Broken pipe");
  std::size_t room = std::numeric_limits<std::size_t>::max();
  const bool vanishes = closed_[1 - side] || pipe.cut;
  if (!vanishes) {
    const LinkOptions& link = pipe.options;
    room = link.window_bytes - std::min(link.window_bytes, pipe.waiting_bytes);
    if (room == 0) return {};
    if (link.write_bytes_max > 0) room = std::min(room, link.write_bytes_max);
  }
  std::string bytes;
  std::size_t taken = 0;
  for (const base::Slice& slice : slices) {
    const std::size_t count = std::min(slice.size(), room - taken);
    if (!vanishes) bytes.append(base::as_text(slice.bytes()).substr(0, count));
    taken += count;
    if (taken == room) break;
  }
  if (taken == 0) return {};
  pipe.written += taken;
  if (closed_[1 - side]) {
    // Nobody reads there: TCP answers with a reset.
    broken_[side] = true;
    push(input(side), {}, End::reset);
    return {IoKind::bytes, taken, {}};
  }
  if (vanishes) return {IoKind::bytes, taken, {}};
  const bool reaches_cut = pipe.options.cut != Cut::none && pipe.written >= pipe.options.cut_at_bytes;
  if (reaches_cut)
    bytes.resize(bytes.size() - static_cast<std::size_t>(pipe.written - pipe.options.cut_at_bytes));
  if (!bytes.empty()) push(pipe, std::move(bytes), End::none);
  if (reaches_cut) cut(pipe, side);
  return {IoKind::bytes, taken, {}};
}

void Connection::shutdown_write(int side) {
  Pipe& pipe = pipes_[side];
  if (pipe.shut) return;
  pipe.shut = true;
  if (!pipe.cut && !broken_[side]) push(pipe, {}, End::eof);
}

void Connection::close(int side) {
  if (closed_[side]) return;
  const Pipe& unread = input(side);
  if (unread.waiting_bytes > 0) return reset(side);
  shutdown_write(side);
  closed_[side] = true;
}

void Connection::reset(int side) {
  if (closed_[side]) return;
  Pipe& pipe = pipes_[side];
  if (!pipe.cut && !broken_[side]) push(pipe, {}, End::reset);
  pipe.shut = true;
  closed_[side] = true;
  input(side).segments.clear();
  input(side).waiting_bytes = 0;
}

base::Nanoseconds Connection::next_ns() const {
  base::Nanoseconds next = base::never_ns;
  for (const Pipe& pipe : pipes_) {
    if (pipe.segments.empty() || pipe.segments.front().at_ns <= clock_.monotonic_ns()) continue;
    next = std::min(next, pipe.segments.front().at_ns);
  }
  return next;
}

}  // namespace koine::net::memory
