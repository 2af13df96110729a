package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A flood is a peer that wants the gateway's processor or memory and not its answers. It runs in a process of its
// own, that the kernel gives what everybody else leaves of the processors: what its victims feel is the gateway and not
// the generator.

// floodResult is what a flood has to say at its end.
type floodResult struct {
	Connections int64 `json:"connections"`
	Refused     int64 `json:"refused"` // connecting failed
	Closed      int64 `json:"closed"`  // by the gateway
	Frames      int64 `json:"frames"`
	MostFrames  int64 `json:"most_frames"` // written on one connection that was closed in the end
	Bytes       int64 `json:"bytes"`
	LongestMs   int64 `json:"longest_ms"` // a connection lived, of those that were closed
	Open        int64 `json:"open"`       // when it was stopped
	Answers     int64 `json:"answers"`    // that it read, where it reads
}

// flooder is one kind. attack writes until the connection breaks, `stop` is closed or there is nothing left to do.
type flooder struct {
	connections int // at once
	attack      func(c *floodConn)
	// Their own kernel takes no more than this, so that what they do not read is the gateway's to hold; 0: what it likes.
	receiveBuffer int
	// They come one after the other over this time.
	within time.Duration
	// They ask at the beginning, and then only keep what they have.
	asksFirst bool
}

const unreadBuffer = 4 << 10

var floodKinds = map[string]flooder{
	"rapid-reset":       {connections: 4, attack: rapidReset},
	"continuation":      {connections: 4, attack: continuation},
	"settings":          {connections: 4, attack: settingsFlood},
	"ping":              {connections: 4, attack: pingFlood},
	"empty-data":        {connections: 4, attack: emptyData},
	"hpack-bomb":        {connections: 4, attack: hpackBomb},
	"headers-bomb":      {connections: 4, attack: headersBomb},
	"zero-window":       {connections: 50, attack: zeroWindow, asksFirst: true},
	"tiny-window":       {connections: 8, attack: tinyWindow, asksFirst: true},
	"priority":          {connections: 4, attack: priorityFlood},
	"many-streams":      {connections: 4, attack: manyStreams},
	"gzip-bomb":         {connections: 4, attack: gzipBomb},
	"grpc-oversize":     {connections: 8, attack: grpcOversize},
	"thrift-oversize":   {connections: 8, attack: thriftOversize},
	"thrift-counts":     {connections: 8, attack: thriftCounts},
	"thrift-depth":      {connections: 8, attack: thriftDepth},
	"thrift-unread":     {connections: 200, attack: thriftUnread, receiveBuffer: unreadBuffer, within: time.Second},
	"grpc-unread":       {connections: 200, attack: grpcUnread, receiveBuffer: unreadBuffer, within: time.Second},
	"pour-unread":       {connections: 100, attack: pourUnread, receiveBuffer: unreadBuffer, within: time.Second},
	"connect-and-close": {connections: 8, attack: func(*floodConn) {}},
	"hold":              {connections: 1000, attack: hold},
	"garbage":           {connections: 8, attack: garbage},
	"slow-silent":       {connections: 0, attack: slow("")},
	"slow-preface":      {connections: 0, attack: slow("preface")},
	"slow-http2":        {connections: 0, attack: slow("http2")},
	"slow-headers":      {connections: 0, attack: slow("headers")},
	"slow-thrift":       {connections: 0, attack: slow("thrift")},
	"slow-frame":        {connections: 0, attack: slow("frame")},
	"slow-grpc":         {connections: 0, attack: slow("grpc")},
}

// floodConn is one hostile connection.
type floodConn struct {
	net.Conn
	result *floodResult
	stop   <-chan struct{}
	frames int64
	once   sync.Once
	ended  chan struct{} // a write or a read failed, or the gateway ended the connection
	lived  time.Duration // until then
	begun  time.Time
	reads  bool // somebody does, beside the writing
}

// gone notes the end of the connection, when it was not our own.
func (c *floodConn) gone() {
	select {
	case <-c.stop:
		return
	default:
	}
	c.once.Do(func() {
		c.lived = time.Since(c.begun)
		close(c.ended)
	})
}

