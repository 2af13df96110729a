package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// service is one entry of the gateway's configuration.
type service struct {
	name        string // of rig.thrift or rig.proto, lower case in the configuration
	protocol    string // grpc, framed-binary, framed-compact, …
	endpoints   []string
	timeout     time.Duration
	connections int
	pipelined   int
	concurrency int
	idleClose   time.Duration
}

type gatewayConfig struct {
	services   []service
	limits     map[string]string
	workers    int
	drain      time.Duration
	sabotage   string
	wrapper    []string // put before the command line: prlimit …
	bind       string
	admin      string
	extra      []string // flags of `koine serve`
	schemaless bool
	env        []string
}

func (c gatewayConfig) yaml(folder string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "schemas: { files: [%q, %q] }\n", filepath.Join(folder, "rig.thrift"), filepath.Join(folder, "rig.proto"))
	fmt.Fprintf(&b, "listeners:\n  - bind: %q\n", orElse(c.bind, "127.0.0.1:0"))
	b.WriteString("services:\n")
	for _, s := range c.services {
		protocol, transport, encoding := s.protocol, "", ""
		if protocol != "grpc" {
			transport, encoding, _ = strings.Cut(protocol, "-")
			if transport == "buffered" {
				transport = "unframed"
			}
			protocol = "thrift"
		}
		fmt.Fprintf(&b, "  - name: %s\n    interface: %s\n    protocol: %s\n", strings.ToLower(s.name), interfaceOf(s.name), protocol)
		if protocol == "thrift" {
			fmt.Fprintf(&b, "    thrift: { transport: %s, encoding: %s, pipelined: %d }\n", transport, encoding, max(s.pipelined, 1))
		}
		fmt.Fprintf(&b, "    endpoints: [%s]\n", quoteAll(s.endpoints))
		if s.connections > 0 {
			fmt.Fprintf(&b, "    connections_max: %d\n", s.connections)
		}
		if s.idleClose > 0 {
			fmt.Fprintf(&b, "    idle_close: %dms\n", s.idleClose.Milliseconds())
		}
		if s.timeout > 0 {
			fmt.Fprintf(&b, "    policies: { timeout: %dms, limits: { concurrency: %d } }\n", s.timeout.Milliseconds(), s.concurrency)
		}
	}
	fmt.Fprintf(&b, "admin: %q\naccess_log: %q\n", orElse(c.admin, "127.0.0.1:0"), filepath.Join(folder, "access.log"))
	if c.workers > 0 {
		fmt.Fprintf(&b, "workers: %d\n", c.workers)
	}
	if c.drain > 0 {
		fmt.Fprintf(&b, "drain_timeout: %dms\n", c.drain.Milliseconds())
	}
	if len(c.limits) > 0 {
		b.WriteString("limits:\n")
		for name, value := range c.limits {
			fmt.Fprintf(&b, "  %s: %s\n", name, value)
		}
	}
	return b.String()
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func quoteAll(texts []string) string {
	var quoted []string
	for _, t := range texts {
		quoted = append(quoted, strconv.Quote(t))
	}
	return strings.Join(quoted, ", ")
}

// gateway is a running Koine.
type gateway struct {
	*process
	folder  string
	address string
	admin   string
	web     http.Client
}

// startGateway writes the configuration into `folder`, beside the rig's schemas, and serves it.
func startGateway(binary, schemas, folder string, c gatewayConfig) (*gateway, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	for _, name := range []string{"rig.thrift", "rig.proto"} {
		text, err := os.ReadFile(filepath.Join(schemas, name))
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
			return nil, err
		}
	}
	g := &gateway{folder: folder, web: http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}}
	_ = os.Remove(g.accessPath())
	if err := g.configure(c); err != nil {
		return nil, err
	}
	return g, g.start(binary, c)
}

