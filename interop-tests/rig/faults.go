package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"
)

// row is one line of the table.
type row struct {
	name  string
	fault string
	run   func(*bench) error
	// The gateway's time for a call.
	deadline time.Duration
	// Slices are at least this long in all, because the fault takes that long.
	seconds float64
}

func rows() []row {
	second := time.Second
	return []row{
		{name: "1", fault: "provider killed in the middle of answers", run: rowKilled, deadline: second},
		{name: "2", fault: "provider hangs after accept", run: rowHang, deadline: second, seconds: 15},
		{name: "3", fault: "half-open TCP, no reset", run: rowHalfOpen, deadline: second},
		{name: "4", fault: "slowloris: 5,000 clients, a byte a second", run: rowSlowloris, deadline: 5 * second},
		{name: "5", fault: "1,000 callers that never read", run: rowUnread, deadline: 5 * second},
		{name: "7", fault: "all endpoints down, then back", run: rowDown, deadline: second},
		{name: "17", fault: "no descriptor left", run: rowFiles, deadline: 5 * second},
		{name: "20", fault: "wall clock jumps", run: rowClock, deadline: second},
		{name: "21", fault: "kill -9 of the gateway", run: rowKill9, deadline: 5 * second},
		{name: "23", fault: "1,000 reloads under load", run: rowReload, deadline: 5 * second},
		{name: "24", fault: "damaged answers", run: rowDamaged, deadline: second},
		{name: "25", fault: "answers with wrong, repeated, late and unknown ids", run: rowIds, deadline: second},
		{name: "26", fault: "oversize requests and answers", run: rowOversize, deadline: 5 * second},
		{name: "27", fault: "loss, reorder, delay, small packets", run: rowNetwork, deadline: 20 * second},
		{name: "27-bytes", fault: "messages in pieces, down to one byte", run: rowSegments, deadline: 5 * second},
		{name: "28", fault: "callers cancel 30% of calls", run: rowCancels, deadline: 5 * second},
		{name: "drain", fault: "SIGTERM under load, callers move on", run: rowDrain, deadline: 5 * second},
		{name: "in-flight", fault: "1,000 calls on one connection, late answers", run: rowThousand, deadline: 2 * second},
		{name: "page", fault: "docs/failures.md, line by line", run: rowFailures, deadline: second},
		{name: "flood-reset", fault: "rapid reset", run: floodRow("rapid-reset", 32, true), deadline: 5 * second},
		{name: "flood-continuation", fault: "endless CONTINUATION", run: floodRow("continuation", 32, true), deadline: 5 * second},
		{name: "flood-settings", fault: "SETTINGS whose answers nobody reads", run: floodRow("settings", 32, false), deadline: 5 * second},
		{name: "flood-ping", fault: "PING whose answers nobody reads", run: floodRow("ping", 32, false), deadline: 5 * second},
		{name: "flood-data", fault: "empty DATA frames", run: floodRow("empty-data", 32, true), deadline: 5 * second},
		{name: "flood-priority", fault: "PRIORITY frames", run: floodRow("priority", 32, false), deadline: 5 * second},
		{name: "flood-hpack", fault: "one long header, named 8,000 times", run: floodRow("hpack-bomb", 32, false), deadline: 5 * second},
		{name: "flood-headers", fault: "700 headers a request", run: floodRow("headers-bomb", 32, false), deadline: 5 * second},
		{name: "flood-streams", fault: "streams beyond the limit, none ended", run: floodRow("many-streams", 32, false), deadline: 5 * second},
		{name: "flood-window-zero", fault: "large answers, windows of 0", run: floodRow("zero-window", 384, false), deadline: 5 * second},
		{name: "flood-window-tiny", fault: "large answers, a byte at a time", run: floodRow("tiny-window", 64, false), deadline: 5 * second},
		{name: "flood-gzip", fault: "10 KB that inflate to 10 MB", run: floodRow("gzip-bomb", 64, false), deadline: 5 * second},
		{name: "flood-oversize-grpc", fault: "gRPC messages that declare 4 GiB", run: floodRow("grpc-oversize", 64, false), deadline: 5 * second},
		{name: "flood-oversize-thrift", fault: "Thrift frames that declare up to 2 GiB", run: floodRow("thrift-oversize", 32, true), deadline: 5 * second},
		{name: "flood-counts", fault: "containers that declare 2^31 elements", run: floodRow("thrift-counts", 32, false), deadline: 5 * second},
		{name: "flood-depth", fault: "structs 100,000 deep", run: floodRow("thrift-depth", 32, false), deadline: 5 * second},
		{name: "flood-garbage", fault: "bytes of no protocol", run: floodRow("garbage", 32, true), deadline: 5 * second},
		{name: "flood-connect", fault: "connections opened and reset", run: floodRow("connect-and-close", 32, false), deadline: 5 * second},
	}
}

var defaultDialects = []string{"framed-binary", "framed-compact", "buffered-binary", "buffered-compact", "header"}

type names []string

func (n *names) String() string { return strings.Join(*n, ",") }
func (n *names) Set(text string) error {
	*n = append(*n, strings.Split(text, ",")...)
	return nil
}

