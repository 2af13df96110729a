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
// own, at the lowest priority, so that what its victims feel is the gateway and not the generator.

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
}

var floodKinds = map[string]flooder{
	"rapid-reset":       {4, rapidReset},
	"continuation":      {4, continuation},
	"settings":          {4, settingsFlood},
	"ping":              {4, pingFlood},
	"empty-data":        {4, emptyData},
	"hpack-bomb":        {4, hpackBomb},
	"headers-bomb":      {4, headersBomb},
	"zero-window":       {50, zeroWindow},
	"tiny-window":       {8, tinyWindow},
	"priority":          {4, priorityFlood},
	"many-streams":      {4, manyStreams},
	"gzip-bomb":         {4, gzipBomb},
	"grpc-oversize":     {8, grpcOversize},
	"thrift-oversize":   {8, thriftOversize},
	"thrift-counts":     {8, thriftCounts},
	"thrift-depth":      {8, thriftDepth},
	"thrift-unread":     {200, thriftUnread},
	"grpc-unread":       {200, grpcUnread},
	"pour-unread":       {100, pourUnread},
	"connect-and-close": {8, func(*floodConn) {}},
	"hold":              {1000, hold},
	"garbage":           {8, garbage},
	"slow-silent":       {0, slow("")},
	"slow-preface":      {0, slow("preface")},
	"slow-http2":        {0, slow("http2")},
	"slow-headers":      {0, slow("headers")},
	"slow-thrift":       {0, slow("thrift")},
	"slow-frame":        {0, slow("frame")},
	"slow-grpc":         {0, slow("grpc")},
}

// floodConn is one hostile connection.
type floodConn struct {
	net.Conn
	result *floodResult
	stop   <-chan struct{}
	frames int64
	gone   atomic.Bool // a write or a read failed, or the gateway ended the connection
}

func (c *floodConn) stopped() bool {
	select {
	case <-c.stop:
		return true
	default:
		return c.gone.Load()
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
			c.gone.Store(true)
			return false
		}
	}
	c.frames++
	return !c.stopped()
}

// drain throws away what the gateway answers, beside the writing.
func (c *floodConn) drain() {
	go func() {
		buffer := make([]byte, 64<<10)
		for {
			n, err := c.Read(buffer)
			if n > 0 {
				atomic.AddInt64(&c.result.Answers, 1)
			}
			if err != nil {
				c.gone.Store(true)
				return
			}
		}
	}()
}

// wait reads until the gateway closes or the flood is stopped.
func (c *floodConn) wait() {
	buffer := make([]byte, 64<<10)
	for !c.stopped() {
		_ = c.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		_, err := c.Read(buffer)
		if timeout, ok := err.(net.Error); err != nil && !(ok && timeout.Timeout()) {
			c.gone.Store(true)
		}
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
				c.gone.Store(true)
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
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, 19)
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
	for range k.connections {
		workers.Add(1)
		go func() {
			defer workers.Done()
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
	plain, err := net.DialTimeout("tcp", target, time.Second)
	if err != nil {
		atomic.AddInt64(&result.Refused, 1)
		select {
		case <-stop:
			return true
		case <-time.After(20 * time.Millisecond):
			return false
		}
	}
	begun := time.Now()
	atomic.AddInt64(&result.Connections, 1)
	c := &floodConn{Conn: plain, result: result, stop: stop}
	k.attack(c)
	closed := c.gone.Load() // before our own closing ends the reading
	_ = plain.(*net.TCPConn).SetLinger(0)
	_ = plain.Close()
	mutex.Lock()
	defer mutex.Unlock()
	result.Frames += c.frames
	if closed {
		result.Closed++
		result.MostFrames = max(result.MostFrames, c.frames)
		result.LongestMs = max(result.LongestMs, time.Since(begun).Milliseconds())
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

func (b *bench) startFlood(kind string, words ...string) (*flood, error) {
	out := filepath.Join(b.folder, "flood-"+kind+".json")
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	p, err := startProcessWith("flood", filepath.Join(b.folder, "flood-"+kind+".log"),
		b.self(append([]string{"flood", "--kind", kind, "--target", b.gateway.address, "--out", out}, words...)...), reader)
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
