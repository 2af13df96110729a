package main

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
)

func TestQuantilesAreWithinThreePercent(t *testing.T) {
	var h histogram
	for i := int64(1); i <= 100000; i++ {
		h.add(time.Duration(i) * time.Microsecond)
	}
	for _, q := range []float64{0.5, 0.99, 0.999} {
		want, got := q*100000, float64(h.quantile(q).Microseconds())
		if got < want*0.97 || got > want*1.03 {
			t.Errorf("quantile %v: %v, want about %v", q, got, want)
		}
	}
}

// slicesOf as many slices as lists, each of so many calls of 5 ms and these besides.
func slicesOf(calls int, others ...[]time.Duration) (all []*phase) {
	for _, slow := range others {
		p := newPhase("slice")
		t := p.group("steady")
		for range calls {
			t.note(verdict{kind: "ok", elapsed: 5 * time.Millisecond})
		}
		for _, elapsed := range slow {
			t.note(verdict{kind: "ok", elapsed: elapsed})
		}
		all = append(all, p)
	}
	return all
}

func TestTimesAreJudgedWhenTheyAreSettled(t *testing.T) {
	calls := func(n int, elapsed time.Duration) []time.Duration { return slices.Repeat([]time.Duration{elapsed}, n) }
	pause := calls(20, 30*time.Millisecond)
	for name, c := range map[string]struct {
		calm, rough   []*phase
		settled, miss bool
	}{
		"alike":                            {slicesOf(1000, nil, nil, nil), slicesOf(1000, nil, nil, nil), true, false},
		"nobody called":                    {slicesOf(0, nil, nil, nil), slicesOf(0, nil, nil, nil), true, false},
		"below what is compared":           {slicesOf(1000, nil, nil, nil), slicesOf(0, calls(1000, 3*time.Millisecond), nil, nil), true, false},
		"a pause in one disturbed slice":   {slicesOf(1000, nil, nil, nil), slicesOf(1000, nil, pause, nil), false, true},
		"met, because the calm had one":    {slicesOf(1000, nil, pause, nil), slicesOf(1000, calls(4, 20*time.Millisecond), nil, pause), false, false},
		"met, whichever pair is left out":  {slicesOf(1000, pause, pause, nil), slicesOf(1000, nil, pause, pause), true, false},
		"a slow tail in a few calls":       {slicesOf(1000, nil, nil, nil), slicesOf(0, calls(1000, 12*time.Millisecond), calls(1000, 12*time.Millisecond), nil), false, true},
		"a slow tail of fifty":             {slicesOf(25000, nil, nil), slicesOf(25000, pause, calls(40, 11*time.Millisecond)), true, true},
		"of fifty thousand the first 50":   {slicesOf(25000, nil, nil), slicesOf(25000, pause, pause), true, false},
		"one call too few to believe them": {slicesOf(25000, nil, nil), slicesOf(24970, pause, calls(39, 11*time.Millisecond)), false, true},
	} {
		if got := settled(c.calm, c.rough, 2); got != c.settled {
			t.Errorf("%s: settled %v, want %v", name, got, c.settled)
		}
		if got := missed(latencyOf(c.calm, c.rough).demands(2)); got != c.miss {
			t.Errorf("%s: missed %v, want %v", name, got, c.miss)
		}
	}
}

func TestAnswersAreJudged(t *testing.T) {
	mine, other := newJob(7, 100, 5000, 0), newJob(8, 100, 5000, 0)
	right, swapped := answerTo(mine, 1), answerTo(other, 1)
	damaged, short := answerTo(mine, 1), answerTo(newJob(7, 100, 4999, 0), 1)
	damaged.payload[700] ^= 1
	for name, c := range map[string]struct {
		a    answer
		want answerKind
	}{"right": {right, answerRight}, "swapped": {swapped, answerSwapped}, "damaged": {damaged, answerCorrupt},
		"of another size": {short, answerCorrupt}, "empty": {answer{}, answerCorrupt}} {
		if got := judge(mine, c.a); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if mine.whole() != nil || (job{nonce: 7, crc: other.crc, payload: other.payload}).whole() == nil {
		t.Error("a job with another's payload passes for whole")
	}
}

func TestLedgerCountsAcrossMappings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	first, err := openLedger(path)
	if err != nil {
		t.Fatal(err)
	}
	second, err := openLedger(path)
	if err != nil {
		t.Fatal(err)
	}
	first.execute(5)
	second.execute(5)
	second.spoil(6)
	b := newBook(first)
	b.next.Store(10)
	if twice, example := b.duplicates(0); twice != 1 || example != 5 || !first.spoiled(6) || first.executions(6) != 0 {
		t.Errorf("%d duplicates, as %d", twice, example)
	}
}

