package main

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// Rows about the gateway's own changes: a new configuration, a restart. Under load on many connections.

const crowdConnections = 64

// crowd is the load of a busy gateway: at least 64 connections of every caller's protocol.
func (b *bench) crowd(services []string, rate float64) []stream {
	streams := b.streams("crowd", services, rate)
	for i := range streams {
		streams[i].connections = (crowdConnections + len(services) - 1) / len(services)
		streams[i].sizeMax = 4000
	}
	return streams
}

// variant of the configuration for reload number n: the endpoint of every steady service moves between two providers,
// and Flip's route goes to a provider of another protocol each time. A call that took its route from one
// configuration and its endpoint from another would meet a provider that speaks another protocol.
func (b *bench) variant(n int, steady [2][]string, flip []service) gatewayConfig {
	c := b.config
	c.services = nil
	for i, name := range steadyServices {
		c.services = append(c.services, service{name: name, protocol: protocolOf(name), endpoints: []string{steady[n%2][i]},
			timeout: b.deadline, idleClose: 500 * time.Millisecond})
	}
	c.services = append(c.services, flip[n%len(flip)])
	return c
}

// rowReload: a thousand reloads under load.
func rowReload(b *bench) error {
	if err := b.prepare(); err != nil {
		return err
	}
	var steady [2][]string
	for i, name := range steadyServices {
		second, err := b.startProvider(name, "127.0.0.1:0", 10+i)
		if err != nil {
			return err
		}
		steady[0] = append(steady[0], b.service(name).endpoints[0])
		steady[1] = append(steady[1], addressOf(second))
	}
	var flip []service
	for _, name := range shakyServices {
		flip = append(flip, service{name: "Flip", protocol: protocolOf(name), endpoints: []string{addressOf(b.providers[name])},
			timeout: b.deadline, idleClose: 500 * time.Millisecond})
	}
	b.config = b.variant(0, steady, flip)
	if err := b.startGateway(); err != nil {
		return err
	}
	rate := max(b.rate, 2000)
	if err := b.startLoad(b.crowd(append([]string{"Flip"}, steadyServices...), rate)); err != nil {
		return err
	}
	// Under load alone the gateway's memory rises for some twenty seconds, as every connection comes to have had its
	// largest calls: what reloads cost is seen only behind that.
	b.watch(30 * time.Second)
	begun, before := time.Now(), sum(b.all(), "crowd").ended.Load()
	const reloads = 1000
	// The gateway's memory after each reload. The first fifth does not count: pages of its binary come as code first runs.
	var heaps, sizes []int64
	for n := 1; n <= reloads; n++ {
		b.config = b.variant(n, steady, flip)
		if err := b.reconfigure(); err != nil {
			return err
		}
		heaps = append(heaps, b.gateway.heapBytes())
		sizes = append(sizes, b.gateway.rssBytes())
	}
	b.rssPeak = max(b.rssPeak, slices.Max(sizes))
	took := time.Since(begun)
	b.watch(time.Second)
	crowd := sum(b.all(), "crowd")
	perSecond := float64(crowd.ended.Load()-before) / time.Since(begun).Seconds()
	applied := b.gateway.metric("koine_control_reloads_total", `result="applied"`)
	connections := b.connections()
	var fifths []int64
	course := ""
	for n := range 5 {
		fifths = append(fifths, medianSize(sizes[n*reloads/5:(n+1)*reloads/5]))
		course += fmt.Sprintf("→%.1f", mib(fifths[n]))
	}
	early, late := fifths[1], fifths[4]
	b.rss, b.heap = late, medianSize(heaps[4*reloads/5:])
	b.finish(expectation{})
	mixed, versions := 0, map[int64]bool{}
	err := b.gateway.accessLog(func(line accessLine) {
		n := int(line.Snapshot - 1)
		versions[line.Snapshot] = true
		if line.Endpoint != b.variantEndpoint(line.Service, n, steady, flip) {
			mixed++
		}
	})
	crowd = sum(b.all(), "crowd")
	b.mark([]demand{must(err == nil, "access log: %v", err), must(crowd.failures() == 0, "calls failed: %s", crowd.describe()), must(mixed == 0, "%d calls saw two configurations", mixed),
		must(applied == reloads, "%.0f of %d reloads applied", applied, reloads),
		must(late <= early+early/20, "%.1f MiB in the last fifth of the reloads, %.1f in the second: 5 %% more is allowed", mib(late), mib(early)),
		must(connections["grpc"] >= crowdConnections && connections["thrift"] >= crowdConnections*float64(len(b.dialect)), "fewer connections than there should be: %v", connections),
		must(perSecond >= 2000*0.95, "%.0f calls a second, fewer than 2,000", perSecond)},
		"%d reloads in %.0f s, %.0f applied; %d of %d calls failed (%.0f a second on %.0f gRPC and %.0f Thrift connections); %d saw two configurations, of the %d that calls began with; memory by fifths of them %s MiB",
		reloads, took.Seconds(), applied, crowd.failures(), crowd.ended.Load(), perSecond, connections["grpc"], connections["thrift"], mixed, len(versions), course[len("→"):])
	return err
}

