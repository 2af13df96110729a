package main

import (
	"context"

	"github.com/apache/thrift/lib/go/thrift"

	"koine.dev/interop/go-thrift/gen/contract"
)

// badge is the struct of newer.thrift, written and read with the library's own
// protocols: the IDL compiler of the distribution knows no uuid.
type badge struct {
	CaseID string
	ID     thrift.Tuuid
	Parent *thrift.Tuuid
	Seen   []thrift.Tuuid
	Names  map[thrift.Tuuid]string
}

func uuid(text string) thrift.Tuuid { return thrift.Must(thrift.ParseTuuid(text)) }

// What is asked and what is answered, by the case's name.
var badgeSamples = map[string]struct{ request, answer badge }{
	"uuid": {
		badge{ID: uuid("00112233-4455-6677-8899-aabbccddeeff")},
		badge{ID: uuid("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), Parent: &thrift.Tuuid{}},
	},
	"uuid_containers": {
		badge{ID: uuid("00112233-4455-6677-8899-aabbccddeeff"),
			Seen:  []thrift.Tuuid{uuid("ffffffff-ffff-ffff-ffff-ffffffffffff"), {}},
			Names: map[thrift.Tuuid]string{uuid("01234567-89ab-cdef-0123-456789abcdef"): "one"}},
		badge{ID: uuid("ffffffff-ffff-ffff-ffff-ffffffffffff"),
			Seen:  []thrift.Tuuid{uuid("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")},
			Names: map[thrift.Tuuid]string{{}: "nobody", uuid("01234567-89ab-cdef-0123-456789abcdef"): "two"}},
	},
}

func (b badge) named(name string) badge {
	b.CaseID = name
	return b
}

func init() {
	addNewerCases = func(s *suite) {
		for name, sample := range badgeSamples {
			s.add(name, func() (any, any, error) {
				opened, err := s.shared()
				if err != nil {
					return nil, nil, err
				}
				arguments, result := badgeHolder{1, sample.request.named(name)}, badgeHolder{}
				_, err = opened.client.Call(context.Background(), "badge", &arguments, &result)
				return renderBadge(result.badge), renderBadge(sample.answer.named(name + ".answer")), err
			})
		}
	}
	addNewerMethods = func(processor *contract.InteropProcessor) { processor.AddToProcessorMap("badge", badgeFunction{}) }
}

func renderBadge(b badge) any {
	fields := map[string]any{"caseId": b.CaseID, "id": b.ID.String()}
	if b.Parent != nil {
		fields["parent"] = b.Parent.String()
	}
	if b.Seen != nil {
		seen := []string{}
		for _, one := range b.Seen {
			seen = append(seen, one.String())
		}
		fields["seen"] = seen
	}
	if b.Names != nil {
		names := map[string]string{}
		for one, name := range b.Names {
			names[one.String()] = name
		}
		fields["names"] = names
	}
	return fields
}

// badgeFunction serves the method: it checks what it received and answers the case's other value.
type badgeFunction struct{}

func (badgeFunction) Process(ctx context.Context, sequence int32, in, out thrift.TProtocol) (bool, thrift.TException) {
	var arguments badgeHolder
	if err := arguments.Read(ctx, in); err != nil {
		return false, thrift.WrapTException(err)
	}
	if err := in.ReadMessageEnd(ctx); err != nil {
		return false, thrift.WrapTException(err)
	}
	name := arguments.badge.CaseID
	sample := badgeSamples[name] // without a name of ours: the empty one, which nobody sends
	kind, answer := thrift.REPLY, thrift.TStruct(&badgeHolder{0, sample.answer.named(name + ".answer")})
	if got, due := text(renderBadge(arguments.badge)), text(renderBadge(sample.request.named(name))); got != due {
		kind = thrift.EXCEPTION
		answer = thrift.NewTApplicationException(thrift.INTERNAL_ERROR, mismatch(name, got, due).Error()).(thrift.TStruct)
	}
	for _, step := range []func() error{
		func() error { return out.WriteMessageBegin(ctx, "badge", kind, sequence) },
		func() error { return answer.Write(ctx, out) },
		func() error { return out.WriteMessageEnd(ctx) },
		func() error { return out.Flush(ctx) },
	} {
		if err := step(); err != nil {
			return false, thrift.WrapTException(err)
		}
	}
	return true, nil
}

// badgeHolder is the arguments struct (field 1) or the result struct (field 0).
type badgeHolder struct {
	id    int16
	badge badge
}

func (h *badgeHolder) Write(ctx context.Context, out thrift.TProtocol) error {
	return writeStruct(ctx, out, func() error {
		return writeField(ctx, out, thrift.STRUCT, h.id, func() error { return h.badge.write(ctx, out) })
	})
}

func (h *badgeHolder) Read(ctx context.Context, in thrift.TProtocol) error {
	return readStruct(ctx, in, func(kind thrift.TType, _ int16) error {
		if kind != thrift.STRUCT {
			return in.Skip(ctx, kind)
		}
		return h.badge.read(ctx, in)
	})
}

func writeStruct(ctx context.Context, out thrift.TProtocol, fields ...func() error) error {
	if err := out.WriteStructBegin(ctx, ""); err != nil {
		return err
	}
	for _, field := range fields {
		if err := field(); err != nil {
			return err
		}
	}
	if err := out.WriteFieldStop(ctx); err != nil {
		return err
	}
	return out.WriteStructEnd(ctx)
}

func writeField(ctx context.Context, out thrift.TProtocol, kind thrift.TType, id int16, value func() error) error {
	if err := out.WriteFieldBegin(ctx, "", kind, id); err != nil {
		return err
	}
	if err := value(); err != nil {
		return err
	}
	return out.WriteFieldEnd(ctx)
}

func readStruct(ctx context.Context, in thrift.TProtocol, field func(kind thrift.TType, id int16) error) error {
	if _, err := in.ReadStructBegin(ctx); err != nil {
		return err
	}
	for {
		_, kind, id, err := in.ReadFieldBegin(ctx)
		if err != nil {
			return err
		}
		if kind == thrift.STOP {
			return in.ReadStructEnd(ctx)
		}
		if err := field(kind, id); err != nil {
			return err
		}
		if err := in.ReadFieldEnd(ctx); err != nil {
			return err
		}
	}
}

func (b *badge) write(ctx context.Context, out thrift.TProtocol) error {
	fields := []func() error{
		func() error {
			return writeField(ctx, out, thrift.STRING, 1, func() error { return out.WriteString(ctx, b.CaseID) })
		},
		func() error {
			return writeField(ctx, out, thrift.UUID, 2, func() error { return out.WriteUUID(ctx, b.ID) })
		},
	}
	if b.Parent != nil {
		fields = append(fields, func() error {
			return writeField(ctx, out, thrift.UUID, 3, func() error { return out.WriteUUID(ctx, *b.Parent) })
		})
	}
	if b.Seen != nil {
		fields = append(fields, func() error {
			return writeField(ctx, out, thrift.LIST, 4, func() error { return b.writeSeen(ctx, out) })
		})
	}
	if b.Names != nil {
		fields = append(fields, func() error {
			return writeField(ctx, out, thrift.MAP, 5, func() error { return b.writeNames(ctx, out) })
		})
	}
	return writeStruct(ctx, out, fields...)
}

func (b *badge) writeSeen(ctx context.Context, out thrift.TProtocol) error {
	if err := out.WriteListBegin(ctx, thrift.UUID, len(b.Seen)); err != nil {
		return err
	}
	for _, one := range b.Seen {
		if err := out.WriteUUID(ctx, one); err != nil {
			return err
		}
	}
	return out.WriteListEnd(ctx)
}

func (b *badge) writeNames(ctx context.Context, out thrift.TProtocol) error {
	if err := out.WriteMapBegin(ctx, thrift.UUID, thrift.STRING, len(b.Names)); err != nil {
		return err
	}
	for one, name := range b.Names {
		if err := out.WriteUUID(ctx, one); err != nil {
			return err
		}
		if err := out.WriteString(ctx, name); err != nil {
			return err
		}
	}
	return out.WriteMapEnd(ctx)
}

func (b *badge) read(ctx context.Context, in thrift.TProtocol) error {
	return readStruct(ctx, in, func(kind thrift.TType, id int16) (err error) {
		switch {
		case id == 1 && kind == thrift.STRING:
			b.CaseID, err = in.ReadString(ctx)
		case id == 2 && kind == thrift.UUID:
			b.ID, err = in.ReadUUID(ctx)
		case id == 3 && kind == thrift.UUID:
			b.Parent = &thrift.Tuuid{}
			*b.Parent, err = in.ReadUUID(ctx)
		case id == 4 && kind == thrift.LIST:
			err = b.readSeen(ctx, in)
		case id == 5 && kind == thrift.MAP:
			err = b.readNames(ctx, in)
		default:
			err = in.Skip(ctx, kind)
		}
		return err
	})
}

func (b *badge) readSeen(ctx context.Context, in thrift.TProtocol) error {
	_, count, err := in.ReadListBegin(ctx)
	b.Seen = []thrift.Tuuid{}
	for i := 0; i < count && err == nil; i++ {
		var one thrift.Tuuid
		one, err = in.ReadUUID(ctx)
		b.Seen = append(b.Seen, one)
	}
	if err != nil {
		return err
	}
	return in.ReadListEnd(ctx)
}

func (b *badge) readNames(ctx context.Context, in thrift.TProtocol) error {
	_, _, count, err := in.ReadMapBegin(ctx)
	b.Names = map[thrift.Tuuid]string{}
	for i := 0; i < count && err == nil; i++ {
		var one thrift.Tuuid
		if one, err = in.ReadUUID(ctx); err == nil {
			b.Names[one], err = in.ReadString(ctx)
		}
	}
	if err != nil {
		return err
	}
	return in.ReadMapEnd(ctx)
}
