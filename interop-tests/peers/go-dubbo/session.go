package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"time"

	"dubbo.apache.org/dubbo-go/v3/client"
	"dubbo.apache.org/dubbo-go/v3/common/constant"
	"dubbo.apache.org/dubbo-go/v3/common/extension"
	"dubbo.apache.org/dubbo-go/v3/filter"
	_ "dubbo.apache.org/dubbo-go/v3/imports"
	"dubbo.apache.org/dubbo-go/v3/protocol/base"
	answered "dubbo.apache.org/dubbo-go/v3/protocol/result"
	"dubbo.apache.org/dubbo-go/v3/remoting/getty"
	"github.com/dubbogo/gost/log/logger"
)

const (
	interface_name    = shop_package + "InteropService"
	attachment_prefix = "x-koine-"
	answer_filter     = "koine-interop-answers"
	message_bytes_max = 8 << 20 // as Java's; the library's own is less than 1 MiB
)

func init() {
	// What the library logs goes where it already writes, standard output, which is the runner's: that name is given to another file.
	results, err := syscall.Dup(1)
	must(err)
	must(syscall.Dup3(2, 1, 0))
	os.Stdout = os.NewFile(uintptr(results), "results")
	logger.SetLoggerLevel("error")
	longer := getty.GetDefaultClientConfig()
	longer.GettySessionParam.MaxMsgLen = message_bytes_max
	getty.SetClientConf(*longer)
	serving := getty.GetDefaultServerConfig()
	serving.GettySessionParam.MaxMsgLen = message_bytes_max
	getty.SetServerConfig(*serving)
	extension.SetFilter(answer_filter, func() filter.Filter { return answers })
}

// answers is a filter that keeps the attachments of the last answer, which the library's calls do not give back.
var answers = &answerFilter{}

type answerFilter struct {
	mutex sync.Mutex
	last  map[string]any
}

func (f *answerFilter) Invoke(ctx context.Context, invoker base.Invoker, call base.Invocation) answered.Result {
	return invoker.Invoke(ctx, call)
}

func (f *answerFilter) OnResponse(_ context.Context, answer answered.Result, _ base.Invoker, _ base.Invocation) answered.Result {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.last = answer.Attachments()
	return answer
}

// taken are those of the last answer, and of its headers and trailers, that have one of these names.
func (f *answerFilter) taken(wanted map[string]any, fields ...http.Header) map[string]any {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	taken := map[string]any{}
	for name := range wanted {
		if value, ok := f.last[name]; ok {
			taken[name] = value
		}
		for _, all := range fields {
			if values := all.Values(name); len(values) > 0 {
				taken[name] = alone(values)
			}
		}
	}
	return taken
}

// marked are the attachments of the cases; others belong to the library.
func marked(all map[string]any) map[string]any {
	ours := map[string]any{}
	for name, value := range all {
		if strings.HasPrefix(name, attachment_prefix) {
			ours[name] = alone(value)
		}
	}
	return ours
}

// alone is the one text of a list: what Triple's headers are.
func alone(value any) any {
	if texts, ok := value.([]string); ok && len(texts) == 1 {
		return texts[0]
	}
	return value
}

// connections are the references to one target, which share a connection.
type connections struct {
	address string
	opened  map[string]*client.Connection
}

func options(address, group, version string) []client.ReferenceOption {
	all := []client.ReferenceOption{client.WithURL(url_scheme + "://" + address), client_protocol,
		client.WithSerialization(constant.Hessian2Serialization), client.WithIDL(constant.NONIDL), client.WithRetries(0),
		client.WithFilter(answer_filter), client.WithRequestTimeout(answer_limit)}
	if group != "" {
		all = append(all, client.WithGroup(group))
	}
	if version != "" {
		all = append(all, client.WithVersion(version))
	}
	return all
}

func (c *connections) of(group, version string) (*client.Connection, error) {
	key := group + ":" + version
	if opened := c.opened[key]; opened != nil {
		return opened, nil
	}
	caller, err := client.NewClient(client.WithClientNoCheck())
	if err != nil {
		return nil, err
	}
	opened, err := caller.Dial(interface_name, options(c.address, group, version)...)
	if err == nil {
		c.opened[key] = opened
	}
	return opened, err
}

// call makes one call; answer is a pointer to where the answer goes.
func (c *connections) call(ctx context.Context, method string, answer any, arguments ...any) error {
	opened, err := c.of("", "")
	if err != nil {
		return err
	}
	return opened.CallUnary(ctx, arguments, answer, method)
}

// remote is what the cases about the course of a call need.
type remote struct{ *connections }

func (r remote) greet(ctx context.Context) error {
	var answer string
	return r.call(ctx, "greet", &answer)
}

func (r remote) linger(ctx context.Context, nonce int64, waitMillis int32) (int64, error) {
	opened, err := r.of("", "")
	if err != nil {
		return 0, err
	}
	limit := answer_limit
	if end, ok := ctx.Deadline(); ok {
		limit = time.Until(end)
	}
	var answer int64
	err = opened.CallUnary(ctx, []any{nonce, waitMillis}, &answer, "linger", client.WithCallRequestTimeout(limit))
	return answer, err
}

func (r remote) stamp(ctx context.Context, nonce int64) (int64, error) {
	var answer int64
	err := r.call(ctx, "stamp", &answer, nonce)
	return answer, err
}

// post does not wait for an answer: so the library sends what is asynchronous and has nobody to call back.
func (r remote) post(ctx context.Context, nonce int64, note string) error {
	var answer any
	return r.call(context.WithValue(ctx, constant.AttachmentKey, map[string]any{constant.AsyncKey: "true"}), "post", &answer, nonce, note)
}

func (r remote) reset(ctx context.Context, nonce int64) error {
	var answer any
	return r.call(ctx, "reset", &answer, nonce)
}

func (r remote) seen(ctx context.Context, nonce int64) (sighting, error) {
	var answer *Seen
	if err := r.call(ctx, "seen", &answer, nonce); err != nil || answer == nil {
		return sighting{}, err
	}
	return sighting{posts: answer.Posts, resets: answer.Resets, started: answer.LingersStarted}, nil
}

// describe names an error the way the runner matches it.
func describe(err error) string { return fmt.Sprintf("%s: %s", reflect.TypeOf(err), err) }