// connections of callers at the gateway, by protocol.
func (b *bench) connections() map[string]float64 {
	counts := map[string]float64{}
	for _, caller := range []string{"grpc", "thrift"} {
		counts[caller] = b.gateway.metric("koine_gateway_connections", `caller="`+caller+`"`)
	}
	return counts
}

func medianSize(sizes []int64) int64 {
	sorted := slices.Sorted(slices.Values(sizes))
	return sorted[len(sorted)/2]
}

// variantEndpoint: where a call to `service` that began with variant n has to go.
func (b *bench) variantEndpoint(service string, n int, steady [2][]string, flip []service) string {
	if service == "flip" {
		return flip[n%len(flip)].endpoints[0]
	}
	for i, name := range steadyServices {
		if strings.ToLower(name) == service {
			return steady[n%2][i]
		}
	}
	return "no service " + service
}

// switchboard gives each new connection to the gateway that is served now, as a balancer does in a rolling restart.
// It knows nothing of protocols, and never ends a connection by itself.
type switchboard struct {
	listener net.Listener
	target   atomic.Pointer[string]
}

func startSwitchboard(target string) (*switchboard, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &switchboard{listener: listener}
	s.target.Store(&target)
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.DialTimeout("tcp", *s.target.Load(), 2*time.Second)
			if err != nil {
				_ = near.Close()
				continue
			}
			go func() {
				there := make(chan struct{})
				go func() { carry(near, far); close(there) }()
				carry(far, near)
				<-there
				_, _ = near.Close(), far.Close()
			}()
		}
	}()
	return s, nil
}

// carry copies one way and passes an end on.
func carry(from, to net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if _, failed := to.Write(buffer[:n]); failed != nil {
				_, _ = from.Close(), to.Close()
				return
			}
		}
		if err != nil {
			_ = to.(*net.TCPConn).CloseWrite()
			return
		}
	}
}

// rowDrain: rolling restarts. The old gateway gets SIGTERM while a new one takes the new connections.
func rowDrain(b *bench) error {
	if err := b.prepare(); err != nil {
		return err
	}
	if err := b.startGateway(); err != nil {
		return err
	}
	first := b.gateway
	rate := max(b.rate, 2000)
	streams := b.crowd(steadyServices, rate)
	// Callers of one kind connect to the gateway itself: what waits in its accept queue, too.
	board, err := startSwitchboard(b.gateway.address)
	if err != nil {
		return err
	}
	b.cleanup(func() { _ = board.listener.Close() })
	for i := range streams {
		streams[i].address = board.listener.Addr().String()
	}
	started := time.Now()
	if err := b.startLoad(streams); err != nil {
		return err
	}
	const restarts = 5
	var drains []time.Duration
	old := first
	for n := range restarts {
		folder := fmt.Sprintf("%s/gateway-%d", b.folder, n)
		next, err := startGateway(b.binary, b.schemas, folder, b.config)
		if err != nil {
			return err
		}
		b.cleanup(next.kill)
		board.target.Store(&next.address)
		// As a balancer does it: no new connections first, then the end.
		b.watch(50 * time.Millisecond)
		begun := time.Now()
		old.signal(syscall.SIGTERM)
		// gRPC callers are told by GOAWAY; Thrift pools by whoever watches the readiness.
		if !waitFor(2*time.Second, func() bool { return !old.isReady() }) {
			return fmt.Errorf("the gateway is still ready after SIGTERM")
		}
		b.load.moves.Add(1)
		select {
		case <-old.ended:
		case <-time.After(35 * time.Second):
			return fmt.Errorf("the drain did not end\n%s", tail(old.log))
		}
		if old.status != nil {
			return fmt.Errorf("a drained gateway ended with %v\n%s", old.status, tail(old.log))
		}
		drains = append(drains, time.Since(begun))
		old, b.gateway = next, next
		b.watch(time.Duration(b.seconds / restarts * float64(time.Second)))
	}
	crowd := sum(b.all(), "crowd")
	perSecond := float64(crowd.ended.Load()) / time.Since(started).Seconds()
	connections := b.connections()
	b.rss = b.gateway.rssBytes()
	b.finish(expectation{restarts: true})
	crowd = sum(b.all(), "crowd")
	b.mark([]demand{must(crowd.failures() == 0, "calls failed: %s", crowd.describe()), must(perSecond >= 2000*0.95, "%.0f calls a second, fewer than 2,000", perSecond),
		must(connections["grpc"] >= crowdConnections && connections["thrift"] >= crowdConnections*float64(len(b.dialect)), "fewer connections than there should be: %v", connections)},
		"%d restarts, %d of %d calls failed (%s), %.0f a second on %.0f gRPC and %.0f Thrift connections; drains took %s (median; %s at most)",
		restarts, crowd.failures(), crowd.ended.Load(), orElse(crowd.describe(), "none"), perSecond,
		connections["grpc"], connections["thrift"], millis(median(drains)), millis(slices.Max(drains)))
	return nil
}

