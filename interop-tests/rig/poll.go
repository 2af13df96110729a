package main

import (
	"syscall"
	"unsafe"
)

type pollFd struct {
	fd      int32
	events  int16
	revents int16
}

const pollRdHup = 0x2000

// poll looks, without waiting.
func poll(states []pollFd) int {
	n, _, _ := syscall.Syscall(syscall.SYS_POLL, uintptr(unsafe.Pointer(&states[0])), uintptr(len(states)), 0)
	return int(n)
}
