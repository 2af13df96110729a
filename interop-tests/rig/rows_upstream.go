package main

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// Rows whose fault is at a provider, or on the way to it.

// while runs `step` again and again in the disturbed slices.
func while(step func()) func(on bool) {
	var stop chan struct{}
	var done sync.WaitGroup
	return func(on bool) {
		if !on {
			close(stop)
			done.Wait()
			return
		}
		stop = make(chan struct{})
		ending := stop
		done.Add(1)
		go func() {
			defer done.Done()
			for {
				select {
				case <-ending:
					return
				default:
					step()
				}
			}
		}()
	}
}

// shakyInFlight: calls to the faulty part that are due and not over.
func (b *bench) shakyInFlight(phases []*phase) int64 {
	t := sum(phases, "shaky")
	return t.due.Load() - t.ended.Load()
}

// rowKilled: providers die in the middle of answers; another endpoint of each is up.
func rowKilled(b *bench) error {
	if err := b.prepare(); err != nil {
		return err
	}
	for i, name := range shakyServices {
		first := b.providers[name]
		second, err := b.startProvider(name, "127.0.0.1:0", 11+i)
		if err != nil {
			return err
		}
		b.providers[name] = first
		b.service(name).endpoints = append(b.service(name).endpoints, addressOf(second))
	}
	if err := b.startGateway(); err != nil {
		return err
	}
	if err := b.startLoad(b.mixed()); err != nil {
		return err
	}
	var mutex sync.Mutex
	hit, turn, kills := int64(0), 0, 0
	var trouble error
	// In the undisturbed slices processes are started and killed as often, which nobody calls.
	var decoy *process
	quiet := 0
	b.compare(while(func() {
		time.Sleep(130 * time.Millisecond)
		if quiet++; quiet/len(shakyServices)%2 == 0 {
			return
		}
		if decoy != nil {
			decoy.kill()
		}
		name := shakyServices[quiet%len(shakyServices)]
		var err error
		if decoy, err = b.startDecoy(name); err != nil {
			trouble = err
		}
	}), while(func() {
		mutex.Lock()
		defer mutex.Unlock()
		name := shakyServices[turn%len(shakyServices)]
		before := b.shakyInFlight(b.all())
		if turn/len(shakyServices)%2 == 0 {
			// In the middle of the next answer of every connection.
			b.proxies[name].set(fault{cutAfter: 1, reset: turn%2 == 0})
			time.Sleep(30 * time.Millisecond)
			before = max(before, b.shakyInFlight(b.all()))
			b.proxies[name].set(fault{})
		} else {
			old := b.providers[name]
			address := addressOf(old)
			old.kill()
			kills++
			if _, err := b.startProvider(name, address, 20+turn); err != nil {
				trouble = err
			}
		}
		hit += before + int64(b.rate/6*0.03)
		turn++
		time.Sleep(100 * time.Millisecond)
	}))
	b.finish(expectation{reasons: []string{"UPSTREAM_CLOSED", "UPSTREAM_CONNECT"}})
	shaky := sum(b.all(), "shaky")
	b.mark([]demand{must(int64(shaky.failures()) <= hit, "%d calls failed, %d were with the provider", shaky.failures(), hit)}, "%d disturbances (%d kills), %d calls in flight then, %d failed of %d; partial answers delivered: %d",
		turn, kills, hit, shaky.failures(), shaky.ended.Load(), shaky.count("corrupt"))
	return trouble
}

func (b *bench) setProxies(f fault) {
	for _, p := range b.proxies {
		p.set(f)
	}
}

// rowHang: providers accept and never answer.
func rowHang(b *bench) error {
	if err := b.ready(); err != nil {
		return err
	}
	b.settle = b.deadline + 500*time.Millisecond // those that wait for a connection of their caller's own, too
	b.interleave(func(on bool) { b.setProxies(fault{hang: on}) })
	b.finish(expectation{reasons: []string{"CALL_DEADLINE"}})
	calm, rough := sum(b.calm[1:], "shaky"), sum(b.rough, "shaky")
	hung := rough.count("failed DEADLINE_EXCEEDED CALL_DEADLINE")
	b.mark([]demand{must(hung > 0, "no call hung"), must(hung == rough.failures(), "calls ended otherwise: %s", rough.describe()),
		must(calm.failures()*100 <= int(calm.ended.Load()), "afterwards calls failed: %s", calm.describe())},
		"%d of %d ended at their deadline, %d otherwise; afterwards %d of %d failed", hung, rough.ended.Load(), rough.failures()-hung, calm.failures(), calm.ended.Load())
	return nil
}

