// The constraint of dynamicgo's native code: without it this must not be measured, so without it this does not build.
//go:build amd64 && !go1.26

// dynamicgo: the contender of bench/transcode_dynamicgo that is not Koine; the other one is transcode_files.
//
//	dynamicgo IDL DIR SHAPE…   reads DIR/<shape>.binary and .protobuf, writes DIR/<shape>.json, and takes commands:
//	  write ROW FILE           translates each message of the row ("order/binary/json") into the file; "ok"
//	  run ROW MILLISECONDS     translates the row's messages over and over for that long of CPU time of the whole
//	                           process, the garbage collector's with it; nanoseconds per message
//
// The conversions are BinaryConv's of conv/t2j, j2t, p2j and j2p with buffers that are used again. In a file each
// message comes behind its length, 4 bytes, little endian.
package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"github.com/cloudwego/dynamicgo/conv"
	"github.com/cloudwego/dynamicgo/conv/j2p"
	"github.com/cloudwego/dynamicgo/conv/j2t"
	"github.com/cloudwego/dynamicgo/conv/p2j"
	"github.com/cloudwego/dynamicgo/conv/t2j"
	"github.com/cloudwego/dynamicgo/meta"
	"github.com/cloudwego/dynamicgo/proto"
	protobinary "github.com/cloudwego/dynamicgo/proto/binary"
	"github.com/cloudwego/dynamicgo/thrift"
)

// One message; what it returns is valid until the next call.
type translate func(in []byte) ([]byte, error)

var types = map[string]string{"order": "Order", "order_1k": "Order", "order_10k": "Order", "flat": "Flat",
	"texts": "Texts", "deep": "Node", "maps": "Maps", "sparse": "Sparse"}

type idl struct {
	thrift map[string]*thrift.ServiceDescriptor
	proto  map[string]*proto.ServiceDescriptor
}

func readText(directory, name string) (string, error) {
	text, err := os.ReadFile(filepath.Join(directory, name))
	return string(text), err
}

// dynamicgo gives descriptors of what services take: each file gets a service with a method per type. It does not
// know that JSON's names are in camel case for Thrift, nor cpp's references.
func readIDL(directory string) (idl, error) {
	read := idl{map[string]*thrift.ServiceDescriptor{}, map[string]*proto.ServiceDescriptor{}}
	ctx := context.Background()
	for file, names := range map[string][]string{"order": {"Order"},
		"shapes": {"Flat", "Texts", "Node", "Maps", "Sparse"}} {
		ofThrift, ofProto := "\nservice Bench {\n", "\nservice Bench {\n"
		for _, name := range names {
			ofThrift += fmt.Sprintf("  %s Get%s(1: %s one)\n", name, name, name)
			ofProto += fmt.Sprintf("  rpc Get%s(%s) returns (%s);\n", name, name, name)
		}
		text, err := readText(directory, file+".thrift")
		if err != nil {
			return idl{}, err
		}
		text = strings.NewReplacer("price_cents", "priceCents", "Node& ", "Node ").Replace(text) + ofThrift + "}\n"
		options := thrift.Options{ParseServiceMode: meta.LastServiceOnly}
		read.thrift[file], err = options.NewDescritorFromContent(ctx, file+".thrift", text, nil, false)
		if err != nil {
			return idl{}, err
		}
		if text, err = readText(directory, file+".proto"); err != nil {
			return idl{}, err
		}
		read.proto[file], err = proto.NewDescritorFromContent(ctx, file+".proto", text+ofProto+"}\n",
			map[string]string{})
		if err != nil {
			return idl{}, err
		}
	}
	return read, nil
}

func file(name string) string {
	if name == "Order" {
		return "order"
	}
	return "shapes"
}

func (read idl) thriftType(name string) (*thrift.TypeDescriptor, error) {
	method, err := read.thrift[file(name)].LookupFunctionByMethod("Get" + name)
	if err != nil {
		return nil, err
	}
	return method.Request().Struct().FieldById(1).Type(), nil
}

// int64String: 64-bit integers are written as ProtoJSON has them, and as a plan writes them.
func (read idl) make(name, from, to string, int64String bool) (translate, error) {
	ctx := context.Background()
	thriftType, err := read.thriftType(name)
	if err != nil {
		return nil, err
	}
	protoType := read.proto[file(name)].LookupMethodByName("Get" + name).Input()
	writing := conv.Options{Int642String: int64String}
	out := make([]byte, 0, 1<<20)
	switch from + "/" + to {
	case "binary/json":
		convert := t2j.NewBinaryConv(writing)
		return func(in []byte) ([]byte, error) {
			out = out[:0]
			err := convert.DoInto(ctx, thriftType, in, &out)
			return out, err
		}, nil
	case "json/binary":
		convert := j2t.NewBinaryConv(conv.Options{})
		return func(in []byte) ([]byte, error) {
			out = out[:0]
			err := convert.DoInto(ctx, thriftType, in, &out)
			return out, err
		}, nil
	case "protobuf/json":
		convert := p2j.NewBinaryConv(writing)
		return func(in []byte) ([]byte, error) {
			out = out[:0]
			err := convert.DoInto(ctx, protoType, in, &out)
			return out, err
		}, nil
	case "json/protobuf":
		convert := j2p.NewBinaryConv(conv.Options{})
		// It writes to a buffer of its own, from a pool to which it gives none back, and looks only whether the one
		// it is handed is large enough. So its pool gets the last message's from here.
		handed, last := out, &protobinary.BinaryProtocol{Buf: make([]byte, 0, 1<<20)}
		return func(in []byte) ([]byte, error) {
			last.Recycle()
			out = handed[:0]
			err := convert.DoInto(ctx, protoType, in, &out)
			last.Buf = out
			return out, err
		}, nil
	}
	return nil, fmt.Errorf("%s to %s is not measured", from, to)
}

