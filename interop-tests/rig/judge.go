package main

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// expectation says how a row's calls may end, for P4 and P6.
type expectation struct {
	reasons   []string // of calls that failed; none: no call may fail
	spoils    bool     // providers answer wrongly on purpose: such answers may arrive, at their own callers
	ourOwn    bool     // codes of the providers' own are fine too (origin application)
	noLatency bool     // the fault is on the callers' own way: their times say nothing of the gateway
	cancels   bool     // callers give up: their calls end in CALL_CANCELLED
	restarts  bool     // the gateway is not the process that it was at the start
	lost      int      // calls that may be without a line in the log, because the gateway was killed
	mayFail   bool     // nothing is beside the fault: the row's own mark says what may fail
}

// finish ends the load and goes through P0 to P6.
func (b *bench) finish(e expectation) {
	ended := b.load.stop(b.deadline + callersTimeout + 2*time.Second)
	idle := waitFor(5*time.Second, func() bool { return b.gateway.metric("koine_gateway_calls_in_flight") == 0 })
	b.inFlightAtEnd = b.gateway.metric("koine_gateway_calls_in_flight")
	var groups []*tally
	for _, name := range b.groups() {
		groups = append(groups, sum(b.all(), name))
	}
	b.p0()
	b.p1(e, groups...)
	b.p2(ended, idle, groups...)
	b.p3()
	b.p4(e, sum(b.all(), "steady"))
	b.p5()
	b.p6(e, groups...)
	if err := b.gateway.end(15 * time.Second); err != nil {
		b.check("P0", is(false, "%v", err), "the end")
	}
}

// p0: alive, and no descriptor more than before the first caller.
func (b *bench) p0() {
	alive := b.gateway.running()
	same := waitFor(10*time.Second, func() bool { return b.gateway.openFiles() <= b.files })
	b.check("P0", []demand{must(alive, "the gateway ended: %v", b.gateway.status), must(same, "%d files are open, %d were before the load", b.gateway.openFiles(), b.files)},
		"files %d→%d", b.files, b.gateway.openFiles())
}

// p1: nobody got what belongs to another.
func (b *bench) p1(e expectation, groups ...*tally) {
	total, swapped, corrupt := int64(0), 0, 0
	for _, t := range groups {
		total += t.ended.Load()
		swapped += t.count("swapped")
		corrupt += t.count("corrupt")
		if !e.spoils {
			corrupt += t.count("spoiled")
		}
	}
	b.check("P1", []demand{must(total > 0, "no calls"), must(swapped == 0, "%d answers of another call", swapped), must(corrupt == 0, "%d damaged answers", corrupt)},
		"%d of %d", swapped+corrupt, total)
}

// p2: every call ended, once, in time. Callers share the machine with the gateway, so by their clocks one call
// in a thousand may be later; by the gateway's none.
func (b *bench) p2(ended, idle bool, groups ...*tally) {
	var total, late int64
	for _, t := range groups {
		total += t.ended.Load()
		late += t.late.Load()
	}
	var longest int64
	err := b.gateway.accessLog(func(line accessLine) {
		if !line.ofFlood() {
			longest = max(longest, line.DurationUs)
		}
	})
	over, dropped, inFlight := time.Duration(longest)*time.Microsecond-b.deadline, b.load.dropped.Load(), b.inFlightAtEnd
	figure := fmt.Sprintf("late %d, longest %+dms", late, over.Milliseconds())
	if dropped > 0 {
		figure += fmt.Sprintf(", %d calls not made", dropped)
	}
	sure := []demand{must(err == nil, "access log: %v", err), must(ended, "calls without an end"), must(idle, "%v calls in flight when all had ended", inFlight)}
	timed := []demand{
		must(over <= lateAfter, "a call ended %d ms after its deadline, by the gateway's clock; %d is allowed", over.Milliseconds(), lateAfter.Milliseconds()),
		must(late*1000 <= total, "%d of %d calls ended more than %d ms late by their callers' clocks", late, total, callersLateAfter.Milliseconds()),
		must(dropped*20 <= total, "%d calls not made: the machine is too slow for the rate", dropped)}
	if b.busy {
		timed = nil
	}
	b.check("P2", append(sure, timed...), "%s", figure)
	b.timing = b.timing || missed(timed) && !missed(sure)
}

func missed(demands []demand) bool {
	return slices.ContainsFunc(demands, func(d demand) bool { return !d.met })
}

