package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"

	"google.golang.org/grpc"

	"koine.dev/quickstart/gen/stock"
)

// stockServer is an ordinary gRPC provider.
type stockServer struct {
	stock.UnimplementedStockServiceServer
}

func (stockServer) Reserve(_ context.Context, request *stock.ReserveRequest) (*stock.ReserveReply, error) {
	const onShelf = 7
	if request.Quantity > onShelf {
		return &stock.ReserveReply{Reserved: false, Left: onShelf}, nil
	}
	return &stock.ReserveReply{Reserved: true, Left: onShelf - request.Quantity, Shelves: []string{"A1", "B7"}}, nil
}

func serve(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	stock.RegisterStockServiceServer(server, stockServer{})
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-stop
		server.GracefulStop()
	}()
	fmt.Printf("READY %d\n", listener.Addr().(*net.TCPAddr).Port)
	return server.Serve(listener)
}
