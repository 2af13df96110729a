package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// runSoak: minutes of everything at once, usually on a build with sanitizers.
func runSoak(arguments []string) error {
	flags := flag.NewFlagSet("soak", flag.ExitOnError)
	o := optionsOf(flags)
	minutes := flags.Float64("minutes", 10, "of load")
	_ = flags.Parse(arguments)
	if len(o.dialect) == 0 {
		o.dialect = defaultDialects
	}
	b := &bench{options: *o, row: "soak", folder: filepath.Join(o.folder, "soak"), deadline: 2 * time.Second}
	defer b.close()
	_ = os.RemoveAll(b.folder)
	_ = os.Remove(b.ledgerPath())
	if err := os.MkdirAll(b.folder, 0o755); err != nil {
		return err
	}
	var err error
	if b.ledger, err = openLedger(b.ledgerPath()); err != nil {
		return err
	}
	b.book = newBook(b.ledger)
	if err := b.soak(time.Duration(*minutes * float64(time.Minute))); err != nil {
		return err
	}
	passed := b.passed()
	result{Row: "soak", Fault: fmt.Sprintf("%.1f minutes", *minutes), Pass: passed, Checks: b.checks}.print()
	if !passed {
		b.close()
		os.Exit(1)
	}
	return nil
}

const killEvery = 20 * time.Second

func (b *bench) soak(length time.Duration) error {
	if err := b.prepare(); err != nil {
		return err
	}
	// Freed memory is kept back by the address sanitizer, so as to find its use; a bound makes the size flat soon.
	b.config.env = []string{"ASAN_OPTIONS=quarantine_size_mb=16:detect_leaks=1:exitcode=77:" + os.Getenv("ASAN_OPTIONS"), "UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1"}
	if err := b.startGateway(); err != nil {
		return err
	}
	services := append(append([]string{}, steadyServices...), shakyServices...)
	streams := b.streams("soak", services, b.rate)
	for i := range streams {
		s := &streams[i]
		// A little more than is promised of each: some calls end before their caller gives up, and of the late some are given up.
		s.cancelled, s.connections = 0.12, 12
		late := 0.065
		if s.caller == "grpc" {
			s.impatient, late = 0.03, 0.05
		}
		s.delayMillis = func() int {
			if rand.Float64() < late {
				return int(b.deadline.Milliseconds()) + 300 // past its deadline, whatever the caller
			}
			return rand.IntN(8)
		}
	}
	if err := b.startLoad(streams); err != nil {
		return err
	}
	warm := min(30*time.Second, length/4)
	begun, kills, turn := time.Now(), 0, 0
	measured := false
	for tick := time.NewTicker(killEvery); ; {
		select {
		case <-tick.C:
		case <-time.After(time.Until(begun.Add(length))):
		}
		if time.Since(begun) >= length {
			tick.Stop()
			break
		}
		if !measured && time.Since(begun) >= warm {
			b.rss, measured = b.gateway.rssBytes(), true
		}
		// A provider dies and comes back, the steady ones too.
		name := services[turn%len(services)]
		turn++
		old := b.providers[name]
		old.kill()
		b.watch(500 * time.Millisecond)
		if _, err := b.startProvider(name, addressOf(old), 20+turn); err != nil {
			return err
		}
		kills++
		t := sum(b.all(), "soak")
		fmt.Printf("%4.0f s  %d calls, %.0f a second; %d ok, %d given up, %d past their deadline, %d while a provider was down, %d wrong; %d MiB, %v in flight, %d files\n",
			time.Since(begun).Seconds(), t.ended.Load(), float64(t.ended.Load())/time.Since(begun).Seconds(), t.ok.Load(), t.count("cancelled"),
			t.count("failed DEADLINE_EXCEEDED"), t.count("failed UNAVAILABLE"), t.count("swapped", "corrupt"), b.gateway.rssBytes()>>20,
			b.gateway.metric("koine_gateway_calls_in_flight"), b.gateway.openFiles())
		if !b.gateway.running() {
			return fmt.Errorf("the gateway ended: %v\n%s", b.gateway.status, tail(b.gateway.log))
		}
	}
	return b.judgeSoak(time.Since(begun), kills)
}

// judgeSoak: the marks of the soak.
func (b *bench) judgeSoak(length time.Duration, kills int) error {
	ended := b.load.stop(b.deadline + callersTimeout + 5*time.Second)
	idle := waitFor(10*time.Second, func() bool { return b.gateway.metric("koine_gateway_calls_in_flight") == 0 })
	t := sum(b.all(), "soak")
	total, perSecond := t.ended.Load(), float64(t.ended.Load())/length.Seconds()
	given, late := t.count("cancelled"), t.count("failed DEADLINE_EXCEEDED")
	b.check("calls", []demand{must(ended, "calls without an end"), must(perSecond >= 500, "%.0f calls a second, fewer than 500", perSecond)}, "%d, %.0f a second, %d of them answered", total, perSecond, t.ok.Load())
	b.check("cancelled", is(float64(given) >= 0.1*float64(total), "fewer than 10 %%"), "%.1f%%", 100*float64(given)/float64(total))
	b.check("past their deadline", is(float64(late) >= 0.05*float64(total), "fewer than 5 %%"), "%.1f%%", 100*float64(late)/float64(total))
	b.check("provider killed", is(kills > 0, "never"), "%d times, %d calls failed by it", kills, t.count("failed UNAVAILABLE"))
	others := t.failures() - given - late - t.count("failed UNAVAILABLE")
	b.check("otherwise ended", is(others == 0, "%s", describeOthers(t)), "%d %s", others, describeOthers(t))
	b.p1(expectation{}, t)
	b.p3()
	b.check("in flight", is(idle, "calls are left"), "%v", b.gateway.metric("koine_gateway_calls_in_flight"))
	b.p0()
	limit := b.rss + b.rss/10
	back := waitFor(30*time.Second, func() bool { return b.gateway.rssBytes() <= limit })
	b.check("memory", is(back, "more than 10 %% above the start"), "%.1f→%.1f MiB, peak %.1f", mib(b.rss), mib(b.gateway.rssBytes()), mib(b.rssPeak))
	end := b.gateway.end(30 * time.Second)
	log := tail(b.gateway.log)
	clean := end == nil && !strings.Contains(log, "Sanitizer") && !strings.Contains(log, "runtime error")
	b.check("sanitizers", is(clean, "a report"), "%s", map[bool]string{true: "no report", false: log}[clean])
	return nil
}

func describeOthers(t *tally) string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	var parts []string
	for result, n := range t.others {
		if !strings.HasPrefix(result, "cancelled") && !strings.HasPrefix(result, "failed DEADLINE") && !strings.HasPrefix(result, "failed UNAVAILABLE") {
			parts = append(parts, fmt.Sprintf("%d× %s (%.80s)", n, result, t.examples[result]))
		}
	}
	return strings.Join(parts, ", ")
}
