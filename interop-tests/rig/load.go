package main

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// stream is one kind of open-loop load: calls fall due at `rate` a second whatever happened to those before.
type stream struct {
	caller      string // grpc, or a Thrift dialect
	service     string
	address     string // instead of the gateway's own
	group       string // whose calls are counted together
	connections int
	rate        float64
	deadline    time.Duration // the gateway's timeout
	timeout     time.Duration // the caller's own; longer, so that it is the gateway's that counts
	cancelled   float64       // share of calls that the caller gives up at a random moment
	impatient   float64       // share of calls with a deadline of 1 to 20 ms (gRPC)
	delayMillis func() int
	sizeMax     int // of payloads both ways; payloadMax when 0
}

// load runs streams against one gateway until it is stopped.
type load struct {
	book     *book
	current  atomic.Pointer[phase]
	stopping chan struct{}
	stopOnce sync.Once
	schedule sync.WaitGroup
	calls    sync.WaitGroup
	inflight atomic.Int64
	callers  []caller
	mutex    sync.Mutex
	moves    atomic.Int64 // Thrift callers leave their connections when it grows: their protocol has no goodbye
	dropped  atomic.Int64 // fell due while too many waited for a connection
}

// book hands out nonces and remembers what became of them.
type book struct {
	ledger *ledger
	next   atomic.Int64
}

func newBook(l *ledger) *book { return &book{ledger: l} }

func (b *book) nonce() int64 { return b.next.Add(1) }

// settle records one call's end; right answers must have been executed.
func (b *book) settle(j job, a answer, err error) verdict {
	if err != nil {
		return verdictOf(err)
	}
	v := verdict{kind: "ok"}
	switch judge(j, a) {
	case answerSwapped:
		v.kind = "swapped"
	case answerCorrupt:
		v.kind = "corrupt"
		if b.ledger.spoiled(j.nonce) {
			v.kind = "spoiled"
		}
	default:
		if b.ledger.executions(j.nonce) == 0 {
			v.kind, v.text = "corrupt", "answered, but executed by nobody"
		}
	}
	return v
}

// duplicates counts the nonces up to now that were executed more than once.
func (b *book) duplicates(from int64) (count int, example int64) {
	for nonce := from + 1; nonce <= b.next.Load(); nonce++ {
		if b.ledger.executions(nonce) > 1 {
			count, example = count+1, nonce
		}
	}
	return count, example
}

const (
	queueMax  = 4096
	lateAfter = 50 * time.Millisecond // by the gateway's clock
	// Callers share the processors with everything else, and are woken late.
	callersLateAfter = 250 * time.Millisecond
)

func startLoad(address string, b *book, first *phase, streams []stream) (*load, error) {
	l := &load{book: b, stopping: make(chan struct{})}
	l.current.Store(first)
	for index, s := range streams {
		s.address = orElse(s.address, address)
		var run func(due time.Time, p *phase)
		if s.caller == "grpc" {
			starter, err := l.grpcStream(s)
			if err != nil {
				return nil, err
			}
			run = starter
		} else {
			run = l.thriftStream(s)
		}
		l.schedule.Add(1)
		go l.pace(s, uint64(index), run)
	}
	return l, nil
}

// pace lets calls fall due, a little unevenly.
func (l *load) pace(s stream, seed uint64, run func(time.Time, *phase)) {
	defer l.schedule.Done()
	random := rand.New(rand.NewPCG(seed, 77))
	interval := float64(time.Second) / s.rate
	next := time.Now().Add(time.Duration(random.Float64() * interval))
	for {
		select {
		case <-l.stopping:
			return
		case <-time.After(time.Until(next)):
		}
		for now := time.Now(); !next.After(now); next = next.Add(time.Duration(interval * (0.5 + random.Float64()))) {
			p := l.current.Load()
			p.group(s.group).due.Add(1)
			run(next, p)
		}
	}
}

func (l *load) keep(c caller) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.callers = append(l.callers, c)
}

