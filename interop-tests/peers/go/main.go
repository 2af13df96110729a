// The command line of a Go peer of the interop matrix: a server of its contract
// and a client that calls every case and checks every answer. Every Go peer is
// this, course.go and values.go beside its own files.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

// target is one line of a plan: whom to call, how, and with which cases.
type target struct {
	id       string
	address  string
	dialect  string
	contract string
	cases    string
	deadline time.Duration
	witness  string // who else knows the same provider, where the way to it is spoilt
}

func main() {
	if len(os.Args) < 2 {
		fail("usage: " + peer_name + " server|client …")
	}
	switch os.Args[1] {
	case "server":
		flags := flag.NewFlagSet("server", flag.ExitOnError)
		port := flags.Int("port", 0, "port on 127.0.0.1; 0 picks a free one")
		dialect := flags.String("dialect", "framed-binary", "of Thrift: transport-encoding[-zlib][-mux]")
		_ = flags.Parse(os.Args[2:])
		if err := serve(*port, *dialect); err != nil {
			fail(err.Error())
		}
	case "client":
		targets, err := targetsOf(os.Args[2:])
		if err != nil {
			fail(err.Error())
		}
		out := bufio.NewWriter(os.Stdout)
		for _, t := range targets {
			if err := runTarget(t, out); err != nil {
				_ = out.Flush()
				fail(err.Error())
			}
		}
		_ = out.Flush()
	default:
		fail("unknown command " + os.Args[1])
	}
}

func fail(text string) {
	fmt.Fprintln(os.Stderr, peer_name+": "+text)
	os.Exit(2)
}

func targetsOf(arguments []string) ([]target, error) {
	first, plan, err := parseTarget(arguments)
	if err != nil {
		return nil, err
	}
	if plan == "" {
		return []target{first}, nil
	}
	text, err := os.ReadFile(plan)
	if err != nil {
		return nil, err
	}
	var targets []target
	for _, line := range strings.Split(string(text), "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		t, _, err := parseTarget(strings.Fields(line))
		if err != nil {
			return nil, err
		}
		targets = append(targets, t)
	}
	return targets, nil
}

func parseTarget(arguments []string) (target, string, error) {
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	var t target
	var plan string
	var deadline int
	flags.StringVar(&plan, "plan", "", "file with one target a line")
	flags.StringVar(&t.id, "id", "", "name printed with every result")
	flags.StringVar(&t.address, "target", "", "host:port")
	flags.StringVar(&t.dialect, "dialect", "framed-binary", "of Thrift: transport-encoding[-zlib][-mux]")
	flags.StringVar(&t.contract, "contract", "own", "own, derived or java")
	flags.StringVar(&t.cases, "cases", "", "comma-separated; all when empty")
	flags.StringVar(&t.witness, "witness", "", "host:port, another way to the same provider")
	flags.IntVar(&deadline, "deadline", 600, "milliseconds, for the deadline case")
	err := flags.Parse(arguments)
	t.deadline = time.Duration(deadline) * time.Millisecond
	return t, plan, err
}

// runTarget runs the cases of one target in order and prints a line for each.
func runTarget(t target, out *bufio.Writer) error {
	suite, err := suiteOf(t)
	if err != nil {
		return err
	}
	defer suite.close()
	names := suite.names()
	if t.cases != "" {
		names = strings.Split(t.cases, ",")
	}
	for _, name := range names {
		start := time.Now()
		got, want, failure := suite.run(name)
		line := result{ID: t.id, Case: name, Got: got, Want: want, Elapsed: time.Since(start).Microseconds()}
		if failure != nil {
			line.Error = describe(failure)
		} else {
			line.OK = text(got) == text(want)
		}
		encoded, err := json.Marshal(line)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n", encoded)
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return nil
}

type result struct {
	ID      string `json:"id,omitempty"`
	Case    string `json:"case"`
	OK      bool   `json:"ok"`
	Got     any    `json:"got"`
	Want    any    `json:"want"`
	Error   string `json:"error"`
	Elapsed int64  `json:"elapsed_us"`
}
