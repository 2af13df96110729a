// An ordinary gRPC client. It takes Koine for the server.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"catalog/catalogpb"
)

func main() {
	connection, err := grpc.NewClient(os.Args[1], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	catalog := catalogpb.NewCatalogClient(connection)

	product, err := catalog.Find(ctx, &catalogpb.FindRequest{Sku: "CARD-50"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s, %g kg, %v, price known: %t\n", product.Title, product.WeightKg, product.Colours, product.PriceCents != nil)

	_, err = catalog.Find(ctx, &catalogpb.FindRequest{Sku: "CARD-60"})
	fmt.Println(status.Code(err), "-", status.Convert(err).Message())
	for _, detail := range status.Convert(err).Details() {
		if missing, ok := detail.(*catalogpb.NoSuchProduct); ok {
			fmt.Println("but there is", missing.Alike)
		}
	}
}
