package main

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/apache/thrift/lib/go/thrift"

	"koine.dev/interop/rig/gen/thriftown"
)

// Floods over framed Thrift, and those that are no protocol at all.

// thriftCall is one framed binary call, as Apache's library writes it.
func thriftCall(service string, sequence int32, j job) []byte {
	memory := thrift.NewTMemoryBuffer()
	protocol := thrift.NewTBinaryProtocolConf(memory, nil)
	ctx := context.Background()
	_ = protocol.WriteMessageBegin(ctx, service+":work", thrift.CALL, sequence)
	arguments := thriftown.WorkWorkArgs{Job: &thriftown.Job{Nonce: j.nonce, Crc: int64(j.crc), Payload: j.payload,
		AnswerBytes: j.answerBytes, DelayMillis: j.delayMillis}}
	_ = arguments.Write(ctx, protocol)
	_ = protocol.Flush(ctx)
	return framedBytes(memory.Bytes())
}

func framedBytes(payload []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(payload))), payload...)
}

// callHead is a binary message header of a call, without a frame.
func callHead(service string) []byte {
	name := service + ":work"
	head := append([]byte{0x80, 1, 0, 1}, binary.BigEndian.AppendUint32(nil, uint32(len(name)))...)
	return append(append(head, name...), 0, 0, 0, 9)
}

// thriftOversize declares frames of up to 2 GiB.
func thriftOversize(c *floodConn) {
	lengths := []uint32{0x7fffffff, 0x10000000, 0x00400001, 0x0fffffff}
	head := append(binary.BigEndian.AppendUint32(nil, lengths[rand.IntN(len(lengths))]), callHead(floodService)...)
	c.drain()
	if !c.send(head) {
		return
	}
	for c.send(make([]byte, 8192)) {
		time.Sleep(time.Millisecond)
	}
}

// thriftCounts: lists, maps and strings that declare more than there is.
func thriftCounts(c *floodConn) {
	c.drain()
	counts := []uint32{0x7fffffff, 0xffffffff, 0x00ffffff, 0x80000000}
	for {
		body := []byte{12, 0, 1} // argument 1: a struct
		switch rand.IntN(3) {
		case 0:
			body = append(body, 15, 0, 9, 10) // a list of i64
		case 1:
			body = append(body, 13, 0, 9, 11, 11) // a map of strings
		default:
			body = append(body, 11, 0, 3) // the payload
		}
		body = binary.BigEndian.AppendUint32(body, counts[rand.IntN(len(counts))])
		body = append(body, make([]byte, 64)...)
		if !c.send(framedBytes(append(callHead(floodService), body...))) {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// thriftDepth: structs in structs, a hundred thousand deep.
func thriftDepth(c *floodConn) {
	c.drain()
	deep := []byte{}
	for range 100000 {
		deep = append(deep, 12, 0, 1)
	}
	frame := framedBytes(append(callHead(floodService), deep...))
	for c.send(frame) {
		time.Sleep(10 * time.Millisecond)
	}
}

// unreadCalls of 64 KiB answers: several times what a caller's queue may hold, and little work for the provider.
const unreadCalls = 30

// thriftUnread calls again and again and reads no answer.
func thriftUnread(c *floodConn) {
	frame := thriftCall(floodService, 1, newJob(floodNonce, 100, payloadMax, 0))
	for range unreadCalls {
		if !c.send(frame) {
			break
		}
	}
	c.idle()
}

// hold opens a connection and says nothing.
func hold(c *floodConn) { c.wait() }

func garbage(c *floodConn) {
	bytes := make([]byte, 2000)
	for i := range bytes {
		bytes[i] = byte(rand.IntN(256))
	}
	c.send(bytes)
	c.wait()
}

// slow sends a beginning at once and then a byte a second, forever.
func slow(what string) func(*floodConn) {
	return func(c *floodConn) {
		h := newH2()
		c.drain()
		var rest []byte
		switch what {
		case "":
			c.wait()
			return
		case "preface":
			rest = h.preface()
		case "http2":
			c.send(h.preface())
			rest = append([]byte{0, 1, 0, 1, 4, 0, 0, 0, 1}, make([]byte, 256)...)
		case "headers":
			c.send(h.preface())
			block := h.callFields(floodService)
			_ = h.framer.WriteHeaders(http2HeadersWithoutEnd(block[:4]))
			c.send(h.take())
			_ = h.framer.WriteContinuation(1, true, block[4:])
			rest = h.take()
		case "thrift":
			rest = append([]byte{0, 0, 1, 0}, callHead(floodService)...)
		case "frame":
			c.send(append(binary.BigEndian.AppendUint32(nil, 4000), callHead(floodService)...))
			rest = make([]byte, 3000)
		case "grpc":
			c.send(h.preface())
			c.send(h.headers(1, h.callFields(floodService), false))
			c.send(h.data(1, []byte{0, 0, 0, 16, 0}, false))
			for i := 0; i < 4000 && c.send(h.data(1, []byte{0}, false)); i++ {
				c.pause()
			}
			return
		}
		for _, one := range rest {
			if !c.send([]byte{one}) {
				return
			}
			c.pause()
		}
		c.wait()
	}
}

// pause: a second, or less when the gateway closes meanwhile.
func (c *floodConn) pause() {
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.stop:
	case <-c.ended:
	}
}

// thriftCallSize: bytes of the frame's contents of a call, as the rig's callers of that service write it.
func thriftCallSize(service string, j job) int {
	memory := thrift.NewTMemoryBuffer()
	protocol := thriftProtocol(memory, isCompactService(service))
	ctx := context.Background()
	_ = protocol.WriteMessageBegin(ctx, service+":work", thrift.CALL, 1)
	arguments := thriftown.WorkWorkArgs{Job: &thriftown.Job{Nonce: j.nonce, Crc: int64(j.crc), Payload: j.payload,
		AnswerBytes: j.answerBytes, DelayMillis: j.delayMillis}}
	_ = arguments.Write(ctx, protocol)
	_ = protocol.Flush(ctx)
	return memory.Len()
}