func (c *floodConn) stopped() bool {
	select {
	case <-c.stop:
		return true
	case <-c.ended:
		return true
	default:
		return false
	}
}

// send counts one frame. False: the connection is over.
func (c *floodConn) send(frame []byte) bool {
	_ = c.SetWriteDeadline(time.Now().Add(500 * time.Millisecond))
	for len(frame) > 0 && !c.stopped() {
		n, err := c.Write(frame)
		atomic.AddInt64(&c.result.Bytes, int64(n))
		frame = frame[n:]
		if err != nil {
			if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
				// The gateway does not read: what it should do with a flood. Try again until it closes.
				_ = c.SetWriteDeadline(time.Now().Add(500 * time.Millisecond))
				continue
			}
			c.gone()
			return false
		}
	}
	c.frames++
	return !c.stopped()
}

// drain throws away what the gateway answers, beside the writing.
func (c *floodConn) drain() {
	c.reads = true
	go func() {
		buffer := make([]byte, 4<<10)
		for {
			n, err := c.Read(buffer)
			if n > 0 {
				atomic.AddInt64(&c.result.Answers, 1)
			}
			if err != nil {
				c.gone()
				return
			}
		}
	}()
}

// wait until the gateway closes or the flood is stopped.
func (c *floodConn) wait() {
	if !c.reads {
		c.drain()
	}
	select {
	case <-c.stop:
	case <-c.ended:
	}
}

// notice an end of the connection without reading anything.
func (c *floodConn) notice() { go c.idle() }

// idle waits without reading, and notices a reset or an end by peeking.
func (c *floodConn) idle() {
	raw, err := c.Conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		return
	}
	for !c.stopped() {
		time.Sleep(100 * time.Millisecond)
		_ = raw.Control(func(fd uintptr) {
			// POLLRDHUP: the peer has closed; what it sent before stays unread.
			state := []pollFd{{int32(fd), pollRdHup, 0}}
			if poll(state) > 0 && state[0].revents != 0 {
				c.gone()
			}
		})
	}
}

func runFlood(arguments []string) error {
	flags := flag.NewFlagSet("flood", flag.ExitOnError)
	kind := flags.String("kind", "", "of flood")
	target := flags.String("target", "", "address")
	connections := flags.Int("connections", 0, "instead of the kind's own number")
	once := flags.Bool("once", false, "a connection that was closed is not replaced")
	out := flags.String("out", "", "file of the result")
	_ = flags.Parse(arguments)
	k, known := floodKinds[*kind]
	if !known {
		return fmt.Errorf("no flood %q", *kind)
	}
	if *connections > 0 {
		k.connections = *connections
	}
	result := &floodResult{}
	stop := make(chan struct{})
	var workers sync.WaitGroup
	fmt.Println("READY flood")
	go func() {
		buffer := make([]byte, 1)
		_, _ = os.Stdin.Read(buffer) // the end of the input is the end of the flood
		close(stop)
	}()
	var mutex sync.Mutex
	for n := range k.connections {
		workers.Add(1)
		go func() {
			defer workers.Done()
			select {
			case <-time.After(k.within * time.Duration(n) / time.Duration(k.connections)):
			case <-stop:
				return
			}
			for {
				ended := attackOnce(*target, k, result, stop, &mutex)
				if ended || *once {
					return
				}
			}
		}()
	}
	workers.Wait()
	text, _ := json.Marshal(result)
	return os.WriteFile(*out, text, 0o644)
}