// rowDown: every endpoint of a service is down, then back.
func rowDown(b *bench) error {
	if err := b.prepare(); err != nil {
		return err
	}
	for _, name := range shakyServices {
		b.service(name).endpoints = []string{addressOf(b.providers[name])}
	}
	if err := b.startGateway(); err != nil {
		return err
	}
	if err := b.startLoad(b.mixed()); err != nil {
		return err
	}
	var returned []*phase
	var connects, seconds float64
	attempts := func() float64 {
		total := 0.0
		for _, label := range []string{"shakybinary", "shakycompact", "shakygrpc"} {
			total += b.gateway.metric("koine_upstream_connections_opened_total", label) + b.gateway.metric("koine_upstream_connect_failures_total", label)
		}
		return total
	}
	var trouble error
	var since time.Time
	b.interleave(func(on bool) {
		if on {
			connects, since = connects-attempts(), time.Now()
			for _, name := range shakyServices {
				b.providers[name].kill()
			}
			return
		}
		connects += attempts()
		seconds += time.Since(since).Seconds()
		for _, name := range shakyServices {
			if _, err := b.startProvider(name, addressOf(b.providers[name]), 5); err != nil {
				trouble = err
			}
		}
		b.watch(2 * time.Second)
		b.enter("returned", &returned)
		b.watch(500 * time.Millisecond)
	})
	b.between = append(b.between, returned...)
	b.finish(expectation{reasons: []string{"UPSTREAM_CONNECT", "UPSTREAM_CLOSED"}})
	var fast histogram
	_ = b.gateway.accessLog(func(line accessLine) {
		if line.Reason == "UPSTREAM_CONNECT" {
			fast.add(time.Duration(line.DurationUs) * time.Microsecond)
		}
	})
	back := sum(returned, "shaky")
	p99 := fast.quantile(0.99)
	const poolSize = 64 * 3
	b.mark([]demand{must(p99 > 0 && p99 <= 5*time.Millisecond, "told within %s (p99), 5 ms are allowed", millis(p99)),
		must(back.ended.Load() > 0 && back.failures()*100 <= int(back.ended.Load()), "2 s after the return calls failed: %s", back.describe()),
		must(connects/seconds <= 2*poolSize, "%.0f connects a second, %d are allowed", connects/seconds, 2*poolSize)},
		"told within %s (p99); 2 s after the return %d of %d failed; %.0f connects a second while down", millis(p99), back.failures(), back.ended.Load(), connects/seconds)
	return trouble
}

// onLink puts the gateway and the steady providers at the near end of a link, the shaky providers at the far one,
// and the callers on Unix sockets, which no namespace divides.
func (b *bench) onLink(mtu int) (*lossyLink, error) {
	wire, err := startLink(b.folder, mtu)
	if err != nil {
		return nil, err
	}
	b.cleanup(wire.close)
	b.wrap = func(service string) []string {
		if ofShaky(service) {
			return wire.far
		}
		return wire.near
	}
	b.listen = func(service string) string {
		if ofShaky(service) {
			return linkFar + ":0"
		}
		return "127.0.0.1:0"
	}
	b.config.wrapper = wire.near
	b.config.bind = "unix:" + b.folder + "/callers.sock"
	b.config.admin = "unix:" + b.folder + "/admin.sock"
	if err := b.prepare(); err != nil {
		return nil, err
	}
	for _, name := range shakyServices {
		b.service(name).endpoints = []string{linkFar + ":" + b.providers[name].ready[0]}
	}
	return wire, nil
}