func (l *load) grpcStream(s stream) (func(time.Time, *phase), error) {
	var connections []*grpcCaller
	for range s.connections {
		c, err := newGrpcCaller(s.address)
		if err != nil {
			return nil, err
		}
		connections = append(connections, c)
		l.keep(c)
	}
	turn := 0
	return func(due time.Time, p *phase) {
		c := connections[turn%len(connections)]
		turn++
		if l.inflight.Load() > queueMax {
			l.drop()
			return
		}
		l.calls.Add(1)
		go func() {
			defer l.calls.Done()
			l.one(c, s, due, p)
		}()
	}, nil
}

func (l *load) thriftStream(s stream) func(time.Time, *phase) {
	type duty struct {
		due time.Time
		p   *phase
	}
	queue := make(chan duty, queueMax)
	for range s.connections {
		c := newThriftCaller(s.address, s.caller, s.timeout)
		c.moves = &l.moves
		l.keep(c)
		go func() {
			for d := range queue {
				l.one(c, s, d.due, d.p)
				l.calls.Done()
			}
			c.close()
		}()
	}
	go func() {
		<-l.stopping
		l.schedule.Wait()
		close(queue)
	}()
	return func(due time.Time, p *phase) {
		l.calls.Add(1)
		select {
		case queue <- duty{due, p}:
		default:
			l.calls.Done()
			l.drop()
		}
	}
}

// drop counts a call that could not be made, because too many wait for a connection of the caller's own: it says
// that the machine is too slow for the rate, and nothing of the gateway.
func (l *load) drop() { l.dropped.Add(1) }

// one call from its making to its verdict.
func (l *load) one(c caller, s stream, due time.Time, p *phase) {
	l.inflight.Add(1)
	defer l.inflight.Add(-1)
	limit := payloadMax
	if s.sizeMax > 0 {
		limit = s.sizeMax
	}
	size := func() int { return int(100 * math.Exp(rand.Float64()*math.Log(float64(limit)/100))) }
	delay := 0
	if s.delayMillis != nil {
		delay = s.delayMillis()
	}
	j := newJob(l.book.nonce(), size(), size(), delay)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	begun := time.Now()
	gaveUp := atomic.Bool{}
	switch draw := rand.Float64(); {
	case draw < s.cancelled:
		// Before the provider answers, where it takes its time.
		within := 4
		if delay > 0 {
			within = delay
		}
		timer := time.AfterFunc(time.Duration(rand.Float64()*float64(within)*float64(time.Millisecond)), func() {
			gaveUp.Store(true)
			cancel()
		})
		defer timer.Stop()
	case s.caller == "grpc" && draw < s.cancelled+s.impatient:
		cancel()
		ctx, cancel = context.WithTimeout(context.Background(), time.Duration(1+rand.IntN(20))*time.Millisecond)
		defer cancel()
	case s.caller == "grpc":
		cancel()
		ctx, cancel = context.WithTimeout(context.Background(), s.timeout)
		defer cancel()
	case s.cancelled == 0:
		ctx = context.Background() // no goroutine a call that only waits for a cancel
	}
	a, err := c.call(ctx, s.service, j)
	v := l.book.settle(j, a, err)
	if err != nil && gaveUp.Load() {
		v.kind, v.code, v.reason = "cancelled", "", ""
	}
	v.took, v.elapsed = time.Since(begun), time.Since(due)
	v.late = v.took > s.deadline+callersLateAfter
	p.group(s.group).note(v)
}

// stop lets no more calls fall due and waits for those under way. False: some never ended. May be called again.
func (l *load) stop(limit time.Duration) bool {
	l.stopOnce.Do(func() { close(l.stopping) })
	l.schedule.Wait()
	ended := make(chan struct{})
	go func() {
		l.calls.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(limit):
		return false
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, c := range l.callers {
		if g, isGrpc := c.(*grpcCaller); isGrpc {
			g.close()
		}
	}
	return true
}
