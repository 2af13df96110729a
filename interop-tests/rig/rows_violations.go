package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"google.golang.org/protobuf/proto"
)

// Rows whose providers break their protocol on purpose.

// whatever an answer that is no answer may end a call with.
var brokenAnswers = []string{"UPSTREAM_PROTOCOL", "UPSTREAM_CLOSED", "UPSTREAM_RESET", "UPSTREAM_REFUSED", "UPSTREAM_CONNECT", "CALL_DEADLINE",
	"MAP_TYPE", "MAP_RANGE", "MAP_UTF8", "MAP_REQUIRED", "MAP_DUPKEY", "MAP_UNKNOWN_FIELD", "MAP_UNION", "MAP_ENUM_UNKNOWN",
	"WIRE_MALFORMED", "WIRE_TRUNCATED", "WIRE_UNSUPPORTED", "WIRE_SEQUENCE", "WIRE_COMPRESSION", "LIMIT_MESSAGE", "LIMIT_HEADERS", "LIMIT_DEPTH"}

// withRaw puts raw providers in the places of the shaky ones.
func (b *bench) withRaw(answer func(rawCall), pipelined int) error {
	if err := b.prepare(); err != nil {
		return err
	}
	for _, name := range shakyServices {
		raw, err := startRaw(b.ledger, protocolOf(name) == "grpc", answer)
		if err != nil {
			return err
		}
		b.cleanup(raw.close)
		s := b.service(name)
		s.endpoints, s.pipelined, s.connections = []string{raw.address()}, pipelined, 100
	}
	return b.startGateway()
}

// violations is the load of such rows: many connections, for a broken answer may hold a caller up until its deadline.
func (b *bench) violations() []stream {
	streams := b.streams("steady", steadyServices, b.rate/2)
	for _, s := range b.streams("shaky", shakyServices, b.rate/2) {
		s.connections, s.sizeMax = 5*s.connections, 8000
		streams = append(streams, s)
	}
	return streams
}

// frames of the right answer to a call.
func (c rawCall) right() []byte {
	a := answerTo(c.job, 99)
	if c.link.h2 == nil {
		return c.reply(a, int32(c.id))
	}
	headers, data, trailers := respond(uint32(c.id), answerMessage(a), "0")
	return append(append(headers, data...), trailers...)
}

func (c rawCall) sendRight() {
	out := c.right()
	if c.link.h2 != nil && !c.link.h2.take(len(out)) {
		return
	}
	c.link.send(out)
	c.link.noteOver(int32(c.id))
}

// damage changes bytes in one of the ways that broken programs and networks do.
func damage(out []byte) []byte {
	at := func() int { return rand.IntN(len(out)) }
	switch rand.IntN(7) {
	case 0: // one bit
		out[at()] ^= 1 << rand.IntN(8)
	case 1: // several bytes
		for range 1 + rand.IntN(8) {
			out[at()] = byte(rand.IntN(256))
		}
	case 2: // early in the frame, where headers are
		out[rand.IntN(min(len(out), 40))] = byte(rand.IntN(256))
	case 3: // an end too early
		out = out[:at()]
	case 4: // bytes twice
		i := at()
		out = append(out[:i:i], append(append([]byte{}, out[i:min(i+1+rand.IntN(16), len(out))]...), out[i:]...)...)
	case 5: // bytes missing
		i := at()
		out = append(out[:i:i], out[min(i+1+rand.IntN(16), len(out)):]...)
	case 6: // a length or a number out of all proportion
		i := rand.IntN(max(len(out)-4, 1))
		values := []uint32{0, 1, 0x7fffffff, 0x80000000, 0xffffffff, uint32(len(out)) + 1}
		if i+4 <= len(out) {
			binary.BigEndian.PutUint32(out[i:], values[rand.IntN(len(values))])
		}
	}
	return out
}

// rowDamaged: half of the answers are damaged, anywhere, by any protocol.
func rowDamaged(b *bench) error {
	var damaged atomic.Int64
	var on atomic.Bool
	err := b.withRaw(func(c rawCall) {
		if !on.Load() || rand.IntN(2) == 0 {
			c.sendRight()
			return
		}
		damaged.Add(1)
		b.ledger.spoil(c.job.nonce)
		out := damage(c.right())
		if c.link.h2 != nil && !c.link.h2.take(len(out)) {
			return
		}
		c.link.send(out)
		if rand.IntN(4) == 0 {
			_ = c.link.Close()
		}
	}, 1)
	if err != nil {
		return err
	}
	if err := b.startLoad(b.violations()); err != nil {
		return err
	}
	b.settle = b.deadline + 500*time.Millisecond // until the last late answer has come
	b.p99 = 2
	b.interleave(func(now bool) { on.Store(now) })
	b.finish(expectation{reasons: brokenAnswers, spoils: true, ourOwn: true})
	calm, rough := sum(b.calm[1:], "shaky"), sum(b.rough, "shaky")
	b.mark([]demand{must(damaged.Load() > 100 && rough.failures() > 0, "only %d damaged answers", damaged.Load()),
		must(calm.failures()*100 <= int(calm.ended.Load()), "afterwards calls failed: %s", calm.describe())},
		"%d damaged answers: %d of %d calls failed, %d got a damaged value of their own; afterwards %d of %d failed",
		damaged.Load(), rough.failures()-rough.count("spoiled"), rough.ended.Load(), rough.count("spoiled"), calm.failures(), calm.ended.Load())
	return nil
}

