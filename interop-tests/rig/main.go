// Command rig loads, disturbs and judges a running Koine: callers and providers on the vendors' own
// libraries, a fault proxy and a lossy link of its own, floods, and the rows of faults that it goes through.
//
//	rig faults    the table of faults, one line a row
//	rig soak      minutes of load with cancels, deadlines and dying providers
//	rig provider  one provider process (started by the others)
//	rig flood     one flood (started by the others)
//	rig sink      a plain TCP listener for floods to meet instead (started by the others)
//	rig link      a pair of network namespaces (started by the others)
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		fail("usage: rig faults|soak|provider|flood …")
	}
	commands := map[string]func([]string) error{
		"faults": runFaults, "provider": runProvider, "link": runLink, "flood": runFlood, "sink": runSink, "soak": runSoak,
	}
	command, known := commands[os.Args[1]]
	if !known {
		fail("unknown command " + os.Args[1])
	}
	if err := command(os.Args[2:]); err != nil {
		fail(err.Error())
	}
}

func fail(text string) {
	fmt.Fprintln(os.Stderr, "rig: "+text)
	os.Exit(2)
}
