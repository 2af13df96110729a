package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// options of a run, from the command line.
type options struct {
	binary   string  // koine
	schemas  string  // the folder of rig.thrift and rig.proto
	folder   string  // where everything of the run is written
	seconds  float64 // of a row's disturbed and undisturbed slices together
	rate     float64 // calls a second, all streams together
	verbose  bool
	dialect  []string // of Thrift callers
	sabotage string   // a gateway that spoils calls, to see the rig find it
	busy     bool     // the machine has other work: floods get an ordinary share of it, and no time of a call is judged
}

// bench is one row being run: a gateway of its own, six providers, the load, and what is found.
type bench struct {
	options
	row       string
	folder    string
	ledger    *ledger
	book      *book
	from      int64 // nonces of this row are above
	providers map[string]*process
	proxies   map[string]*proxy
	config    gatewayConfig
	gateway   *gateway
	load      *load
	calm      []*phase
	rough     []*phase
	between   []*phase
	asking    []*phase // while callers that will not read ask for what they will not read
	unasked   bool     // no call of theirs was seen
	deadline  time.Duration
	files     int
	rss       int64
	heap      int64 // of it, without the pages of the binary
	rssPeak   int64
	cleanups  []func()
	checks    []check
	// For rows that put providers somewhere else: the beginning of a provider's command line, and where it listens.
	wrap   func(service string) []string
	listen func(service string) string

	inFlightAtEnd float64
	settle        time.Duration // between a disturbed slice and the next undisturbed one
	p99           float64       // disturbed ÷ undisturbed, of calls beside the fault; 0: 1.5
	timing        bool          // something took too long, which the machine may be to blame for
}

// check is one of P0 to P6, or a mark of the row's own.
type check struct {
	Name   string   `json:"name"`
	Figure string   `json:"figure"`
	Pass   bool     `json:"pass"`
	Misses []string `json:"misses,omitempty"` // what exceeded what
}

// demand is one condition of a check, with the words for who misses it.
type demand struct {
	met  bool
	miss string
}

func must(met bool, miss string, values ...any) demand {
	return demand{met, fmt.Sprintf(miss, values...)}
}

var (
	steadyServices = []string{"SteadyBinary", "SteadyCompact", "SteadyGrpc"}
	shakyServices  = []string{"ShakyBinary", "ShakyCompact", "ShakyGrpc"}
)

const callersTimeout = 8 * time.Second

func (b *bench) check(name string, demands []demand, format string, values ...any) {
	c := check{Name: name, Figure: fmt.Sprintf(format, values...), Pass: true}
	for _, d := range demands {
		if !d.met {
			c.Pass, c.Misses = false, append(c.Misses, d.miss)
		}
	}
	b.checks = append(b.checks, c)
}

// mark is a check that only this row has.
func (b *bench) mark(demands []demand, format string, values ...any) {
	b.check("mark", demands, format, values...)
}

// is: a check's only condition.
func is(met bool, miss string, values ...any) []demand { return []demand{must(met, miss, values...)} }

// failedOnTime: nothing is wrong but how long things took.
func (b *bench) failedOnTime() bool {
	failed := 0
	for _, c := range b.checks {
		if !c.Pass {
			failed++
		}
	}
	return b.timing && failed > 0 && !slices.ContainsFunc(b.checks, func(c check) bool { return !c.Pass && c.Name != "P4" && c.Name != "P2" })
}

func (b *bench) passed() bool {
	for _, c := range b.checks {
		if !c.Pass {
			return false
		}
	}
	return len(b.checks) > 0
}

func (b *bench) cleanup(f func()) { b.cleanups = append(b.cleanups, f) }

func (b *bench) close() {
	for i := len(b.cleanups) - 1; i >= 0; i-- {
		b.cleanups[i]()
	}
}

// self is the command line of a child of ours. Providers are bounded: what hostile bytes make of them must not
// take the machine along.
func (b *bench) self(words ...string) []string {
	me, _ := os.Executable()
	return append([]string{"prlimit", "--as=6000000000", me}, words...)
}

