package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/apache/thrift/lib/go/thrift"
)

// concurrentCaller: Apache's concurrent C++ client (concurrent.cc), any number of calls at once on one connection.
type concurrentCaller struct {
	command *exec.Cmd
	input   io.WriteCloser
	writing sync.Mutex
	mutex   sync.Mutex
	waiting map[uint64]chan heard
	next    uint64
	ended   error
}

type heard struct {
	answer answer
	err    error
}

func newConcurrentCaller(address, service string) (*concurrentCaller, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	own, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &concurrentCaller{command: exec.Command(filepath.Join(filepath.Dir(own), "concurrent"), host, port, service), waiting: map[uint64]chan heard{}}
	c.command.Stderr = os.Stderr
	c.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if c.input, err = c.command.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := c.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.command.Start(); err != nil {
		return nil, err
	}
	reader := bufio.NewReader(output)
	if line, err := reader.ReadString('\n'); err != nil {
		_ = c.command.Wait()
		return nil, fmt.Errorf("the concurrent client did not start: %q", line)
	}
	go c.read(reader)
	return c, nil
}

func (c *concurrentCaller) close() {
	_ = c.input.Close()
	_ = c.command.Wait()
}

func (c *concurrentCaller) call(_ context.Context, _ string, j job) (answer, error) {
	done := make(chan heard, 1)
	c.mutex.Lock()
	if c.ended != nil {
		c.mutex.Unlock()
		return answer{}, c.ended
	}
	c.next++
	id := c.next
	c.waiting[id] = done
	c.mutex.Unlock()
	var content bytes.Buffer
	for _, number := range []any{uint32(8 + 8 + 8 + 4 + 4 + len(j.payload)), id, j.nonce, int64(j.crc), j.answerBytes, j.delayMillis} {
		_ = binary.Write(&content, binary.LittleEndian, number)
	}
	content.Write(j.payload)
	c.writing.Lock()
	_, err := c.input.Write(content.Bytes())
	c.writing.Unlock()
	if err != nil {
		return answer{}, err
	}
	r := <-done
	return r.answer, r.err
}

func (c *concurrentCaller) read(reader io.Reader) {
	for {
		id, r, err := readHeard(reader)
		c.mutex.Lock()
		if err != nil {
			c.ended = fmt.Errorf("the concurrent client ended: %w", err)
			for _, done := range c.waiting {
				done <- heard{err: c.ended}
			}
			c.waiting = nil
			c.mutex.Unlock()
			return
		}
		done := c.waiting[id]
		delete(c.waiting, id)
		c.mutex.Unlock()
		done <- r
	}
}

func readHeard(reader io.Reader) (uint64, heard, error) {
	var size uint32
	if err := binary.Read(reader, binary.LittleEndian, &size); err != nil {
		return 0, heard{}, err
	}
	content := make([]byte, size)
	if _, err := io.ReadFull(reader, content); err != nil {
		return 0, heard{}, err
	}
	at := bytes.NewReader(content)
	var head struct {
		ID   uint64
		Kind uint8
	}
	_ = binary.Read(at, binary.LittleEndian, &head)
	switch head.Kind {
	case 0:
		var got struct {
			Nonce, Crc int64
			Provider   int32
		}
		_ = binary.Read(at, binary.LittleEndian, &got)
		payload, _ := io.ReadAll(at)
		return head.ID, heard{answer: answer{got.Nonce, uint32(got.Crc), payload, got.Provider}}, nil
	case 1:
		var kind int32
		_ = binary.Read(at, binary.LittleEndian, &kind)
		text, _ := io.ReadAll(at)
		return head.ID, heard{err: thrift.NewTApplicationException(kind, string(text))}, nil
	}
	text, _ := io.ReadAll(at)
	return head.ID, heard{err: errors.New(string(text))}, nil
}
