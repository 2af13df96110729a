// The Go side of the quickstart: `serve PORT` is a gRPC provider, `call PORT` a gRPC caller.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: quickstart serve|call PORT")
		os.Exit(2)
	}
	run := call
	if os.Args[1] == "serve" {
		run = serve
	}
	if err := run("127.0.0.1:" + os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
