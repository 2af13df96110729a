// An ordinary gRPC server. It knows nothing of Koine.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"stock/stockpb"
)

type stock struct{ stockpb.UnimplementedStockServer }

func (stock) Reserve(_ context.Context, request *stockpb.ReserveRequest) (*stockpb.ReserveReply, error) {
	const onShelf = 7
	if request.Quantity > onShelf {
		return nil, status.Errorf(codes.FailedPrecondition, "only %d of %s left", onShelf, request.Sku)
	}
	held := time.Date(2027, 1, 4, 12, 0, 0, 0, time.UTC)
	return &stockpb.ReserveReply{
		Left: onShelf - request.Quantity, Shelves: []string{"A1", "B7"}, HeldUntil: timestamppb.New(held),
	}, nil
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	stockpb.RegisterStockServer(server, stock{})
	fmt.Println("READY", listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(server.Serve(listener))
}
