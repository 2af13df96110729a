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
	if err := b.startGateway(); err != nil {
		return err
	}
	return b.startLoad(b.mixed())
}

// floodRow: the flood runs in the disturbed slices. growth: MiB of memory that it may cost while it lasts.
// closes: the gateway must end such connections.
func floodRow(kind string, growth int64, closes bool) func(*bench) error {
	return func(b *bench) error {
		if err := b.withFloodService(); err != nil {
			return err
		}
		var running *flood
		var total floodResult
		var trouble error
		b.interleave(func(on bool) {
			if trouble != nil {
				return
			}
			if on {
				running, trouble = b.startFlood(kind)
				return
			}
			var r floodResult
			r, trouble = running.stop()
			total.add(r)
		})
		failures := b.gateway.metric("koine_gateway_connection_failures_total")
		b.finish(expectation{p99: 2})
		grown := max(b.rssPeak-b.rss, 0) >> 20
		b.mark([]demand{must(total.Frames+total.Connections > 0, "the flood did nothing"), must(!closes || total.Closed > 0, "no connection of the flood was closed"),
			must(grown <= growth, "memory grew by %d MiB, %d are allowed", grown, growth)},
			"%d connections, %d closed by the gateway, %d frames (%d at most on one), %d MiB; memory +%d MiB at the peak; %.0f connection failures counted",
			total.Connections, total.Closed, total.Frames, total.MostFrames, total.Bytes>>20, grown, failures)
		return trouble
	}
}

// rowSlowloris: thousands of connections, a byte a second, in each format.
func rowSlowloris(b *bench) error {
	if err := b.withFloodService(); err != nil {
		return err
	}
	kinds := []struct {
		name  string
		limit time.Duration
	}{{"slow-silent", 11}, {"slow-preface", 11}, {"slow-thrift", 11}, {"slow-http2", 31}, {"slow-headers", 31}, {"slow-frame", 31}, {"slow-grpc", 31}}
	const clients = 5000
	b.enter("calm", &b.calm)
	b.watch(3 * time.Second)
	b.enter("between", &b.between)
	var floods []*flood
	for _, k := range kinds {
		f, err := b.startFlood(k.name, "--once", "--connections", fmt.Sprint(clients/len(kinds)))
		if err != nil {
			return err
		}
		floods = append(floods, f)
	}
	b.watch(2 * time.Second)
	// Each slice of the same length as the undisturbed one.
	for range 10 {
		b.enter("rough", &b.rough)
		b.watch(3 * time.Second)
	}
	b.enter("between", &b.between)
	b.watch(2 * time.Second)
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
	b.config.limits = map[string]string{"memory_bytes_max": fmt.Sprintf("%dMiB", bound)}
	if err := b.withFloodService(); err != nil {
		return err
	}
	const callers = 1000
	kinds := map[string]int{"thrift-unread": 450, "grpc-unread": 450, "pour-unread": 100}
	var floods []*flood
	var total floodResult
	var trouble error
	b.interleave(func(on bool) {
		if on {
			floods = nil
			for kind, each := range kinds {
				f, err := b.startFlood(kind, "--connections", fmt.Sprint(each), "--once")
				if err != nil {
					trouble = err
					return
				}
				floods = append(floods, f)
			}
			return
		}
		for _, f := range floods {
			r, err := f.stop()
			if err != nil {
				trouble = err
			}
			total.add(r)
		}
	})
	b.finish(expectation{p99: 2})
	grown := max(b.rssPeak-b.rss, 0)
	shaky := sum(b.rough, "shaky")
	// memory_bytes_max is what buffers hold; the calls themselves and the heap's own losses come on top.
	b.mark([]demand{must(grown>>20 <= bound*3/2, "memory grew by %d MiB, %d are allowed", grown>>20, bound*3/2),
		must(shaky.failures() == 0, "calls of others at the same provider: %s", shaky.describe())}, "%d callers that read nothing, %d of them closed, cost %d MiB at the peak with memory_bytes_max %d MiB; the others at the same provider: %d of %d failed",
		callers, total.Closed, grown>>20, bound, shaky.failures(), shaky.ended.Load())
	return trouble
}
