//go:build triple

package main

import (
	"dubbo.apache.org/dubbo-go/v3/client"
	"dubbo.apache.org/dubbo-go/v3/protocol"
)

const (
	peer_name  = "go-triple"
	url_scheme = "tri"
)

var (
	client_protocol = client.WithProtocolTriple()
	server_protocol = protocol.WithTriple()
)