// attackOnce: one connection from its opening to its end. True when the flood is over.
func attackOnce(target string, k flooder, result *floodResult, stop <-chan struct{}, mutex *sync.Mutex) bool {
	dialer := net.Dialer{Timeout: time.Second}
	if k.receiveBuffer > 0 {
		dialer.Control = func(_, _ string, raw syscall.RawConn) error {
			return raw.Control(func(fd uintptr) {
				_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, k.receiveBuffer)
			})
		}
	}
	plain, err := dialer.Dial("tcp", target)
	if err != nil {
		atomic.AddInt64(&result.Refused, 1)
		select {
		case <-stop:
			return true
		case <-time.After(20 * time.Millisecond):
			return false
		}
	}
	atomic.AddInt64(&result.Connections, 1)
	c := &floodConn{Conn: plain, result: result, stop: stop, ended: make(chan struct{}), begun: time.Now()}
	k.attack(c)
	closed := false // by the other side
	select {
	case <-c.ended:
		closed = true
	default:
		c.once.Do(func() {}) // the end that follows is our own
	}
	_ = plain.(*net.TCPConn).SetLinger(0)
	_ = plain.Close()
	mutex.Lock()
	defer mutex.Unlock()
	result.Frames += c.frames
	if closed {
		result.Closed++
		result.MostFrames = max(result.MostFrames, c.frames)
		result.LongestMs = max(result.LongestMs, c.lived.Milliseconds())
	}
	select {
	case <-stop:
		if !closed {
			result.Open++
		}
		return true
	default:
		return false
	}
}

// flood is a running `rig flood`.
type flood struct {
	*process
	input *os.File
	out   string
}

// startFlood against the gateway, or against `sink`.
func (b *bench) startFlood(kind string, sink *process, words ...string) (*flood, error) {
	target := b.gateway.address
	if sink != nil {
		target = addressOf(sink)
	}
	out := filepath.Join(b.folder, "flood-"+kind+".json")
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	line := b.self(append([]string{"flood", "--kind", kind, "--target", target, "--out", out}, words...)...)
	if !b.busy { // where others want the whole machine, what they leave is nothing
		line = append([]string{"chrt", "--idle", "0"}, line...)
	}
	p, err := startProcessWith("flood", filepath.Join(b.folder, "flood-"+kind+".log"), line, reader)
	if err != nil {
		_ = writer.Close()
		return nil, err
	}
	b.cleanup(p.kill)
	return &flood{p, writer, out}, nil
}

func (f *flood) stop() (floodResult, error) {
	var result floodResult
	_ = f.input.Close()
	select {
	case <-f.ended:
	case <-time.After(10 * time.Second):
		f.kill()
		return result, fmt.Errorf("the flood did not end")
	}
	text, err := os.ReadFile(f.out)
	if err != nil {
		return result, fmt.Errorf("the flood failed: %w\n%s", err, tail(f.log))
	}
	return result, json.Unmarshal(text, &result)
}

// startSink starts a plain TCP listener that reads and forgets: what a flood costs whatever it meets. It ends a connection
// after `closeAfter` bytes, unless that is 0.
func (b *bench) startSink(closeAfter int64) (*process, error) {
	p, err := startProcess("sink", filepath.Join(b.folder, "sink.log"), b.self("sink", "--close-after", fmt.Sprint(closeAfter)))
	if err == nil {
		b.cleanup(p.kill)
	}
	return p, err
}

func runSink(arguments []string) error {
	flags := flag.NewFlagSet("sink", flag.ExitOnError)
	closeAfter := flags.Int64("close-after", 0, "bytes of a connection; 0: never")
	_ = flags.Parse(arguments)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("READY %d\n", listener.Addr().(*net.TCPAddr).Port)
	for {
		c, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer c.Close()
			buffer := make([]byte, 16<<10)
			for read := int64(0); *closeAfter == 0 || read < *closeAfter; {
				n, err := c.Read(buffer)
				if err != nil {
					return
				}
				read += int64(n)
			}
		}()
	}
}

// closedAfter says how many bytes a connection had sent when the gateway ended it; 0: it ended none.
func (r *floodResult) closedAfter() int64 {
	if r.Closed == 0 {
		return 0
	}
	return max(r.Bytes/max(r.Connections, 1), 1)
}

// add joins the results of several slices.
func (r *floodResult) add(o floodResult) {
	r.Connections += o.Connections
	r.Refused += o.Refused
	r.Closed += o.Closed
	r.Frames += o.Frames
	r.MostFrames = max(r.MostFrames, o.MostFrames)
	r.Bytes += o.Bytes
	r.LongestMs = max(r.LongestMs, o.LongestMs)
	r.Open += o.Open
	r.Answers += o.Answers
}
