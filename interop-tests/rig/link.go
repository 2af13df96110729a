package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// A link is two network namespaces joined by a wire of ours: a TUN device at each end, and between them a program
// that loses, delays, repeats and reorders IP packets, or drops those of every connection that there is. What
// netem does in the kernel, where a kernel has it.

const (
	linkNear = "10.77.0.1" // the gateway's end
	linkFar  = "10.77.0.2" // the providers' end
)

// weather of a link: shares of packets, times of each packet.
type weather struct {
	loss, repeat, reorder float64
	delay, jitter         time.Duration
	forget                bool // packets of all connections known now are dropped, from now on
}

func (w weather) line() string {
	return fmt.Sprintf("%g %g %g %d %d %v\n", w.loss, w.repeat, w.reorder, w.delay, w.jitter, w.forget)
}

// lossyLink is a running `rig link`.
type lossyLink struct {
	*process
	control  io.Writer
	near     []string // a command line's beginning that runs the rest at that end
	far      []string
	controls *os.File
}

func startLink(folder string, mtu int) (*lossyLink, error) {
	if os.Geteuid() != 0 {
		return nil, errors.New("a link of our own needs root")
	}
	me, err := os.Executable()
	if err != nil {
		return nil, err
	}
	fifo := filepath.Join(folder, "link.control")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	_ = os.Remove(fifo)
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		return nil, err
	}
	p, err := startProcess("link", filepath.Join(folder, "link.log"),
		[]string{"unshare", "--net", me, "link", "--mtu", strconv.Itoa(mtu), "--control", fifo})
	if err != nil {
		return nil, err
	}
	control, err := os.OpenFile(fifo, os.O_WRONLY, 0)
	if err != nil {
		p.kill()
		return nil, err
	}
	enter := func(word string) []string { return []string{"nsenter", "--net=" + word} }
	return &lossyLink{p, control, enter(p.ready[0]), enter(p.ready[1]), control}, nil
}

func (l *lossyLink) set(w weather) { _, _ = io.WriteString(l.control, w.line()) }

func (l *lossyLink) close() {
	_ = l.controls.Close()
	l.kill()
}

// runLink: started in a namespace of its own, which becomes the near end; makes the far one.
func runLink(arguments []string) error {
	flags := flag.NewFlagSet("link", flag.ExitOnError)
	mtu := flags.Int("mtu", 1500, "of both ends")
	control := flags.String("control", "", "a FIFO with a weather a line")
	_ = flags.Parse(arguments)
	runtime.LockOSThread() // a thread has a namespace, a process does not
	near, err := linkEnd(linkNear, linkFar, *mtu)
	if err != nil {
		return err
	}
	nearName, err := namespaceName()
	if err != nil {
		return err
	}
	if err := syscall.Unshare(syscall.CLONE_NEWNET); err != nil {
		return err
	}
	far, err := linkEnd(linkFar, linkNear, *mtu)
	if err != nil {
		return err
	}
	farName, err := namespaceName()
	if err != nil {
		return err
	}
	w := &wire{}
	fmt.Printf("READY %s %s\n", nearName, farName)
	go w.carry(near, far)
	go w.carry(far, near)
	input, err := os.Open(*control)
	if err != nil {
		return err
	}
	scanner := bufio.NewScanner(input)
	for scanner.Scan() {
		var next weather
		if _, err := fmt.Sscan(scanner.Text(), &next.loss, &next.repeat, &next.reorder, &next.delay, &next.jitter, &next.forget); err != nil {
			return fmt.Errorf("%q: %w", scanner.Text(), err)
		}
		w.set(next)
	}
	return scanner.Err()
}

// namespaceName keeps the thread's namespace open, under a path that others can enter it by.
func namespaceName() (string, error) {
	fd, err := syscall.Open("/proc/thread-self/ns/net", syscall.O_RDONLY, 0)
	return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), fd), err
}

// linkEnd makes a TUN device in the thread's namespace.
func linkEnd(own, peer string, mtu int) (int, error) {
	fd, err := syscall.Open("/dev/net/tun", syscall.O_RDWR, 0)
	if err != nil {
		return 0, fmt.Errorf("/dev/net/tun: %w", err)
	}
	const iffTun, iffNoPi, tunSetIff = 0x0001, 0x1000, 0x400454ca
	var request struct {
		name  [16]byte
		flags uint16
		_     [22]byte
	}
	copy(request.name[:], "wire")
	request.flags = iffTun | iffNoPi
	if _, _, code := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), tunSetIff, uintptr(unsafe.Pointer(&request))); code != 0 {
		return 0, fmt.Errorf("TUNSETIFF: %w", code)
	}
	for _, line := range []string{
		"ip link set lo up",
		fmt.Sprintf("ip address add %s peer %s dev wire", own, peer),
		fmt.Sprintf("ip link set wire mtu %d txqueuelen 1000 up", mtu),
	} {
		words := strings.Fields(line)
		if text, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
			return 0, fmt.Errorf("%s: %w: %s", line, err, text)
		}
	}
	return fd, nil
}

// wire carries packets between two TUN devices.
type wire struct {
	mutex     sync.Mutex
	now       weather
	flows     map[uint32]bool // by both ports: seen
	forgotten map[uint32]bool
}

func (w *wire) set(next weather) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.now = next
	if next.forget {
		if w.forgotten == nil {
			w.forgotten = map[uint32]bool{}
		}
		for flow := range w.flows {
			w.forgotten[flow] = true
		}
	}
}

// passes says what becomes of a packet: how many copies, and how late.
func (w *wire) passes(packet []byte, flow uint32) (copies int, late time.Duration) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if flow != 0 {
		if w.flows == nil {
			w.flows = map[uint32]bool{}
		}
		w.flows[flow] = true
		if w.forgotten[flow] {
			return 0, 0
		}
	}
	if rand.Float64() < w.now.loss {
		return 0, 0
	}
	copies, late = 1, w.now.delay+time.Duration(rand.Float64()*float64(w.now.jitter))
	if rand.Float64() < w.now.repeat {
		copies = 2
	}
	if rand.Float64() < w.now.reorder {
		late += 2 * time.Millisecond
	}
	return copies, late
}

// flowOf: both ports of a TCP segment, the same in both directions; 0 for anything else.
func flowOf(packet []byte) uint32 {
	if len(packet) < 40 || packet[0]>>4 != 4 || packet[9] != syscall.IPPROTO_TCP {
		return 0
	}
	head := int(packet[0]&15) * 4
	if len(packet) < head+4 {
		return 0
	}
	source, target := uint32(binary.BigEndian.Uint16(packet[head:])), uint32(binary.BigEndian.Uint16(packet[head+2:]))
	return min(source, target)<<16 | max(source, target)
}

func (w *wire) carry(from, to int) {
	buffer := make([]byte, 1<<16)
	for {
		n, err := syscall.Read(from, buffer)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			fail("link: " + err.Error())
		}
		packet := append([]byte{}, buffer[:n]...)
		copies, late := w.passes(packet, flowOf(packet))
		for range copies {
			if late == 0 {
				_, _ = syscall.Write(to, packet)
			} else {
				time.AfterFunc(late, func() { _, _ = syscall.Write(to, packet) })
			}
		}
	}
}
