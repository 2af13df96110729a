package main

import (
	"fmt"
	"slices"
	"time"
)

// What calls beside a fault took in disturbed and in undisturbed slices, and when that is enough to judge by.

// tailCalls: so many calls of either kind of slice lie above its p99.9 before a miss counts. One pause of the machine makes
// twenty calls late at once, and of 5,000 calls five lie above p99.9: fewer say what the machine did that second.
const tailCalls = 50

// latencyFloor: below it a ratio measures the machine's scheduler and not the gateway.
const latencyFloor = 4 * time.Millisecond

// latency: the median over the slices of each one's p99, and the p99.9 of all of them together.
type latency struct {
	calm, rough       time.Duration
	calm999, rough999 time.Duration
	calls             int64 // answered in the undisturbed slices, or in the disturbed: the fewer
}

func latencyOf(calm, rough []*phase) latency {
	all, disturbed := sum(calm, "steady"), sum(rough, "steady")
	return latency{medianOf(calm, "steady", 0.99), medianOf(rough, "steady", 0.99),
		all.times.quantile(0.999), disturbed.times.quantile(0.999), min(all.ok.Load(), disturbed.ok.Load())}
}

// demands: `limit` is p99's.
func (l latency) demands(limit float64) []demand {
	return []demand{within("p99", l.rough, l.calm, limit), within("p99.9", l.rough999, l.calm999, max(2, limit))}
}

func (l latency) String() string {
	return fmt.Sprintf("p99 %s→%s, p99.9 %s→%s of %d calls", millis(l.calm), millis(l.rough), millis(l.calm999), millis(l.rough999), l.calls)
}

// full: more calls would not make the figures surer.
func (l latency) full() bool { return l.calls >= tailCalls*1000 }

// settled: the figures can be judged. They are met, and by no single pair of slices; or they are missed or hang on one pair,
// and there are calls enough to believe them. Otherwise more slices are needed.
func settled(calm, rough []*phase, limit float64) bool {
	whole := latencyOf(calm, rough)
	if whole.calls == 0 || whole.full() {
		return true
	}
	if missed(whole.demands(limit)) {
		return false
	}
	for i := range calm {
		if missed(latencyOf(without(calm, i), without(rough, i)).demands(limit)) {
			return false
		}
	}
	return true
}

func without(phases []*phase, index int) []*phase {
	return slices.Delete(slices.Clone(phases), index, index+1)
}

func within(name string, rough, calm time.Duration, limit float64) demand {
	return must(rough <= latencyFloor || float64(rough) <= limit*float64(calm), "%s %s with the fault is %.1f times the %s without; %.1f are allowed",
		name, millis(rough), float64(rough)/float64(max(calm, 1)), millis(calm), limit)
}

func millis(d time.Duration) string { return fmt.Sprintf("%.1fms", float64(d.Microseconds())/1000) }