func optionsOf(flags *flag.FlagSet) *options {
	o := &options{}
	me, _ := os.Executable()
	flags.StringVar(&o.binary, "binary", "", "koine")
	flags.StringVar(&o.schemas, "schemas", "", "folder of rig.thrift and rig.proto")
	flags.StringVar(&o.folder, "folder", filepath.Join(filepath.Dir(me), "run"), "where logs and configurations are written")
	flags.Float64Var(&o.rate, "rate", 1500, "calls a second")
	flags.BoolVar(&o.verbose, "verbose", false, "show how calls ended")
	flags.BoolVar(&o.busy, "busy", false, "the machine has other work: no latency is judged")
	flags.Func("dialect", "of Thrift callers; may be repeated", func(text string) error {
		if _, known := thriftDialects[text]; !known {
			return errors.New("no such dialect")
		}
		o.dialect = append(o.dialect, text)
		return nil
	})
	return o
}

func runFaults(arguments []string) error {
	flags := flag.NewFlagSet("faults", flag.ExitOnError)
	var chosen names
	flags.Var(&chosen, "row", "a row's name; may be repeated; all when not given")
	file := flags.String("json", "", "file for machines")
	list := flags.Bool("list", false, "names the rows")
	o := optionsOf(flags)
	flags.Float64Var(&o.seconds, "seconds", 15, "disturbed and undisturbed slices of a row together")
	flags.StringVar(&o.sabotage, "sabotage", "", "let the gateway spoil calls: every row must fail")
	_ = flags.Parse(arguments)
	if len(o.dialect) == 0 {
		o.dialect = defaultDialects
	}
	all := rows()
	if *list {
		for _, r := range all {
			fmt.Printf("%-22s %s\n", r.name, r.fault)
		}
		return nil
	}
	picked, err := pick(all, chosen)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.folder, 0o755); err != nil {
		return err
	}
	passed, failed := 0, 0
	var results []result
	printHead()
	begun := time.Now()
	for n, r := range picked {
		fmt.Fprintf(os.Stderr, "%d of %d, after %.0f s: %s, %s\n", n+1, len(picked), time.Since(begun).Seconds(), r.name, r.fault)
		outcome := runRow(*o, r)
		results = append(results, outcome)
		outcome.print()
		if err := writeResults(*file, results); err != nil {
			return err
		}
		if outcome.Pass {
			passed++
		} else {
			failed++
		}
	}
	printTable(results)
	fmt.Printf("%d passed, %d failed, in %.0f s\n", passed, failed, time.Since(begun).Seconds())
	if failed > 0 {
		os.Exit(1)
	}
	return nil
}

// writeResults after every row, so that a run that is cut short leaves what it has found.
func writeResults(file string, results []result) error {
	if file == "" {
		return nil
	}
	text, _ := json.MarshalIndent(results, "", "  ")
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

func pick(all []row, chosen names) ([]row, error) {
	if len(chosen) == 0 {
		return all, nil
	}
	var picked []row
	for _, name := range chosen {
		found := false
		for _, r := range all {
			if r.name == name {
				picked, found = append(picked, r), true
			}
		}
		if !found {
			return nil, fmt.Errorf("no row %q; --list names them", name)
		}
	}
	return picked, nil
}

// runRow runs a row; one whose only complaint is about latency or time is run once more before it is believed,
// because the machine's own troubles look the same.
func runRow(o options, r row) result {
	first := tryRow(o, r)
	if first.Pass || !first.onTime {
		return first
	}
	second := tryRow(o, r)
	second.Repeated = true
	return second
}

// guarded: a row that panics or never ends is one row that failed.
func (b *bench) guarded(r row) error {
	ended := make(chan error, 1)
	go func() {
		defer func() {
			if what := recover(); what != nil {
				ended <- fmt.Errorf("the row panicked: %v\n%s", what, debug.Stack())
			}
		}()
		ended <- r.run(b)
	}()
	limit := max(settleMax+4*time.Minute, time.Duration(10*b.seconds*float64(time.Second)))
	select {
	case err := <-ended:
		return err
	case <-time.After(limit):
		return fmt.Errorf("the row did not end within %v", limit)
	}
}

func tryRow(o options, r row) result {
	begun := time.Now()
	b := &bench{options: o, row: r.name, folder: filepath.Join(o.folder, "row-"+r.name), deadline: r.deadline}
	b.seconds = max(o.seconds, r.seconds)
	b.config.sabotage = o.sabotage
	defer b.close()
	_ = os.RemoveAll(b.folder)
	_ = os.Remove(b.ledgerPath())
	err := os.MkdirAll(b.folder, 0o755)
	if err == nil {
		b.ledger, err = openLedger(b.ledgerPath())
	}
	if err == nil {
		b.book = newBook(b.ledger)
		err = b.guarded(r)
		// A row that broke off leaves its callers running; they look into the ledger to their end.
		if b.load == nil || b.load.stop(b.deadline+callersTimeout+2*time.Second) {
			b.ledger.close()
		}
	}
	out := result{Row: r.name, Fault: r.fault, Checks: b.checks, Seconds: time.Since(begun).Seconds()}
	if err != nil {
		out.Error = err.Error()
	}
	out.Pass = err == nil && b.passed()
	out.onTime = err == nil && b.failedOnTime()
	if o.verbose {
		for _, name := range b.groups() {
			t := sum(b.all(), name)
			fmt.Printf("    %s: %d calls, %d ok; %s\n", name, t.ended.Load(), t.ok.Load(), t.describe())
			for result, text := range t.examples {
				fmt.Printf("        %s: %.200s\n", result, text)
			}
		}
	}
	return out
}