func ofShaky(service string) bool { return strings.HasPrefix(service, "Shaky") }

// startProvider starts, or starts again at the same address, the provider of a service.
func (b *bench) startProvider(service, address string, id int) (*process, error) {
	line := []string{}
	if b.wrap != nil {
		line = slices.Clone(b.wrap(service))
	}
	p, err := startProcess("provider of "+service, filepath.Join(b.folder, "provider-"+service+".log"), append(line, b.providerLine(service, address, id)...))
	if err != nil {
		return nil, err
	}
	b.providers[service] = p
	b.cleanup(p.kill)
	return p, nil
}

func (b *bench) providerLine(service, address string, id int) []string {
	return b.self("provider", "--protocol", protocolOf(service), "--listen", address, "--ledger", b.ledgerPath(), "--id", fmt.Sprint(id))
}

// startDecoy starts a provider that nobody knows of.
func (b *bench) startDecoy(service string) (*process, error) {
	p, err := startProcess("decoy", filepath.Join(b.folder, "decoy.log"), b.providerLine(service, "127.0.0.1:0", 99))
	if err == nil {
		b.cleanup(p.kill)
	}
	return p, err
}

func (b *bench) ledgerPath() string { return filepath.Join(b.options.folder, "ledger") }

func addressOf(p *process) string { return "127.0.0.1:" + p.ready[0] }

// prepare starts the providers, a proxy before each of those that a fault may touch, and fills the configuration.
func (b *bench) prepare() error {
	b.providers, b.proxies = map[string]*process{}, map[string]*proxy{}
	b.config.services = nil
	for i, name := range append(append([]string{}, steadyServices...), shakyServices...) {
		listen := "127.0.0.1:0"
		if b.listen != nil {
			listen = b.listen(name)
		}
		p, err := b.startProvider(name, listen, i+1)
		if err != nil {
			return err
		}
		address := addressOf(p)
		if ofShaky(name) && b.listen == nil {
			between, err := startProxy(address, protocolOf(name) == "grpc")
			if err != nil {
				return err
			}
			b.cleanup(between.close)
			b.proxies[name] = between
			address = between.address()
		}
		b.config.services = append(b.config.services, service{name: name, protocol: protocolOf(name), endpoints: []string{address},
			timeout: b.deadline, idleClose: time.Second})
	}
	return nil
}

// service of the configuration, to be changed before start.
func (b *bench) service(name string) *service {
	for i := range b.config.services {
		if b.config.services[i].name == name {
			return &b.config.services[i]
		}
	}
	return nil
}

func (b *bench) startGateway() error {
	g, err := startGateway(b.binary, b.schemas, b.folder, b.config)
	if err != nil {
		return err
	}
	b.gateway = g
	b.cleanup(g.kill)
	// One question for the metrics first: what the admin port keeps is there from then on.
	if _, err := g.metrics(); err != nil {
		return err
	}
	time.Sleep(100 * time.Millisecond)
	b.files = g.openFiles()
	return nil
}

// streams of every caller to each of the services, at `rate` altogether.
func (b *bench) streams(group string, services []string, rate float64) []stream {
	callers := append([]string{"grpc"}, b.dialect...)
	var all []stream
	for _, service := range services {
		for _, c := range callers {
			connections := 8
			if c == "grpc" {
				connections = 2
			}
			all = append(all, stream{caller: c, service: service, group: group, connections: connections, deadline: b.deadline,
				timeout: callersTimeout, rate: rate / float64(len(services)*len(callers))})
		}
	}
	return all
}

func (b *bench) mixed() []stream {
	return append(b.streams("steady", steadyServices, b.rate/2), b.streams("shaky", shakyServices, b.rate/2)...)
}

// startLoad warms up and takes the figures that P5 is measured from.
func (b *bench) startLoad(streams []stream) error {
	warm := newPhase("warm-up")
	b.between = append(b.between, warm)
	b.from = b.book.next.Load()
	l, err := startLoad(b.gateway.address, b.book, warm, streams)
	if err != nil {
		return err
	}
	b.load = l
	time.Sleep(1500 * time.Millisecond)
	b.rss, b.heap = b.gateway.rssBytes(), b.gateway.heapBytes()
	return nil
}

