package main

import (
	"fmt"
	"math/bits"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// histogram counts durations in microseconds, each within 3 % of its bucket.
type histogram struct {
	counts [27 * 32]atomic.Int64
}

func bucketOf(microseconds int64) int {
	v := uint64(max(microseconds, 0))
	if v < 32 {
		return int(v)
	}
	exponent := bits.Len64(v) - 6
	return min((exponent+1)*32+int(v>>exponent)-32, 27*32-1)
}

func bucketValue(bucket int) int64 {
	if bucket < 32 {
		return int64(bucket)
	}
	exponent := bucket/32 - 1
	return int64(bucket%32+32)<<exponent + 1<<exponent/2
}

func (h *histogram) add(d time.Duration) { h.counts[bucketOf(d.Microseconds())].Add(1) }

func (h *histogram) merge(other *histogram) {
	for i := range h.counts {
		h.counts[i].Add(other.counts[i].Load())
	}
}

// quantile: 0 when nothing was counted.
func (h *histogram) quantile(q float64) time.Duration {
	var total int64
	for i := range h.counts {
		total += h.counts[i].Load()
	}
	rank := int64(q*float64(total) + 0.5)
	for i := range h.counts {
		if rank -= h.counts[i].Load(); rank <= 0 && total > 0 {
			return time.Duration(bucketValue(i)) * time.Microsecond
		}
	}
	return 0
}

// verdict is the one definite result of a call.
type verdict struct {
	kind    string // ok, failed, cancelled, swapped, corrupt, transport
	code    string // of a failed call: NOT_FOUND, …
	reason  string // the gateway's own reason, when it said one
	text    string
	elapsed time.Duration // from when the call was due
	took    time.Duration // from when it was sent
	late    bool          // it ended too long after its deadline
}

func (v verdict) String() string {
	return strings.TrimSpace(v.kind + " " + v.code + " " + v.reason)
}

// tally is what a group of calls came to in one phase.
type tally struct {
	due      atomic.Int64
	ended    atomic.Int64
	ok       atomic.Int64
	times    histogram // of those that were answered OK, from when they were due
	mutex    sync.Mutex
	others   map[string]int
	examples map[string]string
	latest   time.Duration // the longest that any call took from when it was sent
	late     atomic.Int64
}

func (t *tally) note(v verdict) {
	t.ended.Add(1)
	if v.late {
		t.late.Add(1)
	}
	if v.kind == "ok" {
		t.ok.Add(1)
		t.times.add(v.elapsed)
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.latest = max(t.latest, v.took)
	if v.kind != "ok" {
		if t.others == nil {
			t.others, t.examples = map[string]int{}, map[string]string{}
		}
		t.others[v.String()]++
		t.examples[v.String()] = v.text
	}
}

// count adds up the results that `match` wants; "failed" matches "failed UNAVAILABLE UPSTREAM_CLOSED".
func (t *tally) count(match ...string) int {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	sum := 0
	for result, n := range t.others {
		if slices.ContainsFunc(match, func(m string) bool { return strings.HasPrefix(result, m) }) {
			sum += n
		}
	}
	return sum
}

func (t *tally) failures() int { return int(t.ended.Load() - t.ok.Load()) }

func (t *tally) describe() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	var parts []string
	for result, n := range t.others {
		parts = append(parts, fmt.Sprintf("%d %s", n, result))
	}
	sort.Strings(parts)
	return strings.Join(parts, ", ")
}

// phase: a stretch of time whose calls are told apart from those of others.
type phase struct {
	name   string
	mutex  sync.Mutex
	groups map[string]*tally
}

func newPhase(name string) *phase { return &phase{name: name, groups: map[string]*tally{}} }

func (p *phase) group(name string) *tally {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	t := p.groups[name]
	if t == nil {
		t = &tally{}
		p.groups[name] = t
	}
	return t
}

// sum adds up a group over phases.
func sum(phases []*phase, group string) *tally {
	total := &tally{others: map[string]int{}, examples: map[string]string{}}
	for _, p := range phases {
		t := p.group(group)
		total.due.Add(t.due.Load())
		total.ended.Add(t.ended.Load())
		total.ok.Add(t.ok.Load())
		total.late.Add(t.late.Load())
		total.times.merge(&t.times)
		t.mutex.Lock()
		for k, n := range t.others {
			total.others[k] += n
			total.examples[k] = t.examples[k]
		}
		total.latest = max(total.latest, t.latest)
		t.mutex.Unlock()
	}
	return total
}

// medianOf a quantile over phases, each phase one sample.
func medianOf(phases []*phase, group string, q float64) time.Duration {
	var values []time.Duration
	for _, p := range phases {
		values = append(values, p.group(group).times.quantile(q))
	}
	return median(values)
}

func median(values []time.Duration) time.Duration {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[len(values)/2]
}
