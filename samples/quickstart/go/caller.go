package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"koine.dev/quickstart/gen/delivery"
	"koine.dev/quickstart/gen/shop"
)

// call is a Go program that knows gRPC only, calling Java and PHP services on Thrift and Dubbo through the gateway.
func call(address string) error {
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	orders := shop.NewOrderServiceClient(connection)
	catalog := shop.NewCatalogServiceClient(connection)

	request := &shop.GetOrderRequest{Id: 7}
	started := time.Now()
	order, err := orders.GetOrder(ctx, request)
	ok := err == nil && order.Id == 7 && order.GetNote() == "Für Ada ☂" && len(order.Items) == 2 &&
		order.Items[0].PriceCents == 1_999_900 && order.Status == shop.OrderStatus_ORDER_STATUS_SHIPPED &&
		order.Tags["priority"] == "high"
	report("Java", "Thrift compact", "shop.OrderService/GetOrder", request, order, err, started, ok)

	// A declared Thrift exception arrives as a status with its details.
	missing := &shop.GetOrderRequest{Id: 404}
	started = time.Now()
	_, err = orders.GetOrder(ctx, missing)
	detail := notFound(err)
	ok = status.Code(err) == codes.NotFound && detail != nil && detail.Id == 404
	report("Java", "Thrift compact", "shop.OrderService/GetOrder", missing, detail, err, started, ok)

	wanted := &shop.FindRequest{Sku: "ENGINE-1"}
	started = time.Now()
	product, err := catalog.Find(ctx, wanted)
	ok = err == nil && product.Title == "Difference engine" && product.WeightKg == 4000.5 && len(product.Colours) == 1
	report("PHP", "Thrift binary", "shop.CatalogService/Find", wanted, product, err, started, ok)

	parcels := &delivery.EstimateRequest{
		Country: proto.String("FR"), Parcels: []*delivery.Parcel{{Sku: proto.String("CARD-50"), WeightKg: 6}},
	}
	started = time.Now()
	quote, err := delivery.NewDeliveryServiceClient(connection).Estimate(ctx, parcels)
	ok = err == nil && quote.GetPrice() == "7.50" && quote.GetDays() == 3 && len(quote.Carriers) == 1
	report("Java", "Dubbo2", "delivery.DeliveryService/Estimate", parcels, quote, err, started, ok)
	return nil
}

func notFound(err error) *shop.OrderNotFound {
	for _, detail := range status.Convert(err).Details() {
		if found, ok := detail.(*shop.OrderNotFound); ok {
			return found
		}
	}
	return nil
}

func report(provider, wireOut, method string, request, answer proto.Message, err error, started time.Time, ok bool) {
	line := map[string]any{
		"caller": "Go", "wire_in": "gRPC", "wire_out": wireOut, "provider": provider, "method": method,
		"request": raw(request), "answer": raw(answer), "elapsed_us": time.Since(started).Microseconds(), "ok": ok,
	}
	if err != nil {
		line["error"] = status.Code(err).String() + ": " + status.Convert(err).Message()
	}
	text, _ := json.Marshal(line)
	fmt.Println(string(text))
}

func raw(message proto.Message) json.RawMessage {
	if message == nil || !message.ProtoReflect().IsValid() {
		return json.RawMessage("null")
	}
	text, err := protojson.Marshal(message)
	if err != nil {
		return json.RawMessage("null")
	}
	return text
}