func (b *bench) enter(name string, list *[]*phase) *phase {
	p := newPhase(name)
	*list = append(*list, p)
	b.load.current.Store(p)
	return p
}

const (
	slicePairs = 5
	// How long a row goes on for figures that can be judged.
	settleMax = 4 * time.Minute
)

// p99Limit is what P4 allows of p99.
func (b *bench) p99Limit() float64 {
	if b.p99 == 0 {
		return 1.5
	}
	return b.p99
}

// interleave runs undisturbed and disturbed slices in turn.
func (b *bench) interleave(disturb func(on bool)) { b.compare(func(bool) {}, disturb) }

// compare runs slices in turn: undisturbed ones, in which `alike` asks of the machine what the disturbance does without
// touching the gateway, and disturbed ones; five pairs, and then more of them until what the calls beside the fault took can
// be judged.
func (b *bench) compare(alike, disturb func(on bool)) {
	slice := time.Duration(b.seconds / (2 * slicePairs) * float64(time.Second))
	begun := time.Now()
	for pair := 0; pair < slicePairs || !b.busy && time.Since(begun) < settleMax && !settled(b.calm, b.rough, b.p99Limit()); pair++ {
		alike(true)
		b.enter("calm", &b.calm)
		b.watch(slice)
		b.enter("between", &b.between)
		alike(false)
		disturb(true)
		b.enter("rough", &b.rough)
		b.watch(slice)
		b.enter("between", &b.between)
		disturb(false)
		b.watch(max(b.settle, 300*time.Millisecond))
	}
}

// watch sleeps and follows the gateway's memory.
func (b *bench) watch(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		b.rssPeak = max(b.rssPeak, b.gateway.rssBytes())
	}
}

// letAsk lets callers ask who will not read, until no more of their calls end. To answer them is their provider's ordinary
// work; what it costs others that the answers are not taken shows when that is over. Calls beside them must succeed all
// the while.
func (b *bench) letAsk() {
	b.enter("asking", &b.asking)
	ended := func() float64 {
		return b.gateway.metric("koine_gateway_calls_total", `service="`+strings.ToLower(floodService)+`"`)
	}
	for before, began := -1.0, time.Now(); time.Since(began) < 15*time.Second; {
		b.watch(time.Second)
		now := ended()
		if now == before {
			break
		}
		before = now
	}
	if ended() <= 0 {
		b.unasked = true // who has asked nothing disturbs nobody
	}
	b.enter("between", &b.between)
}

// whileAsked: what the calls beside them took meanwhile, for a row's figures.
func (b *bench) whileAsked() string {
	if len(b.asking) == 0 {
		return ""
	}
	return fmt.Sprintf("; p99 of others while they asked %s", millis(medianOf(b.asking, "steady", 0.99)))
}

// groups: the names of all groups that had calls.
func (b *bench) groups() []string {
	var names []string
	for _, p := range b.all() {
		for name := range p.groups {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// reconfigure writes the configuration as it is now and waits until the gateway has taken it.
func (b *bench) reconfigure() error {
	before := b.gateway.metric("koine_control_snapshot_version")
	if err := b.gateway.configure(b.config); err != nil {
		return err
	}
	b.gateway.reload()
	if !waitFor(5*time.Second, func() bool { return b.gateway.metric("koine_control_snapshot_version") > before }) {
		return fmt.Errorf("the gateway did not take its new configuration:\n%s", tail(b.gateway.log))
	}
	return nil
}

func (b *bench) all() []*phase {
	return slices.Concat(b.calm, b.rough, b.between, b.asking)
}

// ready is everything of a row before its fault.
func (b *bench) ready() error {
	if err := b.prepare(); err != nil {
		return err
	}
	if err := b.startGateway(); err != nil {
		return err
	}
	return b.startLoad(b.mixed())
}
