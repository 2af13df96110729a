//go:build !triple

package main

import (
	"dubbo.apache.org/dubbo-go/v3/client"
	"dubbo.apache.org/dubbo-go/v3/protocol"
)

const (
	peer_name  = "go-dubbo"
	url_scheme = "dubbo"
)

var (
	client_protocol = client.WithProtocolDubbo()
	server_protocol = protocol.WithDubbo()
)
