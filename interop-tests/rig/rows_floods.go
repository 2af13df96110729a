package main

import (
	"fmt"
	"time"
)

// Rows whose fault is a flood: hostile peers beside valid callers.

// withFloodService adds the service that floods call; its provider is a steady one's.
func (b *bench) withFloodService() error {
	if err := b.prepare(); err != nil {
		return err
	}
	b.config.services = append(b.config.services, service{name: floodService, protocol: "framed-binary", timeout: b.deadline, idleClose: time.Second,
		endpoints: []string{addressOf(b.providers["ShakyBinary"])}, connections: 16})
	return b.startGateway()
}

// besideFloods is the load of the valid callers.
func (b *bench) besideFloods() error {
	return b.startLoad(b.streams("steady", steadyServices, b.rate*2/3))
}

// floodRow: the flood runs all the time, in the disturbed slices against the gateway, in the others against a plain
// TCP listener, so that the two differ in what the gateway does about it and in nothing else. growth: MiB of memory that it may cost while
// it lasts. closes: the gateway must end such connections.
func floodRow(kind string, growth int64, closes bool) func(*bench) error {
	return func(b *bench) error {
		b.p99 = 2
		if err := b.withFloodService(); err != nil {
			return err
		}
		if err := b.besideFloods(); err != nil {
			return err
		}
		var running *flood
		var sink *process
		var total, elsewhere floodResult
		var seconds, secondsElsewhere float64
		var trouble error
		var begun time.Time
		begin := func(at *process) {
			if trouble == nil {
				running, trouble = b.startFlood(kind, at)
			}
			begun = time.Now()
		}
		end := func() (result floodResult) {
			if trouble == nil {
				result, trouble = running.stop()
			}
			return result
		}
		// How much a connection says before the gateway ends it; the plain listener ends it there too.
		begin(nil)
		b.watch(500 * time.Millisecond)
		last := end()
		total.add(last)
		seconds += time.Since(begun).Seconds()
		b.compare(func(on bool) {
			switch {
			case trouble != nil:
			case on:
				if sink, trouble = b.startSink(last.closedAfter()); trouble == nil {
					begin(sink)
				}
			default:
				secondsElsewhere += time.Since(begun).Seconds()
				elsewhere.add(end())
				sink.kill()
			}
		}, func(on bool) {
			if on {
				begin(nil)
				if floodKinds[kind].asksFirst {
					b.letAsk()
				}
				return
			}
			seconds += time.Since(begun).Seconds()
			last = end()
			total.add(last)
		})
		failures := b.gateway.metric("koine_gateway_connection_failures_total")
		b.finish(expectation{})
		grown := max(b.rssPeak-b.rss, 0) >> 20
		b.mark([]demand{must(total.Frames+total.Connections > 0 && !b.unasked, "the flood did nothing"), must(!closes || total.Closed > 0, "no connection of the flood was closed"),
			must(grown <= growth, "memory grew by %d MiB, %d are allowed", grown, growth)},
			"%d connections, %d closed by the gateway, %d frames (%d at most on one), %.0f a second (%.0f to a plain listener), %d MiB; memory +%d MiB at the peak; %.0f connection failures counted%s",
			total.Connections, total.Closed, total.Frames, total.MostFrames, float64(total.Frames)/seconds, float64(elsewhere.Frames)/secondsElsewhere, total.Bytes>>20, grown, failures, b.whileAsked())
		return trouble
	}
}