// rowIds: an answer under the id of nobody, of a call that is over, twice, or after its deadline.
func rowIds(b *bench) error {
	var wrong atomic.Int64
	var on atomic.Bool
	err := b.withRaw(func(c rawCall) {
		if !on.Load() || rand.IntN(4) != 0 {
			c.sendRight()
			return
		}
		wrong.Add(1)
		if c.link.h2 != nil {
			wrongStream(c)
			return
		}
		wrongSequence(c)
	}, 4)
	if err != nil {
		return err
	}
	if err := b.startLoad(b.violations()); err != nil {
		return err
	}
	b.settle = b.deadline + 500*time.Millisecond // until the last late answer has come
	b.p99 = 2
	b.interleave(func(now bool) { on.Store(now) })
	b.finish(expectation{reasons: brokenAnswers, ourOwn: true})
	calm, rough := sum(b.calm[1:], "shaky"), sum(b.rough, "shaky")
	b.mark([]demand{must(wrong.Load() > 100, "only %d such answers", wrong.Load()),
		must(calm.failures()*100 <= int(calm.ended.Load()), "afterwards calls failed: %s", calm.describe())}, "%d answers with ids that are not right; %d of %d calls failed; at wrong callers: %d; afterwards %d of %d failed",
		wrong.Load(), rough.failures(), rough.ended.Load(), rough.count("swapped", "corrupt"), calm.failures(), calm.ended.Load())
	return nil
}

// wrongSequence never answers a call that waits with another one's answer under the other one's id: no gateway could
// know. Everything else it may do.
func wrongSequence(c rawCall) {
	a := answerTo(c.job, 99)
	id := int32(c.id)
	switch rand.IntN(7) {
	case 0: // nobody's, far away
		far := []int32{0, -1, math.MaxInt32, math.MinInt32, id + 100000, -id}
		c.link.send(c.reply(a, far[rand.IntN(len(far))]))
	case 1: // of a call that is over
		if over, found := c.link.anyOver(); found {
			c.link.send(c.reply(a, over))
		}
	case 2: // twice
		c.link.send(append(c.right(), c.right()...))
	case 3: // twice, the second time later
		c.link.send(c.right())
		link := c.link
		time.AfterFunc(time.Duration(rand.IntN(50))*time.Millisecond, func() { link.send(c.right()) })
	case 4: // after the deadline
		time.AfterFunc(1100*time.Millisecond, func() { c.link.send(c.right()) })
	case 5: // under another method's name
		other := c
		other.name = "workMore"
		c.link.send(other.reply(a, id))
	case 6: // in the other protocol
		other := c
		other.compact = !c.compact
		c.link.send(other.reply(a, id))
	}
}

func wrongStream(c rawCall) {
	a, stream := answerTo(c.job, 99), uint32(c.id)
	message := answerMessage(a)
	headers, data, trailers := respond(stream, message, "0")
	everything := func(id uint32) []byte {
		h, d, t := respond(id, message, "0")
		return append(append(h, d...), t...)
	}
	if !c.link.h2.take(4 * len(data)) {
		return
	}
	switch rand.IntN(8) {
	case 0: // a stream that nobody has opened yet
		c.link.send(everything(stream + 20000))
	case 1: // the server's own kind of stream
		c.link.send(everything(stream + 1))
	case 2: // stream 0
		c.link.send(data[:min(len(data), 9)])
		c.link.send(frameBytes(frameData, 0, 0, message[:min(len(message), 100)]))
	case 3: // twice
		c.link.send(append(c.right(), c.right()...))
	case 4: // a message after the trailers
		c.link.send(append(c.right(), data...))
	case 5: // two messages
		c.link.send(append(append(append(headers, data...), data...), trailers...))
	case 6: // after the deadline
		time.AfterFunc(1100*time.Millisecond, func() { c.link.send(c.right()) })
	case 7: // a promise that nobody may make
		c.link.send(frameBytes(5, 4, stream, append([]byte{0, 0, 0, 2}, 0x82)))
	}
}

