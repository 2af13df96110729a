package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// render turns a generated value into JSON-able data that is equal exactly when
// the values are: presence is kept, sets are sorted, doubles keep their bits.
func render(value any) any {
	return renderValue(reflect.ValueOf(value), "", false)
}

func renderValue(v reflect.Value, field string, optional bool) any {
	switch v.Kind() {
	case reflect.Invalid:
		return nil
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return renderValue(v.Elem(), field, optional)
	case reflect.Struct:
		return renderStruct(v)
	case reflect.Slice:
		return renderSlice(v, field)
	case reflect.Map:
		fields := map[string]any{}
		for _, key := range v.MapKeys() {
			fields[fmt.Sprint(key.Interface())] = renderValue(v.MapIndex(key), "", false)
		}
		return fields
	case reflect.String:
		return shorten(v.String(), v.String())
	case reflect.Bool:
		return v.Bool()
	case reflect.Float64, reflect.Float32:
		return renderDouble(v.Float())
	default:
		if name, ok := v.Interface().(fmt.Stringer); ok && !strings.HasPrefix(name.String(), "<") {
			return name.String()
		}
		return json.Number(strconv.FormatInt(v.Int(), 10))
	}
}

func renderStruct(v reflect.Value) any {
	fields := map[string]any{}
	for i := 0; i < v.NumField(); i++ {
		kind := v.Type().Field(i)
		tag, ok := kind.Tag.Lookup("thrift")
		if !ok {
			continue
		}
		name := strings.Split(tag, ",")[0]
		optional := strings.HasSuffix(kind.Tag.Get("json"), ",omitempty")
		value := v.Field(i)
		nilable := value.Kind() == reflect.Pointer || value.Kind() == reflect.Slice || value.Kind() == reflect.Map
		if nilable && value.IsNil() && (optional || value.Kind() == reflect.Pointer) {
			continue
		}
		fields[name] = renderValue(value, name, optional)
	}
	return fields
}

func renderSlice(v reflect.Value, field string) any {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return "hex:" + shorten(hex.EncodeToString(v.Bytes()), string(v.Bytes()))
	}
	items := make([]any, 0, v.Len())
	for i := 0; i < v.Len(); i++ {
		items = append(items, renderValue(v.Index(i), "", false))
	}
	// Go's Thrift has no set type: the contract's sets are the fields named so.
	if strings.HasSuffix(strings.ToLower(field), "set") {
		sort.Slice(items, func(i, j int) bool { return text(items[i]) < text(items[j]) })
	}
	if encoded := text(items); len(encoded) > 4096 {
		return shorten(encoded, encoded) + fmt.Sprintf(" of %d elements", len(items))
	}
	return items
}