func TestGatewayErrorsAreReadFromThriftTexts(t *testing.T) {
	for text, want := range map[string]string{
		"[UNAVAILABLE] UPSTREAM_CLOSED: the connection broke":    "failed UNAVAILABLE UPSTREAM_CLOSED",
		"[INTERNAL] WIRE_TRUNCATED at payload: ends early":       "failed INTERNAL WIRE_TRUNCATED",
		"[NOT_FOUND] no such order":                              "failed NOT_FOUND",
		"Internal error processing work: job 7: a wrong payload": "failed TAPPLICATION",
	} {
		if got := verdictOf(thrift.NewTApplicationException(6, text)).String(); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := verdictOf(io.ErrUnexpectedEOF).kind; got != "transport" {
		t.Errorf("a broken connection is %q", got)
	}
	if got := verdictOf(errors.New("x")).kind; got != "transport" && got != "failed" {
		t.Errorf("%q", got)
	}
}

// throughProxy sends a message to a peer that echoes, through a proxy of framed Thrift.
func throughProxy(t *testing.T, f fault) (net.Conn, *proxy) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c); _ = c.Close() }()
		}
	}()
	p, err := startProxy(listener.Addr().String(), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.close)
	p.set(f)
	c, err := net.Dial("tcp", p.address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	return c, p
}

func framed(payload []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(payload))), payload...)
}

func TestProxyPassesMessagesInPieces(t *testing.T) {
	c, _ := throughProxy(t, fault{segment: 1})
	sent := framed(payloadOf(1, 3000))
	got := make([]byte, len(sent))
	if _, err := c.Write(sent); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, got); err != nil || string(got) != string(sent) {
		t.Errorf("not what was sent: %v", err)
	}
}

func TestProxyCutsInTheMiddleOfAnAnswer(t *testing.T) {
	c, _ := throughProxy(t, fault{cutAfter: 2})
	first, second := framed(payloadOf(1, 100)), framed(payloadOf(2, 1000))
	_, _ = c.Write(append(append([]byte{}, first...), second...))
	got, _ := io.ReadAll(c)
	if want := len(first) + len(second)/2; len(got) != want {
		t.Errorf("%d bytes came, want %d", len(got), want)
	}
}

func TestProxyHangsAndGoesOn(t *testing.T) {
	c, p := throughProxy(t, fault{hang: true})
	sent := framed(payloadOf(1, 100))
	_, _ = c.Write(sent)
	_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Fatal("something came through")
	}
	p.set(fault{})
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.ReadFull(c, make([]byte, len(sent))); err != nil {
		t.Error(err)
	}
}

func TestProxyDamagesAnswers(t *testing.T) {
	c, _ := throughProxy(t, fault{corrupt: 1})
	sent := framed(payloadOf(1, 64))
	_, _ = c.Write(sent)
	got := make([]byte, len(sent))
	_, err := io.ReadFull(c, got)
	different := 0
	for i := range got {
		if got[i] != sent[i] {
			different++
		}
	}
	if err != nil || different != 1 {
		t.Errorf("%d bytes changed, %v", different, err)
	}
}

func TestPacketsOfForgottenConnectionsAreDropped(t *testing.T) {
	w := &wire{}
	packet := make([]byte, 40)
	packet[0], packet[9] = 0x45, 6
	binary.BigEndian.PutUint16(packet[20:], 4711)
	binary.BigEndian.PutUint16(packet[22:], 80)
	flow := flowOf(packet)
	back := append([]byte{}, packet...)
	binary.BigEndian.PutUint16(back[20:], 80)
	binary.BigEndian.PutUint16(back[22:], 4711)
	if copies, _ := w.passes(packet, flow); copies != 1 || flowOf(back) != flow || flow == 0 {
		t.Fatalf("%d copies of a packet of flow %x", copies, flow)
	}
	w.set(weather{forget: true})
	if copies, _ := w.passes(back, flow); copies != 0 {
		t.Error("a packet of a forgotten connection passed")
	}
	if copies, _ := w.passes(packet, flow+1); copies != 1 {
		t.Error("a packet of a new connection was dropped")
	}
}
