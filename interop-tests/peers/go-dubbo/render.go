package main

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"sort"
	"strings"
	"time"

	hessian "github.com/apache/dubbo-go-hessian2"
	gxbig "github.com/dubbogo/gost/math/big"
)

// render turns a value into JSON-able data that is equal exactly when the values are: classes are named, numbers in places that
// take any carry their kind, null fields are left out (an empty list arrives as nil), doubles keep their bits. A value inside itself is shown by its depth.
func render(value any) any { return (&renderer{}).of(reflect.ValueOf(value)) }

type renderer struct{ around []uintptr }

func (r *renderer) of(value reflect.Value) any {
	if !value.IsValid() {
		return nil
	}
	switch value.Kind() {
	case reflect.Interface:
		return r.of(value.Elem())
	case reflect.Pointer:
		if value.IsNil() {
			return nil
		}
		return r.pointer(value)
	}
	switch held := value.Interface().(type) {
	case hessian.POJOEnum:
		return held.String()
	case time.Time:
		return "Date " + held.UTC().Format(time.RFC3339Nano)
	case []byte:
		return "hex:" + shorten(hex.EncodeToString(held), string(held))
	case hessian.Rune:
		return fmt.Sprintf("Character %q", rune(held))
	}
	switch value.Kind() {
	case reflect.Struct:
		return r.fields(value)
	case reflect.Slice:
		return r.list(value)
	case reflect.Map:
		entries := map[string]any{}
		for _, key := range value.MapKeys() {
			entries[fmt.Sprint(r.of(key))] = r.of(value.MapIndex(key))
		}
		return entries
	case reflect.String:
		return shorten(value.String(), value.String())
	case reflect.Float64:
		return renderDouble(value.Float())
	case reflect.Bool, reflect.Int32:
		return value.Interface()
	}
	return fmt.Sprintf("%s %v", value.Kind(), value.Interface())
}

func (r *renderer) pointer(value reflect.Value) any {
	switch held := value.Interface().(type) {
	case *gxbig.Decimal:
		return "BigDecimal " + held.String()
	case *gxbig.Integer:
		return "BigInteger " + held.String()
	}
	for i, outer := range r.around {
		if outer == value.Pointer() {
			return fmt.Sprintf("the value %d levels up", len(r.around)-i)
		}
	}
	r.around = append(r.around, value.Pointer())
	defer func() { r.around = r.around[:len(r.around)-1] }()
	return r.of(value.Elem())
}

func (r *renderer) fields(value reflect.Value) any {
	fields := map[string]any{"": value.Type().Name()}
	for _, field := range reflect.VisibleFields(value.Type()) {
		name := field.Tag.Get("hessian")
		held := value.FieldByIndex(field.Index)
		if name == "" || name == "cause" || name == "stackTrace" || name == "suppressedExceptions" {
			continue
		}
		if at, ok := held.Interface().(time.Time); ok && at.IsZero() {
			continue
		}
		if kind := held.Kind(); (kind == reflect.Pointer || kind == reflect.Interface || kind == reflect.Map || kind == reflect.Slice) && held.IsNil() {
			if _, full := field.Tag.Lookup("full"); full && kind == reflect.Slice {
				fields[name] = []any{} // the library reads an empty list so
			}
			continue
		}
		shown := r.of(held)
		if items, ok := shown.([]any); ok && strings.HasSuffix(field.Name, "Set") {
			sort.Slice(items, func(i, j int) bool { return text(items[i]) < text(items[j]) })
		}
		fields[name] = shown
	}
	return fields
}

func (r *renderer) list(value reflect.Value) any {
	items := make([]any, 0, value.Len())
	for i := 0; i < value.Len(); i++ {
		items = append(items, r.of(value.Index(i)))
	}
	if encoded := text(items); len(encoded) > 4096 {
		return shorten(encoded, encoded) + fmt.Sprintf(" of %d elements", len(items))
	}
	return items
}