// rowHalfOpen: a firewall forgets connections: their packets vanish, no reset tells anybody. New ones work.
func rowHalfOpen(b *bench) error {
	wire, err := b.onLink(1500)
	if err != nil {
		return err
	}
	// Long enough that a silent connection would be kept, were it not noticed.
	for _, name := range shakyServices {
		b.service(name).idleClose = 25 * time.Second
	}
	if err := b.startGateway(); err != nil {
		return err
	}
	if err := b.startLoad(b.mixed()); err != nil {
		return err
	}
	var noticed []*phase
	b.interleave(func(on bool) {
		if !on {
			return
		}
		wire.set(weather{forget: true})
		// A call that was on its way is given up at its deadline. By then everybody knows.
		b.watch(b.deadline + b.deadline/2)
		b.enter("noticed", &noticed)
		b.watch(time.Second)
	})
	if !b.load.stop(b.deadline + callersTimeout) {
		return fmt.Errorf("the load did not end")
	}
	// Idle connections that were forgotten: found within ten seconds, before a call meets them.
	wire.set(weather{forget: true})
	b.watch(10 * time.Second)
	idle := newPhase("idle")
	second, err := startLoad(b.gateway.address, b.book, idle, b.streams("shaky", shakyServices, 60))
	if err != nil {
		return err
	}
	b.watch(1500 * time.Millisecond)
	b.load = second
	b.between = append(b.between, noticed...)
	b.between = append(b.between, idle)
	for _, name := range shakyServices {
		b.service(name).idleClose = time.Second
	}
	if err := b.reconfigure(); err != nil {
		return err
	}
	b.finish(expectation{reasons: []string{"CALL_DEADLINE", "UPSTREAM_CLOSED"}})
	late, after := sum(noticed, "shaky"), idle.group("shaky")
	b.mark([]demand{must(late.failures() == 0 && late.ended.Load() > 0, "after one timeout: %s", orElse(late.describe(), "no calls")),
		must(after.failures() == 0 && after.ended.Load() > 0, "after the silence: %s", orElse(after.describe(), "no calls"))},
		"after one timeout %d of %d failed; after 10 s of silence %d of %d", late.failures(), late.ended.Load(), after.failures(), after.ended.Load())
	return nil
}

// rowNetwork: packets are lost, repeated, reordered and late; small packets; one byte at a time.
func rowNetwork(b *bench) error {
	wire, err := b.onLink(576)
	if err != nil {
		return err
	}
	if err := b.startGateway(); err != nil {
		return err
	}
	streams := b.streams("steady", steadyServices, b.rate/2)
	for _, s := range b.streams("shaky", shakyServices, 120) {
		s.sizeMax = 8 << 10
		s.connections *= 3
		streams = append(streams, s)
	}
	if err := b.startLoad(streams); err != nil {
		return err
	}
	turn := 0
	conditions := []weather{{loss: 0.03, repeat: 0.01}, {loss: 0.01, reorder: 0.1, jitter: 5 * time.Millisecond}, {delay: 100 * time.Millisecond}}
	b.interleave(func(on bool) {
		if on {
			wire.set(conditions[turn%len(conditions)])
			turn++
			return
		}
		wire.set(weather{})
	})
	b.finish(expectation{})
	shaky := sum(b.all(), "shaky")
	b.mark([]demand{must(shaky.failures() == 0 && shaky.ended.Load() > 0, "calls failed: %s", shaky.describe())}, "%d of %d calls failed at loss 3%%, reorder 10%%, 200 ms round trip, MTU 576", shaky.failures(), shaky.ended.Load())
	return nil
}

// rowSegments: the same by the proxy: every byte its own segment, on both sides of the gateway.
func rowSegments(b *bench) error {
	if err := b.prepare(); err != nil {
		return err
	}
	if err := b.startGateway(); err != nil {
		return err
	}
	streams := b.streams("steady", steadyServices, b.rate/2)
	for _, s := range b.streams("shaky", shakyServices, 60) {
		s.sizeMax = 2000
		streams = append(streams, s)
	}
	if err := b.startLoad(streams); err != nil {
		return err
	}
	var small []stream
	for _, isHTTP2 := range []bool{false, true} {
		front, err := startProxy(b.gateway.address, isHTTP2)
		if err != nil {
			return err
		}
		b.cleanup(front.close)
		front.set(fault{segment: 1})
		for _, s := range b.streams("front", shakyServices, 30) {
			if (s.caller == "grpc") == isHTTP2 && (isHTTP2 || isFramed(s.caller)) {
				s.sizeMax, s.address = 2000, front.address()
				small = append(small, s)
			}
		}
	}
	bytewise, err := startLoad(b.gateway.address, b.book, b.load.current.Load(), small)
	if err != nil {
		return err
	}
	b.p99 = 2
	b.interleave(func(on bool) {
		f := fault{}
		if on {
			f = fault{segment: 7, shuffle: true, jitter: time.Millisecond}
		}
		b.setProxies(f)
	})
	ended := bytewise.stop(callersTimeout)
	b.finish(expectation{})
	shaky, front := sum(b.all(), "shaky"), bytewise.current.Load().group("front")
	b.mark([]demand{must(ended, "calls without an end"), must(shaky.failures() == 0, "calls failed: %s", shaky.describe()),
		must(front.failures() == 0 && front.ended.Load() > 0, "calls of byte by byte callers: %s", orElse(front.describe(), "none"))},
		"%d of %d failed with providers in 7-byte pieces, %d of %d with callers byte by byte", shaky.failures(), shaky.ended.Load(), front.failures(), front.ended.Load())
	return nil
}

func isFramed(dialect string) bool { return dialect == "framed-binary" || dialect == "framed-compact" }

