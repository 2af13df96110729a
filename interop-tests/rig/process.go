package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a child that says READY on its first line of output.
type process struct {
	name    string
	command *exec.Cmd
	ready   []string
	log     string
	ended   chan struct{}
	status  error
}

func startProcess(name, log string, line []string, environment ...string) (*process, error) {
	return startProcessWith(name, log, line, nil, environment...)
}

func startProcessWith(name, log string, line []string, input *os.File, environment ...string) (*process, error) {
	if err := os.MkdirAll(filepath.Dir(log), 0o755); err != nil {
		return nil, err
	}
	out, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	command := exec.Command(line[0], line[1:]...)
	command.Stderr = out
	if input != nil {
		command.Stdin = input
	}
	command.Env = append(os.Environ(), environment...)
	// A child never outlives the rig, however the rig ends.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	pipe, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := &process{name: name, command: command, log: log, ended: make(chan struct{})}
	lines := make(chan string, 1)
	go func() {
		reader := bufio.NewReader(pipe)
		first, _ := reader.ReadString('\n')
		lines <- first
		_, _ = io.Copy(io.Discard, reader)
		p.status = command.Wait()
		close(p.ended)
	}()
	select {
	case first := <-lines:
		p.ready = strings.Fields(first)
	case <-time.After(60 * time.Second):
	}
	if len(p.ready) < 2 || p.ready[0] != "READY" {
		p.kill()
		text, _ := os.ReadFile(log)
		return nil, fmt.Errorf("%s did not start: %q\n%s", name, strings.Join(p.ready, " "), text)
	}
	p.ready = p.ready[1:]
	return p, nil
}

func (p *process) pid() int { return p.command.Process.Pid }

func (p *process) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

func (p *process) signal(s syscall.Signal) { _ = p.command.Process.Signal(s) }

func (p *process) kill() {
	p.signal(syscall.SIGKILL)
	<-p.ended
}

// end asks politely and says how the process ended; what does not end within the limit is killed.
func (p *process) end(limit time.Duration) error {
	if !p.running() {
		return fmt.Errorf("%s had ended by itself: %v\n%s", p.name, p.status, tail(p.log))
	}
	p.signal(syscall.SIGTERM)
	select {
	case <-p.ended:
		if p.status != nil {
			return fmt.Errorf("%s ended with %v\n%s", p.name, p.status, tail(p.log))
		}
		return nil
	case <-time.After(limit):
		p.kill()
		return fmt.Errorf("%s did not end within %v", p.name, limit)
	}
}

func tail(path string) string {
	text, _ := os.ReadFile(path)
	return string(text[max(0, len(text)-3000):])
}

// rssBytes, heapBytes, openFiles, cpuTime: what /proc says.
func (p *process) rssBytes() int64  { return p.statusBytes("VmRSS:") }
func (p *process) heapBytes() int64 { return p.statusBytes("RssAnon:") } // without the pages of the binary itself

func (p *process) statusBytes(name string) int64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.pid()))
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, name); found {
			kib, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kib << 10
		}
	}
	return 0
}

func (p *process) openFiles() int {
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.pid()))
	return len(entries)
}

func (p *process) cpuTime() time.Duration {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.pid()))
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	const ticksPerSecond = 100
	return time.Duration(user+system) * time.Second / ticksPerSecond
}

// waitFor looks until `done` says yes; false after the limit.
func waitFor(limit time.Duration, done func() bool) bool {
	for end := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		if done() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

// limitFiles changes RLIMIT_NOFILE of a process.
func limitFiles(pid, count int) error {
	text, err := exec.Command("prlimit", "--pid", strconv.Itoa(pid), fmt.Sprintf("--nofile=%d:20000", count)).CombinedOutput()
	if err != nil {
		return fmt.Errorf("prlimit: %w: %s", err, text)
	}
	return nil
}
