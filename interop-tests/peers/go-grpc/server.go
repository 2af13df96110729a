package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/emptypb"

	"koine.dev/interop/go-grpc/gen/contractpb"
)

// provider implements InteropService: it checks what it received against the
// case and answers the case's other value.
type provider struct {
	contractpb.UnimplementedInteropServiceServer
	mutex sync.Mutex
	seen  map[int64]*sighting
}

// serve listens on 127.0.0.1 until SIGTERM or SIGINT.
func serve(port int, _ string) error {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	contractpb.RegisterInteropServiceServer(server, &provider{seen: map[int64]*sighting{}})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		server.Stop()
	}()
	fmt.Printf("READY %d\n", listener.Addr().(*net.TCPAddr).Port)
	return server.Serve(listener)
}

// check compares a received value with the sample's request and returns its answer.
func check[T proto.Message](samples []sample[T], name string, received T) (T, error) {
	for _, s := range samples {
		if s.name == name {
			return named(s.answer, name+".answer"), expect(name, render(received), render(named(s.request, name)))
		}
	}
	var none T
	return none, mismatch(name, "an unknown case", "a case of this method")
}

// mismatch ends a call as any error of an application does: grpc-go makes UNKNOWN of it.
func mismatch(name, got, want string) error {
	return fmt.Errorf("%.2000s", name+": got "+got+" want "+want)
}

func expect(name string, got, want any) error {
	if g, w := text(got), text(want); g != w {
		return mismatch(name, g, w)
	}
	return nil
}

func (p *provider) CheckNumbers(_ context.Context, r *contractpb.Numbers) (*contractpb.Numbers, error) {
	return check(numberSamples, r.CaseId, r)
}

func (p *provider) CheckBlob(_ context.Context, r *contractpb.Blob) (*contractpb.Blob, error) {
	return check(blobSamples, r.CaseId, r)
}

func (p *provider) CheckRepeats(_ context.Context, r *contractpb.Repeats) (*contractpb.Repeats, error) {
	return check(repeatSamples, r.CaseId, r)
}

func (p *provider) CheckDictionaries(_ context.Context, r *contractpb.Dictionaries) (*contractpb.Dictionaries, error) {
	return check(dictionarySamples, r.CaseId, r)
}

func (p *provider) PlacePurchase(_ context.Context, r *contractpb.Purchase) (*contractpb.Purchase, error) {
	return check(purchaseSamples, r.CaseId, r)
}

func (p *provider) Grow(_ context.Context, r *contractpb.TreeNode) (*contractpb.TreeNode, error) {
	return check(treeSamples, map[string]string{"n0": "recursive_chain", "root": "recursive_bush"}[r.Label], r)
}

func (p *provider) CheckPresence(_ context.Context, r *contractpb.Presence) (*contractpb.Presence, error) {
	return check(presenceSamples, r.CaseId, r)
}

func (p *provider) Coat(_ context.Context, r *contractpb.Coating) (*contractpb.Coating, error) {
	return check(coatingSamples, r.CaseId, r)
}

func (p *provider) Select(_ context.Context, r *contractpb.Selection) (*contractpb.Selection, error) {
	return check(selectionSamples, r.CaseId, r)
}

func (p *provider) CheckMoments(_ context.Context, r *contractpb.Moments) (*contractpb.Moments, error) {
	return check(momentSamples, r.CaseId, r)
}

func (p *provider) Several(_ context.Context, r *contractpb.SeveralRequest) (*contractpb.TextReply, error) {
	return severalAnswer, expect("several_arguments", render(r), render(severalRequest))
}

func (p *provider) Add(_ context.Context, r *contractpb.AddRequest) (*contractpb.AddReply, error) {
	return addAnswer, expect("bare_result", render(r), render(addRequest))
}

func (p *provider) ListNames(_ context.Context, r *contractpb.ListNamesRequest) (*contractpb.ListNamesReply, error) {
	return namesAnswer, expect("bare_list_result", render(r), render(namesRequest))
}

func (p *provider) Greet(_ context.Context, r *emptypb.Empty) (*contractpb.TextReply, error) {
	return greetAnswer, expect("no_arguments", render(r), render(&emptypb.Empty{}))
}

func (p *provider) note(nonce int64, change func(*sighting)) sighting {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	entry := p.seen[nonce]
	if entry == nil {
		entry = &sighting{}
		p.seen[nonce] = entry
	}
	change(entry)
	return *entry
}

func (p *provider) Reset(_ context.Context, r *contractpb.NonceMessage) (*emptypb.Empty, error) {
	p.note(r.Nonce, func(s *sighting) { s.resets++ })
	return &emptypb.Empty{}, nil
}

func (p *provider) Post(_ context.Context, r *contractpb.PostRequest) (*emptypb.Empty, error) {
	if r.Note == postNote {
		p.note(r.Nonce, func(s *sighting) { s.posts++ })
	}
	return &emptypb.Empty{}, nil
}

func (p *provider) Seen(_ context.Context, r *contractpb.NonceMessage) (*contractpb.Sightings, error) {
	s := p.note(r.Nonce, func(*sighting) {})
	return &contractpb.Sightings{Posts: s.posts, Resets: s.resets, LingersStarted: s.started, LingersCancelled: s.cancelled}, nil
}

func (p *provider) Fail(_ context.Context, r *contractpb.FailRequest) (*contractpb.Ticket, error) {
	switch r.CaseId {
	case "undeclared_failure":
		return nil, errors.New(deliberateText)
	case "no_exception":
		return ticketAnswer, nil
	}
	failure, ok := failing[r.CaseId]
	if !ok {
		return nil, mismatch(r.CaseId, "an unknown case", "a case of this method")
	}
	ending, err := status.New(failure.code, failure.message).WithDetails(protoadapt.MessageV1Of(failure.detail))
	if err != nil {
		return nil, err
	}
	return nil, ending.Err()
}

func (p *provider) Linger(ctx context.Context, r *contractpb.LingerRequest) (*contractpb.NonceMessage, error) {
	p.note(r.Nonce, func(s *sighting) { s.started++ })
	select {
	case <-ctx.Done():
		p.note(r.Nonce, func(s *sighting) { s.cancelled++ })
		return nil, status.FromContextError(ctx.Err()).Err()
	case <-time.After(time.Duration(r.WaitMillis) * time.Millisecond):
		return &contractpb.NonceMessage{Nonce: ^r.Nonce}, nil
	}
}

func (p *provider) ExchangeMetadata(ctx context.Context, r *contractpb.NonceMessage) (*contractpb.NonceMessage, error) {
	received, _ := metadata.FromIncomingContext(ctx)
	if err := expect("metadata_roundtrip", marked(received), marked(callerEntries)); err != nil {
		return nil, err
	}
	if err := errors.Join(grpc.SetHeader(ctx, answerHeaders), grpc.SetTrailer(ctx, answerTrailers)); err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &contractpb.NonceMessage{Nonce: ^r.Nonce}, nil
}

func (p *provider) Stamp(_ context.Context, r *contractpb.NonceMessage) (*contractpb.NonceMessage, error) {
	return &contractpb.NonceMessage{Nonce: ^r.Nonce}, nil
}