// rowCancels: callers give up at random points, three calls in ten.
func rowCancels(b *bench) error {
	if err := b.prepare(); err != nil {
		return err
	}
	if err := b.startGateway(); err != nil {
		return err
	}
	streams := b.streams("steady", steadyServices, b.rate/2)
	for _, s := range b.streams("shaky", shakyServices, b.rate/4) {
		s.cancelled, s.connections = 0.3, 2*s.connections
		s.delayMillis = func() int { return rand.IntN(60) }
		streams = append(streams, s)
	}
	if err := b.startLoad(streams); err != nil {
		return err
	}
	b.interleave(func(bool) {})
	b.finish(expectation{cancels: true, reasons: []string{"CALL_CANCELLED"}})
	shaky := sum(b.all(), "shaky")
	cancelled := shaky.count("cancelled")
	others := shaky.failures() - cancelled
	left := b.inFlightAtEnd
	b.mark([]demand{must(cancelled > 0, "no call was given up"), must(others == 0, "calls ended: %s", shaky.describe()), must(left == 0, "%v calls in flight when all had ended", left)}, "%d of %d given up, %d others failed; in flight afterwards: %v", cancelled, shaky.ended.Load(), others, left)
	return nil
}

// rowThousand: a thousand calls in flight on one connection, by grpc-go and by Apache Thrift's concurrent C++ client; their
// providers take a random time, some answers come after their deadline.
func rowThousand(b *bench) error {
	if err := b.prepare(); err != nil {
		return err
	}
	b.config.limits = map[string]string{"streams_per_connection_max": "4000", "pipelined_calls_max": "4000"}
	for _, name := range shakyServices {
		b.service(name).connections = 1500
	}
	if err := b.startGateway(); err != nil {
		return err
	}
	if err := b.startLoad(b.streams("steady", steadyServices, b.rate/3)); err != nil {
		return err
	}
	c, err := newGrpcCaller(b.gateway.address)
	if err != nil {
		return err
	}
	native, err := newConcurrentCaller(b.gateway.address, "ShakyCompact")
	if err != nil {
		return err
	}
	b.thousand(c, 1, 0)
	b.thousand(native, 1, threadsWake)
	b.rss = b.gateway.rssBytes()
	lateSoFar := func() int { return sum(b.all(), "shaky").count("failed DEADLINE_EXCEEDED") }
	peak := b.thousand(c, 4, 0)
	lateBefore := lateSoFar()
	peak = min(peak, b.thousand(native, 4, threadsWake))
	c.close()
	native.close()
	b.finish(expectation{reasons: []string{"CALL_DEADLINE"}, ourOwn: true})
	// A gRPC provider knows the deadline too, and may be the first to say that it has passed.
	shaky := sum(b.all(), "shaky")
	late := lateSoFar()
	b.mark([]demand{must(peak >= inFlightWanted*99/100, "only %d in flight", peak), must(late > lateBefore, "no answer to Thrift was late"), must(lateBefore > 0, "no answer to gRPC was late"), must(shaky.failures() == late, "calls ended: %s", shaky.describe())}, "%d in flight on one connection, of gRPC and of Thrift; %d answered, %d at their deadline, %d otherwise",
		peak, shaky.ok.Load(), late, shaky.failures()-late)
	return nil
}

const (
	inFlightWanted = 1000
	// A Thrift caller's answers come in the order of its calls, many at once behind one that took long, and the concurrent
	// client hands each to a thread of its own, one after the other.
	threadsWake = 2 * time.Second
)

// thousand makes so many calls at once on one connection, each of them `rounds` times, and says how many there were. By the
// caller's clock an answer may be `slack` later than by the gateway's.
func (b *bench) thousand(c caller, rounds int, slack time.Duration) int64 {
	var inflight, peak atomic.Int64
	var all sync.WaitGroup
	p := b.enter("thousand", &b.between)
	for i := range inFlightWanted {
		all.Add(1)
		go func() {
			defer all.Done()
			// The concurrent client calls its own service, and knows no deadline.
			s := stream{caller: "grpc", service: shakyServices[i%3], group: "shaky", deadline: b.deadline + slack, timeout: callersTimeout, sizeMax: 4000,
				// One answer in ten comes after the call's deadline.
				delayMillis: func() int { return rand.IntN(int(b.deadline.Milliseconds()) * 11 / 10) }}
			for range rounds {
				peak.Store(max(peak.Load(), inflight.Add(1)))
				b.load.one(c, s, time.Now(), p)
				inflight.Add(-1)
			}
		}()
	}
	all.Wait()
	return peak.Load()
}