func readMessages(path string) ([][]byte, error) {
	bytes, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var messages [][]byte
	for len(bytes) > 0 {
		size := 4 + int(binary.LittleEndian.Uint32(bytes))
		messages = append(messages, append([]byte(nil), bytes[4:size]...))
		bytes = bytes[size:]
	}
	return messages, nil
}

func write(path string, convert translate, messages [][]byte) error {
	var bytes []byte
	for _, message := range messages {
		out, err := convert(message)
		if err != nil {
			return err
		}
		bytes = append(binary.LittleEndian.AppendUint32(bytes, uint32(len(out))), out...)
	}
	return os.WriteFile(path, bytes, 0o644)
}

// The clock of bench/contender.cc: CPU time of all threads.
func cpuNanoseconds() int64 {
	const processCPUTime = 2
	var now syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, processCPUTime, uintptr(unsafe.Pointer(&now)), 0)
	return now.Nano()
}

// As Contender::measure of bench/contender.cc.
func run(convert translate, messages [][]byte, milliseconds int64) (float64, error) {
	for _, message := range messages {
		if _, err := convert(message); err != nil {
			return 0, err
		}
	}
	var kept, passes, spent int64
	start := cpuNanoseconds()
	for batch := int64(1); spent < milliseconds*1000000; {
		for i := int64(0); i < batch; i++ {
			for _, message := range messages {
				out, _ := convert(message)
				kept += int64(len(out))
			}
		}
		passes += batch
		spent = cpuNanoseconds() - start
		if spent < milliseconds*100000 {
			batch *= 2
		}
	}
	if kept == 0 {
		return 0, fmt.Errorf("no bytes came out")
	}
	return float64(spent) / float64(passes*int64(len(messages))), nil
}

type row struct {
	convert  translate
	messages [][]byte
}

func makeRows(idlDirectory, directory string, shapes []string) (map[string]row, error) {
	read, err := readIDL(idlDirectory)
	if err != nil {
		return nil, err
	}
	rows := map[string]row{}
	for _, shape := range shapes {
		path := filepath.Join(directory, shape)
		messages := map[string][][]byte{}
		for _, format := range []string{"binary", "protobuf"} {
			if messages[format], err = readMessages(path + "." + format); err != nil {
				return nil, err
			}
		}
		// What is read: the text it writes for itself, enums and all integers as numbers. It takes nothing else for
		// protobuf, and for Thrift strings are no quicker.
		text, err := read.make(types[shape], "binary", "json", false)
		if err != nil {
			return nil, err
		}
		if err := write(path+".json", text, messages["binary"]); err != nil {
			return nil, err
		}
		if messages["json"], err = readMessages(path + ".json"); err != nil {
			return nil, err
		}
		for _, pair := range [][2]string{{"binary", "json"}, {"json", "binary"}, {"protobuf", "json"},
			{"json", "protobuf"}} {
			convert, err := read.make(types[shape], pair[0], pair[1], true)
			if err != nil {
				return nil, err
			}
			rows[shape+"/"+pair[0]+"/"+pair[1]] = row{convert, messages[pair[0]]}
		}
	}
	return rows, nil
}

func answer(rows map[string]row, words []string) (string, error) {
	if len(words) != 3 {
		return "", fmt.Errorf("usage: write ROW FILE | run ROW MILLISECONDS")
	}
	row, known := rows[words[1]]
	if !known {
		return "", fmt.Errorf("there is no row %s", words[1])
	}
	if words[0] == "write" {
		return "ok", write(words[2], row.convert, row.messages)
	}
	milliseconds, err := strconv.ParseInt(words[2], 10, 64)
	if err != nil {
		return "", err
	}
	nanoseconds, err := run(row.convert, row.messages, milliseconds)
	return fmt.Sprintf("%.2f", nanoseconds), err
}

func main() {
	runtime.GOMAXPROCS(1)
	giveUp := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, "dynamicgo:", err)
			os.Exit(1)
		}
	}
	if len(os.Args) < 4 {
		giveUp(fmt.Errorf("usage: dynamicgo IDL DIR SHAPE…"))
	}
	rows, err := makeRows(os.Args[1], os.Args[2], os.Args[3:])
	giveUp(err)
	fmt.Println("ready", runtime.Version())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		text, err := answer(rows, strings.Fields(lines.Text()))
		giveUp(err)
		fmt.Println(text)
	}
}