// start runs the binary on the configuration that is there.
func (g *gateway) start(binary string, c gatewayConfig) error {
	line := append(append([]string{}, c.wrapper...), binary, "serve", "-c", g.configPath())
	if c.sabotage != "" {
		line = append(line, "--sabotage", c.sabotage)
	}
	p, err := startProcess("koine", filepath.Join(g.folder, "koine.log"), line, c.env...)
	if err != nil {
		return err
	}
	g.process, g.address = p, p.ready[0]
	for _, word := range p.ready {
		if admin, found := strings.CutPrefix(word, "admin="); found {
			g.admin = admin
		}
	}
	if path, isUnix := strings.CutPrefix(g.admin, "unix:"); isUnix {
		g.admin = "localhost"
		g.web.Transport = &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}}
	}
	return nil
}

func (g *gateway) configPath() string { return filepath.Join(g.folder, "koine.yaml") }
func (g *gateway) accessPath() string { return filepath.Join(g.folder, "access.log") }

// configure replaces the file, whole, as an operator's tool should.
func (g *gateway) configure(c gatewayConfig) error {
	next := g.configPath() + ".next"
	if err := os.WriteFile(next, []byte(c.yaml(g.folder)), 0o644); err != nil {
		return err
	}
	return os.Rename(next, g.configPath())
}

func (g *gateway) reload() { g.signal(syscall.SIGHUP) }

// isReady: new calls are welcome.
func (g *gateway) isReady() bool {
	response, err := g.web.Get("http://" + g.admin + "/health/ready")
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

func (g *gateway) page(path string) (string, error) {
	response, err := g.web.Get("http://" + g.admin + path)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

// metrics: every sample by its name with labels, as written.
func (g *gateway) metrics() (map[string]float64, error) {
	text, err := g.page("/metrics")
	if err != nil {
		return nil, err
	}
	samples := map[string]float64{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if cut := strings.LastIndexByte(strings.TrimSpace(line), ' '); cut > 0 {
			samples[line[:cut]], _ = strconv.ParseFloat(strings.TrimSpace(line[cut:]), 64)
		}
	}
	return samples, nil
}

// metric adds up the samples of one name whose labels hold all of `labels`.
func (g *gateway) metric(name string, labels ...string) float64 {
	samples, err := g.metrics()
	if err != nil {
		return -1
	}
	return sumSamples(samples, name, labels...)
}

func sumSamples(samples map[string]float64, name string, labels ...string) float64 {
	total := 0.0
	for sample, value := range samples {
		base, rest, _ := strings.Cut(sample, "{")
		matches := base == name
		for _, label := range labels {
			matches = matches && strings.Contains(rest, label)
		}
		if matches {
			total += value
		}
	}
	return total
}

// accessLine is a line of the access log, as far as the rig looks at it.
type accessLine struct {
	Time       string `json:"time"`
	Service    string `json:"service"`
	Method     string `json:"method"`
	Caller     string `json:"caller"`
	Provider   string `json:"provider"`
	Code       string `json:"code"`
	Origin     string `json:"origin"`
	Reason     string `json:"reason"`
	Message    string `json:"message"`
	DurationUs int64  `json:"duration_us"`
	Endpoint   string `json:"endpoint"`
	Snapshot   int64  `json:"snapshot"`
}

// ofFlood: no call of the load's.
func (l accessLine) ofFlood() bool {
	// A call that was refused before its route was known has the name that it came with.
	name := l.Service[strings.LastIndexByte(l.Service, '.')+1:]
	return name == "" || strings.EqualFold(name, floodService) || l.Method == pourMethod
}

// accessLog goes through the lines that there are.
func (g *gateway) accessLog(each func(accessLine)) error {
	file, err := os.Open(g.accessPath())
	if err != nil {
		return err
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for number := 1; scanner.Scan(); number++ {
		var line accessLine
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			return fmt.Errorf("%s:%d: %w", g.accessPath(), number, err)
		}
		each(line)
	}
	return scanner.Err()
}