// p3: nothing ran twice; no method of the rig is idempotent.
func (b *bench) p3() {
	twice, example := b.book.duplicates(b.from)
	b.check("P3", is(twice == 0, "%d calls were executed twice, as nonce %d", twice, example), "%d twice", twice)
}

// p4: who has nothing to do with the fault does not feel it.
func (b *bench) p4(e expectation, steady *tally) {
	if steady.ended.Load() == 0 {
		return // all calls of this row have to do with its fault
	}
	failed := steady.failures()
	none := must(failed == 0 || e.mayFail, "%d of %d calls beside the fault failed: %s", failed, steady.ended.Load(), steady.describe())
	if e.noLatency || b.busy || len(b.rough) == 0 {
		b.check("P4", []demand{none}, "%.2f%% of %d", 100*float64(steady.ok.Load())/float64(max(steady.ended.Load(), 1)), steady.ended.Load())
		return
	}
	took := latencyOf(b.calm, b.rough)
	timed := took.demands(b.p99Limit())
	b.check("P4", append([]demand{none}, timed...), "%v", took)
	b.timing = b.timing || missed(timed) && none.met
}

// p5: memory comes back. A little more than at the start is a slab or two that the pool keeps.
func (b *bench) p5() {
	const slack = 1 << 20
	limit := b.rss + b.rss/10 + slack
	back := waitFor(60*time.Second, func() bool { return b.gateway.rssBytes() <= limit })
	now := b.gateway.rssBytes()
	b.check("P5", is(back, "%.1f MiB after 60 s of rest, %.1f before the fault: %.1f are allowed", mib(now), mib(b.rss), mib(limit)),
		"%.1f→%.1f MiB (heap %.1f→%.1f), peak %.1f", mib(b.rss), mib(now), mib(b.heap), mib(b.gateway.heapBytes()), mib(max(b.rssPeak, b.rss)))
}

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// p6: every call that failed has its line and its reason, and log and metrics agree.
func (b *bench) p6(e expectation, groups ...*tally) {
	failed := 0 // as the callers saw it
	for _, t := range groups {
		failed += t.failures() - t.count("cancelled", "swapped", "corrupt", "spoiled", "transport")
	}
	reasons, wrong, lines := map[string]int{}, map[string]int{}, 0
	applications, floods := 0, map[string]int{}
	allowed := e.reasons
	if e.cancels {
		allowed = append(slices.Clone(allowed), "CALL_CANCELLED")
	}
	_ = b.gateway.accessLog(func(line accessLine) {
		if line.Code == "OK" {
			return
		}
		if line.ofFlood() {
			floods[line.Reason]++
			return
		}
		if line.Reason == "CALL_CANCELLED" && e.cancels {
			reasons[line.Reason]++
			return
		}
		lines++
		if line.Origin == "application" {
			applications++
			if !e.ourOwn {
				wrong[line.Code+" of the provider"]++
			}
			return
		}
		reasons[line.Reason]++
		if !slices.Contains(allowed, line.Reason) {
			wrong[orElse(line.Reason, line.Code+" without a reason")+" at "+line.Service]++
		}
	})
	samples, err := b.gateway.metrics()
	agree := err == nil
	for reason, n := range reasons {
		if !e.restarts && sumSamples(samples, "koine_gateway_call_failures_total", `reason="`+reason+`"`) != float64(n+floods[reason]) {
			agree = false
		}
	}
	misnamed := 0
	for _, n := range wrong {
		misnamed += n
	}
	figure := fmt.Sprintf("%d failed", failed)
	if len(reasons) > 0 {
		figure += " " + counted(reasons)
	}
	if lines != failed && !e.cancels {
		figure += fmt.Sprintf(", %d lines in the log", lines)
	}
	if applications > 0 && e.ourOwn {
		figure += fmt.Sprintf(", %d of the provider's own", applications)
	}
	b.check("P6", []demand{must(agree, "metric and log disagree about %s", counted(reasons)), must(misnamed*1000 <= lines, "not expected: %s", counted(wrong)),
		must(lines == failed || e.cancels || abs(lines-failed) <= e.lost, "%d calls failed by their callers, %d by the log", failed, lines)}, "%s", figure)
}

func abs(n int) int { return max(n, -n) }

func counted(counts map[string]int) string {
	var parts []string
	for name, n := range counts {
		parts = append(parts, fmt.Sprintf("%s×%d", name, n))
	}
	sort.Strings(parts)
	return strings.Join(parts, " ")
}