// rowSlowloris: thousands of connections, a byte a second, in each format.
func rowSlowloris(b *bench) error {
	// One that says nothing at all is a pool's, and falls under the idle timer, which is behind all the others here.
	b.config.limits = map[string]string{"idle_connection_timeout": "42s"}
	if err := b.withFloodService(); err != nil {
		return err
	}
	// Seconds that each may live: 30 from the first byte of what it began, and a little.
	kinds := []struct {
		name  string
		limit time.Duration
	}{{"slow-silent", 43}, {"slow-preface", 32}, {"slow-thrift", 32}, {"slow-http2", 32}, {"slow-headers", 32}, {"slow-frame", 32}, {"slow-grpc", 32}}
	if err := b.besideFloods(); err != nil {
		return err
	}
	const clients = 5000
	var floods []*flood
	begin := func(sink *process) error {
		for _, k := range kinds {
			f, err := b.startFlood(k.name, sink, "--once", "--connections", fmt.Sprint(clients/len(kinds)))
			if err != nil {
				return err
			}
			floods = append(floods, f)
		}
		b.watch(2 * time.Second)
		return nil
	}
	slices := func(list *[]*phase, count int) {
		for range count {
			b.enter("slice", list)
			b.watch(2 * time.Second)
		}
		b.enter("between", &b.between)
	}
	// The same clients at a plain listener first.
	sink, err := b.startSink(0)
	if err == nil {
		err = begin(sink)
	}
	if err != nil {
		return err
	}
	slices(&b.calm, 6)
	for _, f := range floods {
		if _, err := f.stop(); err != nil {
			return err
		}
	}
	sink.kill()
	floods = nil
	if err := begin(nil); err != nil {
		return err
	}
	slices(&b.rough, 15)
	b.watch(20 * time.Second)
	figures, opened := "", int64(0)
	var demands []demand
	for i, f := range floods {
		r, err := f.stop()
		if err != nil {
			return err
		}
		limit := kinds[i].limit * time.Second
		demands = append(demands, must(r.Open == 0 && r.Closed == r.Connections, "%s: %d of %d were not closed", kinds[i].name, r.Connections-r.Closed, r.Connections),
			must(r.LongestMs <= limit.Milliseconds(), "%s: one lived for %d ms, %d are allowed", kinds[i].name, r.LongestMs, limit.Milliseconds()))
		opened += r.Connections
		figures += fmt.Sprintf(", %s ≤ %.1f s (%d still open)", kinds[i].name[5:], float64(r.LongestMs)/1000, r.Open)
	}
	b.finish(expectation{})
	each := (b.rssPeak - b.rss) / max(opened, 1)
	b.mark(append(demands, must(each <= 16<<10, "%d bytes a client, 16 KiB are allowed", each), must(opened >= clients*9/10, "only %d of %d clients got a connection", opened, clients)),
		"%d clients, %d bytes each; closed after: %s", opened, each, figures[2:])
	return nil
}

// rowUnread: callers that ask for much and never read.
func rowUnread(b *bench) error {
	const bound = 128
	b.p99 = 2
	b.config.limits = map[string]string{"memory_bytes_max": fmt.Sprintf("%dMiB", bound)}
	if err := b.withFloodService(); err != nil {
		return err
	}
	if err := b.startLoad(b.mixed()); err != nil {
		return err
	}
	const callers = 1000
	kinds := map[string]int{"thrift-unread": 450, "grpc-unread": 450, "pour-unread": 100}
	var floods []*flood
	var sink *process
	var total floodResult
	var trouble error
	begin := func(at *process) {
		floods = nil
		for kind, each := range kinds {
			f, err := b.startFlood(kind, at, "--connections", fmt.Sprint(each), "--once")
			if err != nil {
				trouble = err
				return
			}
			floods = append(floods, f)
		}
	}
	end := func() (all floodResult) {
		for _, f := range floods {
			r, err := f.stop()
			if err != nil {
				trouble = err
			}
			all.add(r)
		}
		return all
	}
	b.compare(func(on bool) {
		if on {
			if sink, trouble = b.startSink(0); trouble == nil {
				begin(sink)
			}
		} else if trouble == nil {
			end()
			sink.kill()
		}
	}, func(on bool) {
		if on {
			begin(nil)
			b.letAsk()
		} else {
			total.add(end())
		}
	})
	b.finish(expectation{})
	grown := max(b.rssPeak-b.rss, 0)
	shaky := sum(b.rough, "shaky")
	// memory_bytes_max is what buffers hold; the calls themselves and the heap's own losses come on top.
	b.mark([]demand{must(grown>>20 <= bound*3/2, "memory grew by %d MiB, %d are allowed", grown>>20, bound*3/2),
		must(!b.unasked, "those that read nothing asked for nothing"), must(shaky.failures() == 0, "calls of others at the same provider: %s", shaky.describe())}, "%d callers that read nothing, %d of them closed, cost %d MiB at the peak with memory_bytes_max %d MiB; the others at the same provider: %d of %d failed%s",
		callers, total.Closed, grown>>20, bound, shaky.failures(), shaky.ended.Load(), b.whileAsked())
	return trouble
}