// rowFiles: the gateway runs out of descriptors.
func rowFiles(b *bench) error {
	if err := b.prepare(); err != nil {
		return err
	}
	for i := range b.config.services {
		b.config.services[i].idleClose = time.Minute
	}
	if err := b.startGateway(); err != nil {
		return err
	}
	if err := b.startLoad(b.streams("steady", steadyServices, b.rate/4)); err != nil {
		return err
	}
	b.watch(time.Second)
	var trouble error
	var slowest time.Duration
	var usual, starved usage
	var waiting []net.Conn
	meter := b.meter()
	b.interleave(func(on bool) {
		if on {
			usual.add(meter())
			// Not one descriptor more than are open: what comes now cannot be accepted.
			trouble = errors.Join(trouble, limitFiles(b.gateway.pid(), b.gateway.openFiles()))
			for range 20 {
				if c, err := net.Dial("tcp", b.gateway.address); err == nil {
					waiting = append(waiting, c)
				}
			}
			meter()
			return
		}
		starved.add(meter())
		trouble = errors.Join(trouble, limitFiles(b.gateway.pid(), 20000))
		for _, c := range waiting {
			_ = c.Close()
		}
		waiting = nil
		begun := time.Now()
		late := newThriftCaller(b.gateway.address, "framed-binary", 3*time.Second)
		defer late.close()
		for time.Since(begun) < 5*time.Second {
			if _, err := thriftOnce(late, "SteadyBinary", newJob(b.book.nonce(), 100, 100, 0)); err == nil {
				break
			}
		}
		slowest = max(slowest, time.Since(begun))
		meter()
	})
	for i := range b.config.services {
		b.config.services[i].idleClose = time.Second
	}
	if err := b.reconfigure(); err != nil {
		return err
	}
	b.finish(expectation{})
	more := starved.share() - usual.share()
	b.mark([]demand{must(more <= 0.05, "%.1f %% of a processor more than usual, 5 are allowed", 100*more), must(slowest <= time.Second, "a new caller waited %s", millis(slowest)),
		must(starved.wall > 0, "never without a descriptor")},
		"processor %.1f%% without a descriptor, %.1f%% with; a new caller was answered %s after there were some again",
		100*starved.share(), 100*usual.share(), millis(slowest))
	return trouble
}

// usage of a processor.
type usage struct{ cpu, wall time.Duration }

func (u *usage) add(o usage)   { u.cpu, u.wall = u.cpu+o.cpu, u.wall+o.wall }
func (u usage) share() float64 { return float64(u.cpu) / float64(max(u.wall, 1)) }

// meter says, each time that it is called, what the gateway has used since the last time.
func (b *bench) meter() func() usage {
	cpu, wall := b.gateway.cpuTime(), time.Now()
	return func() usage {
		now := usage{b.gateway.cpuTime() - cpu, time.Since(wall)}
		cpu, wall = b.gateway.cpuTime(), time.Now()
		return now
	}
}
