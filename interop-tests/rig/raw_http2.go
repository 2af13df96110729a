package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/protobuf/proto"

	"koine.dev/interop/rig/gen/protoown"
)

// rawHTTP2 is the provider's half of an HTTP/2 connection, no more of it than raw answers need.
type rawHTTP2 struct {
	block  bytes.Buffer
	hpack  *hpack.Encoder
	mutex  sync.Mutex
	window int64 // of the connection, for DATA to Koine
	more   *sync.Cond
	over   bool
}

func (p *rawProvider) serveHTTP2(c net.Conn) {
	reader := bufio.NewReader(c)
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(reader, preface); err != nil {
		return
	}
	h := &rawHTTP2{window: 65535}
	h.hpack = hpack.NewEncoder(&h.block)
	h.more = sync.NewCond(&h.mutex)
	link := &rawLink{Conn: c, h2: h}
	out := newH2()
	_ = out.framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 30}, http2.Setting{ID: http2.SettingMaxConcurrentStreams, Val: 1000})
	_ = out.framer.WriteWindowUpdate(0, 1<<30)
	link.send(out.take())
	defer func() {
		h.mutex.Lock()
		h.over = true
		h.more.Broadcast()
		h.mutex.Unlock()
	}()
	framer := http2.NewFramer(io.Discard, reader)
	framer.SetMaxReadFrameSize(1 << 20)
	bodies := map[uint32][]byte{}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		switch f := frame.(type) {
		case *http2.SettingsFrame:
			if !f.IsAck() {
				_ = out.framer.WriteSettingsAck()
				link.send(out.take())
			}
		case *http2.PingFrame:
			if !f.IsAck() {
				_ = out.framer.WritePing(true, f.Data)
				link.send(out.take())
			}
		case *http2.WindowUpdateFrame:
			if f.StreamID == 0 {
				h.mutex.Lock()
				h.window += int64(f.Increment)
				h.more.Broadcast()
				h.mutex.Unlock()
			}
		case *http2.RSTStreamFrame:
			delete(bodies, f.StreamID)
		case *http2.DataFrame:
			bodies[f.StreamID] = append(bodies[f.StreamID], f.Data()...)
			if f.StreamEnded() {
				p.answerHTTP2(link, f.StreamID, bodies[f.StreamID])
				delete(bodies, f.StreamID)
			}
		}
	}
}

func (p *rawProvider) answerHTTP2(link *rawLink, stream uint32, body []byte) {
	var in protoown.Job
	if len(body) < 5 || proto.Unmarshal(body[5:], &in) != nil {
		return
	}
	call := rawCall{id: int64(stream), link: link, job: job{in.Nonce, in.Crc, in.Payload, in.AnswerBytes, in.DelayMillis}}
	if call.job.whole() != nil {
		return
	}
	p.ledger.execute(call.job.nonce)
	go p.answer(call)
}

// take waits for room in the connection's window.
func (h *rawHTTP2) take(n int) bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for h.window < int64(n) && !h.over {
		h.more.Wait()
	}
	h.window -= int64(n)
	return !h.over
}

func answerMessage(a answer) []byte {
	body, _ := proto.Marshal(&protoown.Answer{Nonce: a.nonce, Crc: a.crc, Payload: a.payload, Provider: a.provider})
	return grpcMessage(body, 0)
}

// respond makes the frames of an answer: headers, a message, trailers. Header blocks use no table, so that a frame may
// be repeated or left out without spoiling others'.
func respond(stream uint32, message []byte, status string) (headers, data, trailers []byte) {
	h := newH2()
	h.hpack.SetMaxDynamicTableSizeLimit(0)
	h.hpack.SetMaxDynamicTableSize(0)
	headers = h.headers(stream, h.fields(":status", "200", "content-type", "application/grpc"), false)
	for rest := message; len(rest) > 0; rest = rest[min(len(rest), 16384):] {
		data = append(data, h.data(stream, rest[:min(len(rest), 16384)], false)...)
	}
	trailers = h.headers(stream, h.fields("grpc-status", status, "grpc-message", ""), true)
	return headers, data, trailers
}

// frameBytes is any frame, whatever its contents.
func frameBytes(kind, flags byte, stream uint32, payload []byte) []byte {
	head := []byte{byte(len(payload) >> 16), byte(len(payload) >> 8), byte(len(payload)), kind, flags}
	return append(binary.BigEndian.AppendUint32(head, stream), payload...)
}