// rowOversize: messages at the limit pass, one byte more does not; declared lengths cost nothing; streams without an
// end are ended.
func rowOversize(b *bench) error {
	const limit = 48 << 10
	var turn atomic.Int64
	var kind atomic.Value
	kind.Store("at")
	err := b.withRaw(func(c rawCall) { oversizeAnswer(c, kind.Load().(string), limit) }, 1)
	if err != nil {
		return err
	}
	b.config.limits = map[string]string{"message_bytes_max": "48KiB"}
	if err := b.reconfigure(); err != nil {
		return err
	}
	streams := b.streams("steady", steadyServices, b.rate/2)
	for i := range streams {
		streams[i].sizeMax = 16 << 10
	}
	if err := b.startLoad(streams); err != nil {
		return err
	}
	callers := map[string]caller{}
	connect := func() error {
		g, err := newGrpcCaller(b.gateway.address)
		if err != nil {
			return err
		}
		callers["ShakyGrpc"] = g
		callers["ShakyBinary"] = newThriftCaller(b.gateway.address, "framed-binary", callersTimeout)
		callers["ShakyCompact"] = newThriftCaller(b.gateway.address, "framed-compact", callersTimeout)
		return nil
	}
	if err := connect(); err != nil {
		return err
	}
	wrong := map[string]int{}
	tried := 0
	one := func(service string, j job, what string, mayPass bool) {
		p := b.load.current.Load()
		begun := time.Now()
		a, err := callers[service].call(context.Background(), service, j)
		v := b.book.settle(j, a, err)
		if mayPass && v.kind == "corrupt" && err == nil {
			v.kind = "ok" // the provider's own filling
		}
		v.took, v.elapsed = time.Since(begun), time.Since(begun)
		p.group("shaky").note(v)
		tried++
		refused := v.kind == "failed" && v.code == "RESOURCE_EXHAUSTED" && v.reason == "LIMIT_MESSAGE"
		if mayPass != (v.kind == "ok") || !mayPass && !refused {
			wrong[what+" "+service+": "+v.String()]++
		}
	}
	// A round of calls: the next kind of answer, then requests of these sizes. The same connection serves on after each of
	// them, except where Thrift has to close it.
	round := func(answers []string, requests ...int) func() {
		return func() {
			n := int(turn.Add(1))
			service := shakyServices[n%3]
			what := answers[n/3%len(answers)]
			kind.Store(what)
			one(service, newJob(b.book.nonce(), 100, 100, 0), "answer "+what, what == "at")
			kind.Store("right")
			for _, size := range requests {
				one(service, b.sizedJob(service, size), fmt.Sprintf("request of %d", size), size <= limit)
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	// The undisturbed slices have as many calls, none of them over the limit.
	b.compare(while(round([]string{"at"}, limit, limit)), while(round([]string{"at", "over", "declared", "endless"}, limit, limit+1)))
	for _, c := range callers {
		c.close()
	}
	b.finish(expectation{reasons: []string{"LIMIT_MESSAGE"}})
	grown := max(b.rssPeak-b.rss, 0)
	b.mark([]demand{must(len(wrong) == 0, "not as they should: %s", counted(wrong)), must(tried > 30, "only %d calls", tried), must(grown <= 8<<20, "memory grew by %d KiB", grown>>10)}, "%d calls around the limit of %d bytes, not as they should: %s; memory +%d KiB at the peak", tried, limit, orElse(counted(wrong), "none"), grown>>10)
	return nil
}

// sizedJob is a job whose request message has exactly so many bytes on the wire. The checksum's own length varies, so
// a payload of the right size may have to be looked for.
func (b *bench) sizedJob(service string, bytes int) job {
	for {
		nonce, size := b.book.nonce(), bytes-200
		for range 20 {
			j := newJob(nonce, size, 100, 0)
			length := thriftCallSize(service, j)
			if ofProto(service) {
				length = proto.Size(ownJob(j))
			}
			if length == bytes {
				return j
			}
			size += bytes - length
		}
	}
}

func oversizeAnswer(c rawCall, kind string, limit int) {
	a := answerTo(c.job, 99)
	thrift := c.link.h2 == nil
	size := func() int {
		if thrift {
			return len(c.reply(a, int32(c.id))) - 4
		}
		return len(answerMessage(a)) - 5
	}
	fill := func(bytes int) {
		a.payload = make([]byte, bytes-200)
		for size() != bytes {
			a.payload = make([]byte, len(a.payload)+bytes-size())
		}
	}
	declared := []byte{0x7f, 0xff, 0xff, 0xff}
	switch kind {
	case "right":
		c.sendRight()
		return
	case "at", "over":
		fill(map[string]int{"at": limit, "over": limit + 1}[kind])
	}
	if thrift {
		switch kind {
		case "at", "over":
			c.link.send(c.reply(a, int32(c.id)))
		case "declared":
			c.link.send(append(declared, c.right()[4:]...))
		case "endless":
			// As long as it is taken: what is written into a connection that has ended is this machine's time, not the gateway's.
			more := make([]byte, 16<<10)
			for taken := c.link.send(append(declared, c.right()[4:]...)); taken; {
				taken = c.link.send(more)
			}
		}
		return
	}
	headers, data, trailers := respond(uint32(c.id), answerMessage(a), "0")
	switch kind {
	case "at", "over":
		if c.link.h2.take(len(data)) {
			c.link.send(append(append(headers, data...), trailers...))
		}
	case "declared":
		if c.link.h2.take(100) {
			c.link.send(append(headers, frameBytes(frameData, 0, uint32(c.id), append([]byte{0}, declared...))...))
		}
	case "endless":
		c.link.send(append(headers, frameBytes(frameData, 0, uint32(c.id), append([]byte{0}, declared...))...))
		for i := 0; i < 60 && c.link.h2.take(1000); i++ {
			c.link.send(frameBytes(frameData, 0, uint32(c.id), make([]byte, 1000)))
		}
	}
}
