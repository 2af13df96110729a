package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Rows whose fault is at the gateway's own process: its clock, its end.

// rowClock: the wall clock jumps. The gateway runs with a clock of its own, which the rig moves.
func rowClock(b *bench) error {
	clock, err := newShim(b.folder)
	if err != nil {
		return err
	}
	if err := b.prepare(); err != nil {
		return err
	}
	b.config.env = clock.environment()
	if err := b.startGateway(); err != nil {
		return err
	}
	streams := b.mixed()
	// Some calls wait at their provider for longer than a slice between jumps, and must neither end early nor late.
	for _, s := range b.streams("late", shakyServices, 60) {
		s.connections, s.delayMillis = 40, func() int { return 3 * int(b.deadline.Milliseconds()) }
		streams = append(streams, s)
	}
	for _, name := range shakyServices {
		b.service(name).connections = 300
	}
	if err := b.startLoad(streams); err != nil {
		return err
	}
	turn := 0
	jumps := []time.Duration{time.Hour, -time.Hour, 24 * time.Hour, -24 * time.Hour, 400 * time.Millisecond, 0}
	b.interleave(while(func() {
		clock.set(jumps[turn%len(jumps)])
		turn++
		time.Sleep(150 * time.Millisecond)
	}))
	late := sum(b.all(), "late")
	// A gRPC provider knows the deadline too, and may be the first to say that it has passed.
	b.finish(expectation{reasons: []string{"CALL_DEADLINE"}, ourOwn: true})
	early, seen := 0, map[int]bool{}
	err = b.gateway.accessLog(func(line accessLine) {
		limit := b.deadline
		if line.Provider == "grpc" { // which has a clock of its own, and may say it first
			limit -= 20 * time.Millisecond
		}
		if line.Reason == "CALL_DEADLINE" && line.DurationUs < limit.Microseconds() {
			early++
		}
		if when, err := time.Parse(time.RFC3339, line.Time); err == nil {
			seen[int(time.Until(when).Round(time.Hour).Hours())] = true
		}
	})
	shaky := sum(b.all(), "shaky")
	jumped := seen[1] && seen[-1] && seen[24] && seen[-24]
	b.mark([]demand{must(err == nil, "access log: %v", err), must(jumped, "not all jumps are in the log's times: %v", seen), must(early == 0, "%d deadlines passed early", early),
		must(shaky.failures() == 0, "calls failed: %s", shaky.describe()), must(late.ended.Load() > 0 && late.ok.Load() == 0, "%d calls outlived their deadline", late.ok.Load())},
		"%d jumps, seen in the log's times: %v; %d calls timed out, %d of them early", turn, jumped, late.ended.Load(), early)
	return nil
}

// shim is a library of ours that moves the wall clock of one process, by what a file says.
type shim struct{ library, file string }

func newShim(folder string) (*shim, error) {
	me, err := os.Executable()
	if err != nil {
		return nil, err
	}
	library := filepath.Join(filepath.Dir(me), "clock_shim.so")
	if _, err := os.Stat(library); err != nil {
		return nil, err
	}
	s := &shim{library, filepath.Join(folder, "clock")}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	return s, os.WriteFile(s.file, make([]byte, 8), 0o600)
}

func (s *shim) environment() []string {
	return []string{"LD_PRELOAD=" + s.library, "RIG_CLOCK=" + s.file}
}

// set writes the offset into the file that the library has mapped.
func (s *shim) set(offset time.Duration) {
	file, err := os.OpenFile(s.file, os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer file.Close()
	_, _ = file.WriteAt(binary.LittleEndian.AppendUint64(nil, uint64(offset)), 0)
}

// rowKill9: the gateway itself is killed under load and started again.
func rowKill9(b *bench) error {
	if err := b.prepare(); err != nil {
		return err
	}
	for _, name := range []string{"SpareOne", "SpareTwo", "SpareThree", "SpareFour"} {
		b.config.services = append(b.config.services, service{name: name, protocol: "framed-binary", timeout: b.deadline,
			endpoints: []string{addressOf(b.providers["SteadyBinary"])}})
	}
	if err := b.startGateway(); err != nil {
		return err
	}
	// The second life takes the first one's address, as a supervisor's would.
	b.config.bind = b.gateway.address
	if err := b.gateway.configure(b.config); err != nil {
		return err
	}
	if err := b.startLoad(b.mixed()); err != nil {
		return err
	}
	const kills = 5
	var cold []time.Duration
	var trouble error
	inFlight := int64(0)
	slice := time.Duration(b.seconds / kills * float64(time.Second))
	for range kills {
		b.enter("calm", &b.calm)
		b.watch(slice)
		calm := b.calm[len(b.calm)-1]
		b.enter("between", &b.between)
		for _, name := range []string{"steady", "shaky"} {
			inFlight += calm.group(name).due.Load() - calm.group(name).ended.Load()
		}
		b.gateway.kill()
		begun := time.Now()
		if trouble = b.gateway.start(b.binary, b.config); trouble != nil {
			return trouble
		}
		first := newThriftCaller(b.gateway.address, "framed-binary", callersTimeout)
		j := newJob(b.book.nonce(), 100, 100, 0)
		a, err := first.call(context.Background(), "SteadyBinary", j)
		cold = append(cold, time.Since(begun))
		first.close()
		if err != nil || judge(j, a) != answerRight {
			trouble = fmt.Errorf("the first call after the start: %v", err)
		}
		b.watch(time.Second) // callers come back, each in its own time
	}
	b.cleanup(b.gateway.kill)
	lost := 0
	for _, p := range b.calm {
		for _, name := range []string{"steady", "shaky"} {
			lost += p.group(name).failures()
		}
	}
	b.finish(expectation{restarts: true, noLatency: true, lost: lost, mayFail: true})
	b.mark([]demand{must(int64(lost) <= inFlight, "%d calls lost, %d were in flight", lost, inFlight), must(b.busy || median(cold) <= 100*time.Millisecond, "the first answer took %s", millis(median(cold)))},
		"%d kills: %d calls in flight, %d lost; first answer %s after the start (median; %s at most)", kills, inFlight, lost, millis(median(cold)), millis(slices.Max(cold)))
	return trouble
}
