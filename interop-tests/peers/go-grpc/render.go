package main

import (
	"encoding/hex"
	"fmt"
	"sort"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/anypb"
)

// render turns a message into JSON-able data that is equal exactly when the
// values are: presence is kept, doubles keep their bits, fields that the
// schema does not know are shown.
func render(message proto.Message) any {
	if message == nil || !message.ProtoReflect().IsValid() {
		return nil
	}
	return renderMessage(message.ProtoReflect())
}

func renderMessage(message protoreflect.Message) any {
	fields := map[string]any{}
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		fields[string(field.Name())] = renderField(field, value)
		return true
	})
	if unknown := message.GetUnknown(); len(unknown) > 0 {
		fields["?"] = hex.EncodeToString(unknown)
	}
	return fields
}

func renderField(field protoreflect.FieldDescriptor, value protoreflect.Value) any {
	switch {
	case field.IsMap():
		entries := map[string]any{}
		value.Map().Range(func(key protoreflect.MapKey, entry protoreflect.Value) bool {
			entries[key.String()] = renderOne(field.MapValue(), entry)
			return true
		})
		return entries
	case field.IsList():
		list := value.List()
		items := make([]any, 0, list.Len())
		for i := 0; i < list.Len(); i++ {
			items = append(items, renderOne(field, list.Get(i)))
		}
		// Derived from a Thrift set: the order means nothing.
		if strings.HasSuffix(string(field.Name()), "Set") {
			sort.Slice(items, func(i, j int) bool { return text(items[i]) < text(items[j]) })
		}
		if encoded := text(items); len(encoded) > 4096 {
			return shorten(encoded, encoded) + fmt.Sprintf(" of %d elements", len(items))
		}
		return items
	default:
		return renderOne(field, value)
	}
}

func renderOne(field protoreflect.FieldDescriptor, value protoreflect.Value) any {
	switch field.Kind() {
	case protoreflect.MessageKind, protoreflect.GroupKind:
		return renderMessage(value.Message())
	case protoreflect.EnumKind:
		if known := field.Enum().Values().ByNumber(value.Enum()); known != nil {
			return string(known.Name())
		}
		return int32(value.Enum())
	case protoreflect.StringKind:
		return shorten(value.String(), value.String())
	case protoreflect.BytesKind:
		return "hex:" + shorten(hex.EncodeToString(value.Bytes()), string(value.Bytes()))
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		return renderDouble(value.Float())
	default:
		return value.Interface()
	}
}

// renderDetails shows the details of a status by their types.
func renderDetails(details []*anypb.Any) []any {
	shown := make([]any, 0, len(details))
	for _, detail := range details {
		one := map[string]any{"@type": detail.GetTypeUrl()}
		if message, err := detail.UnmarshalNew(); err == nil {
			one["value"] = render(message)
		} else {
			one["value"] = "hex:" + hex.EncodeToString(detail.GetValue())
		}
		shown = append(shown, one)
	}
	return shown
}
