package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/apache/thrift/lib/go/thrift"

	"koine.dev/interop/rig/gen/thriftown"
)

// rawCall is a call as a raw provider sees it.
type rawCall struct {
	job     job
	id      int64 // sequence id, or stream
	compact bool
	name    string
	link    *rawLink
}

// rawLink writes to one connection of a raw provider.
type rawLink struct {
	net.Conn
	mutex sync.Mutex
	h2    *rawHTTP2 // nil for Thrift
	over  []int32   // sequence ids of calls that have been answered, a few of the latest
}

// noteOver remembers the id of a call that is over.
func (l *rawLink) noteOver(id int32) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.over = append(l.over, id); len(l.over) > 8 {
		l.over = l.over[1:]
	}
}

// anyOver is the id of a call that is over; false when there is none.
func (l *rawLink) anyOver() (int32, bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if len(l.over) == 0 {
		return 0, false
	}
	return l.over[rand.IntN(len(l.over))], true
}

// send says whether all of it was taken.
func (l *rawLink) send(bytes []byte) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	_ = l.SetWriteDeadline(time.Now().Add(2 * time.Second))
	_, err := l.Write(bytes)
	return err == nil
}

// rawProvider answers with bytes of its own making.
type rawProvider struct {
	listener net.Listener
	ledger   *ledger
	answer   func(rawCall)
	mutex    sync.Mutex
	open     map[net.Conn]bool
}

func startRaw(l *ledger, http2 bool, answer func(rawCall)) (*rawProvider, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &rawProvider{listener: listener, ledger: l, answer: answer, open: map[net.Conn]bool{}}
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			p.mutex.Lock()
			p.open[c] = true
			p.mutex.Unlock()
			go func() {
				if http2 {
					p.serveHTTP2(c)
				} else {
					p.serveThrift(c)
				}
				p.mutex.Lock()
				delete(p.open, c)
				p.mutex.Unlock()
				_ = c.Close()
			}()
		}
	}()
	return p, nil
}

func (p *rawProvider) address() string { return p.listener.Addr().String() }

func (p *rawProvider) close() {
	_ = p.listener.Close()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for c := range p.open {
		_ = c.Close()
	}
}

func (p *rawProvider) serveThrift(c net.Conn) {
	reader := bufio.NewReader(c)
	link := &rawLink{Conn: c}
	for {
		head := make([]byte, 4)
		if _, err := io.ReadFull(reader, head); err != nil {
			return
		}
		frame := make([]byte, binary.BigEndian.Uint32(head))
		if _, err := io.ReadFull(reader, frame); err != nil {
			return
		}
		call, err := readThriftCall(frame)
		if err != nil || call.job.whole() != nil {
			return // what Koine sends is right; the callers see that nobody answers
		}
		call.link = link
		p.ledger.execute(call.job.nonce)
		p.answer(call)
	}
}

func thriftProtocol(memory *thrift.TMemoryBuffer, compact bool) thrift.TProtocol {
	if compact {
		return thrift.NewTCompactProtocolConf(memory, nil)
	}
	return thrift.NewTBinaryProtocolConf(memory, nil)
}

func readThriftCall(frame []byte) (rawCall, error) {
	memory := thrift.NewTMemoryBuffer()
	_, _ = memory.Write(frame)
	call := rawCall{compact: len(frame) > 0 && frame[0] == 0x82}
	protocol := thriftProtocol(memory, call.compact)
	ctx := context.Background()
	name, _, sequence, err := protocol.ReadMessageBegin(ctx)
	if err != nil {
		return call, err
	}
	var arguments thriftown.WorkWorkArgs
	if err := arguments.Read(ctx, protocol); err != nil {
		return call, err
	}
	in := arguments.Job
	call.name, call.id = name, int64(sequence)
	call.job = job{in.Nonce, uint32(in.Crc), in.Payload, in.AnswerBytes, in.DelayMillis}
	return call, nil
}

// reply makes a whole, framed answer to a Thrift call, under any sequence id.
func (c rawCall) reply(a answer, id int32) []byte {
	memory := thrift.NewTMemoryBuffer()
	protocol := thriftProtocol(memory, c.compact)
	ctx := context.Background()
	_ = protocol.WriteMessageBegin(ctx, c.name, thrift.REPLY, id)
	result := thriftown.WorkWorkResult{Success: &thriftown.Answer{Nonce: a.nonce, Crc: int64(a.crc), Payload: a.payload, Provider: a.provider}}
	_ = result.Write(ctx, protocol)
	_ = protocol.Flush(ctx)
	return framedBytes(memory.Bytes())
}

func isCompactService(service string) bool { return strings.HasSuffix(service, "Compact") }
