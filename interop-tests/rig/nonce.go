package main

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// A job carries a nonce that is used once in a run, a payload made from it, and the payload's CRC32C. Its
// answer carries the nonce inverted and another payload made from it. So an answer says by itself whose it is
// and whether it is whole.

const payloadMax = 64 << 10

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// noise is where payloads are cut from: fixed pseudo-random bytes.
var noise = func() []byte {
	source := rand.New(rand.NewPCG(0x6b6f696e65, 1))
	block := make([]byte, 2*payloadMax+8)
	for i := 0; i+8 <= len(block); i += 8 {
		binary.LittleEndian.PutUint64(block[i:], source.Uint64())
	}
	return block
}()

func spread(nonce int64) uint64 {
	x := uint64(nonce) * 0x9e3779b97f4a7c15
	x ^= x >> 29
	return x * 0xbf58476d1ce4e5b9
}

// payloadOf is `size` bytes that belong to `nonce` and to no other.
func payloadOf(nonce int64, size int) []byte {
	size = min(max(size, 16), payloadMax)
	payload := make([]byte, size)
	copy(payload, noise[spread(nonce)%payloadMax:])
	binary.LittleEndian.PutUint64(payload, uint64(nonce))
	binary.LittleEndian.PutUint64(payload[size-8:], ^uint64(nonce))
	return payload
}

// job and answer are the messages of all four schemas.
type job struct {
	nonce       int64
	crc         uint32
	payload     []byte
	answerBytes int32
	delayMillis int32
}

type answer struct {
	nonce    int64
	crc      uint32
	payload  []byte
	provider int32
}

func newJob(nonce int64, size, answerSize, delayMillis int) job {
	payload := payloadOf(nonce, size)
	return job{nonce, crc32.Checksum(payload, castagnoli), payload, int32(answerSize), int32(delayMillis)}
}

// whole says whether a job arrived as it was sent.
func (j job) whole() error {
	if got := crc32.Checksum(j.payload, castagnoli); got != j.crc {
		return fmt.Errorf("job %x: checksum %08x, its payload has %08x", j.nonce, j.crc, got)
	}
	if want := payloadOf(j.nonce, len(j.payload)); string(want) != string(j.payload) {
		return fmt.Errorf("job %x: the payload of another job", j.nonce)
	}
	return nil
}

func answerTo(j job, provider int32) answer {
	nonce := ^j.nonce
	payload := payloadOf(nonce, int(j.answerBytes))
	return answer{nonce, crc32.Checksum(payload, castagnoli), payload, provider}
}

type answerKind int

const (
	answerRight answerKind = iota
	answerSwapped
	answerCorrupt
)

// judge compares an answer with the job that it came back for. Swapped: whole and consistent, and another
// job's.
func judge(j job, a answer) answerKind {
	consistent := len(a.payload) >= 16 && crc32.Checksum(a.payload, castagnoli) == a.crc &&
		string(payloadOf(a.nonce, len(a.payload))) == string(a.payload)
	switch {
	case !consistent:
		return answerCorrupt
	case a.nonce != ^j.nonce:
		return answerSwapped
	case len(a.payload) != min(max(int(j.answerBytes), 16), payloadMax):
		return answerCorrupt
	}
	return answerRight
}

// ledger counts executions: a shared file of one number a nonce, which outlives every provider.
type ledger struct {
	cells []uint32
	bytes []byte
}

const (
	ledgerCells   = 32 << 20 // sparse: only what is used takes room
	ledgerCount   = 0xffff
	ledgerSpoiled = 1 << 16 // the provider spoiled this answer on purpose
)

func openLedger(path string) (*ledger, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if err := file.Truncate(ledgerCells * 4); err != nil {
		return nil, err
	}
	bytes, err := syscall.Mmap(int(file.Fd()), 0, ledgerCells*4, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &ledger{unsafe.Slice((*uint32)(unsafe.Pointer(&bytes[0])), ledgerCells), bytes}, nil
}

func (l *ledger) cell(nonce int64) *uint32 { return &l.cells[uint64(nonce)%ledgerCells] }
func (l *ledger) execute(nonce int64)      { atomic.AddUint32(l.cell(nonce), 1) }
func (l *ledger) spoil(nonce int64)        { atomic.OrUint32(l.cell(nonce), ledgerSpoiled) }
func (l *ledger) executions(nonce int64) int {
	return int(atomic.LoadUint32(l.cell(nonce)) & ledgerCount)
}
func (l *ledger) spoiled(nonce int64) bool {
	return atomic.LoadUint32(l.cell(nonce))&ledgerSpoiled != 0
}
func (l *ledger) close() { _ = syscall.Munmap(l.bytes) }
