package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// fault is what a proxy does to what passes it. The zero value does nothing.
type fault struct {
	hang      bool          // nothing is forwarded, either way; connections stay open
	refuse    bool          // new connections are reset
	cutAfter  int           // each connection is cut in the middle of its n-th message from the provider
	reset     bool          // with cutAfter: by RST instead of FIN
	corrupt   float64       // share of messages from the provider with a byte changed
	delay     time.Duration // each message, each way
	jitter    time.Duration
	segment   int           // bytes a write; 0 whole messages
	pace      time.Duration // between segments
	bandwidth int           // bytes a second, each way
	shuffle   bool          // HTTP/2 DATA frames of different streams change places
}

// proxy stands before one provider (or before Koine), knows where messages begin and end, and disturbs them.
type proxy struct {
	listener net.Listener
	target   atomic.Pointer[string]
	http2    bool
	fault    atomic.Pointer[fault]
	mutex    sync.Mutex
	open     map[*link]bool
	accepted atomic.Int64
	changed  chan struct{} // closed and replaced when the fault changes
}

// link is one proxied connection.
type link struct {
	near, far net.Conn
	messages  atomic.Int64
}

func startProxy(target string, http2 bool) (*proxy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{listener: listener, http2: http2, open: map[*link]bool{}, changed: make(chan struct{})}
	p.target.Store(&target)
	p.fault.Store(&fault{})
	go p.accept()
	return p, nil
}

func (p *proxy) address() string { return p.listener.Addr().String() }

func (p *proxy) setTarget(target string) { p.target.Store(&target) }

// set changes what happens from now on, also on open connections.
func (p *proxy) set(f fault) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.fault.Store(&f)
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *proxy) change() chan struct{} {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.changed
}

func (p *proxy) connections() int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return len(p.open)
}

// cutAll ends every open connection.
func (p *proxy) cutAll(reset bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for l := range p.open {
		l.cut(reset)
	}
}

func (p *proxy) close() {
	_ = p.listener.Close()
	p.set(fault{})
	p.cutAll(true)
}

func (l *link) cut(reset bool) {
	for _, c := range []net.Conn{l.near, l.far} {
		if t, ok := c.(*net.TCPConn); ok && reset {
			_ = t.SetLinger(0)
		}
		_ = c.Close()
	}
}

func (p *proxy) accept() {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.accepted.Add(1)
		if p.fault.Load().refuse {
			(&link{near: near, far: near}).cut(true)
			continue
		}
		go p.serve(near)
	}
}

func (p *proxy) serve(near net.Conn) {
	far, err := net.DialTimeout("tcp", *p.target.Load(), time.Second)
	if err != nil {
		(&link{near: near, far: near}).cut(true)
		return
	}
	l := &link{near: near, far: far}
	p.mutex.Lock()
	p.open[l] = true
	p.mutex.Unlock()
	var both sync.WaitGroup
	both.Add(2)
	go func() { defer both.Done(); p.pump(l, near, far, false) }()
	go func() { defer both.Done(); p.pump(l, far, near, true) }()
	both.Wait()
	p.mutex.Lock()
	delete(p.open, l)
	p.mutex.Unlock()
	l.cut(false)
}

// pump carries messages one way; `answers`: from the provider.
func (p *proxy) pump(l *link, from, to net.Conn, answers bool) {
	reader := bufio.NewReaderSize(from, 64<<10)
	preface := p.http2 && !answers
	for {
		message, err := p.next(reader, &preface)
		if err != nil {
			// What ends on one side ends on the other, unless nothing passes at all.
			p.whilePassing()
			_ = to.(*net.TCPConn).CloseWrite()
			return
		}
		p.whilePassing()
		f := p.fault.Load()
		if f.delay > 0 || f.jitter > 0 {
			time.Sleep(f.delay + time.Duration(rand.Float64()*float64(f.jitter)))
		}
		if f.shuffle && p.http2 {
			message = p.shuffled(message, reader)
		}
		if answers {
			if f.corrupt > 0 && rand.Float64() < f.corrupt {
				message[rand.IntN(len(message))] ^= byte(1 + rand.IntN(255))
			}
			if n := l.messages.Add(1); f.cutAfter > 0 && n >= int64(f.cutAfter) && len(message) > 16 {
				_, _ = to.Write(message[:len(message)/2])
				l.cut(f.reset)
				return
			}
		}
		if p.write(to, message, f) != nil {
			_ = from.Close()
			return
		}
	}
}

// whilePassing returns when the fault lets bytes through.
func (p *proxy) whilePassing() {
	for {
		changed := p.change()
		if !p.fault.Load().hang {
			return
		}
		<-changed
	}
}

func (p *proxy) write(to net.Conn, message []byte, f *fault) error {
	step := len(message)
	if f.segment > 0 {
		step = f.segment
	}
	if f.bandwidth > 0 {
		step = min(step, max(f.bandwidth/100, 1))
	}
	for len(message) > 0 {
		n := min(step, len(message))
		if _, err := to.Write(message[:n]); err != nil {
			return err
		}
		message = message[n:]
		if f.bandwidth > 0 {
			time.Sleep(time.Duration(n) * time.Second / time.Duration(f.bandwidth))
		} else if f.pace > 0 && len(message) > 0 {
			time.Sleep(f.pace)
		}
	}
	return nil
}

const proxiedMax = 64 << 20

// next reads one message: a Thrift frame with its length, an HTTP/2 frame with its header, or the preface.
func (p *proxy) next(reader *bufio.Reader, preface *bool) ([]byte, error) {
	if *preface {
		*preface = false
		text := make([]byte, 24)
		_, err := io.ReadFull(reader, text)
		return text, err
	}
	head, length := 4, 0
	if p.http2 {
		head = 9
	}
	first, err := reader.Peek(head)
	if err != nil {
		return nil, err
	}
	if p.http2 {
		length = int(first[0])<<16 | int(first[1])<<8 | int(first[2])
	} else {
		length = int(binary.BigEndian.Uint32(first))
	}
	if length > proxiedMax {
		return nil, fmt.Errorf("a message of %d bytes", length)
	}
	message := make([]byte, head+length)
	_, err = io.ReadFull(reader, message)
	return message, err
}

const frameData = 0

// shuffled takes the DATA frames that have arrived behind this one and puts them into another order that HTTP/2
// allows: each stream's own frames keep theirs, and nothing overtakes a frame of another kind.
func (p *proxy) shuffled(first []byte, reader *bufio.Reader) []byte {
	if first[3] != frameData {
		return first
	}
	frames := [][]byte{first}
	for len(frames) < 16 && reader.Buffered() >= 9 {
		head, _ := reader.Peek(9)
		length := int(head[0])<<16 | int(head[1])<<8 | int(head[2])
		if head[3] != frameData || reader.Buffered() < 9+length {
			break
		}
		frame := make([]byte, 9+length)
		_, _ = io.ReadFull(reader, frame)
		frames = append(frames, frame)
	}
	streams := map[uint32][][]byte{}
	var order []uint32
	for _, f := range frames {
		id := binary.BigEndian.Uint32(f[5:9])
		streams[id] = append(streams[id], f)
		order = append(order, id)
	}
	rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	var out []byte
	for _, id := range order {
		out = append(out, streams[id][0]...)
		streams[id] = streams[id][1:]
	}
	return out
}
