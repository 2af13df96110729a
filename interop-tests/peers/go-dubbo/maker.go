package main

import (
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"

	hessian "github.com/apache/dubbo-go-hessian2"
	"github.com/apache/dubbo-go-hessian2/java8_time"
	"github.com/apache/dubbo-go-hessian2/java_util"
	gxbig "github.com/dubbogo/gost/math/big"
)

// maker makes Go values of those of cases.yaml: texts become what the place declares; markers ($is, $long, …) say it where it
// declares nothing. cases.md explains them.
type maker struct {
	element reflect.Type             // what an unmarked value of a generic class is
	named   map[string]reflect.Value // by the names that $as gives, for $same
}

var (
	any_type    = reflect.TypeFor[any]()
	item_type   = reflect.TypeFor[*Item]()
	colour_type = reflect.TypeFor[Colour]()
	// what the `of` tag of a field says its elements are
	elements = map[string]reflect.Type{"bytes": reflect.TypeFor[[]byte](), "Colour": colour_type, "ints": reflect.TypeFor[[]any](),
		"Items": reflect.TypeFor[[]any](), "table": reflect.TypeFor[map[int32]string](), "Item": item_type}
	// and the elements of those
	inner = map[string]reflect.Type{"ints": reflect.TypeFor[int32](), "Items": item_type}
)

func newMaker(element reflect.Type) *maker { return &maker{element, map[string]reflect.Value{}} }

// value makes one of this type; deeper is what the elements of a list without a type are.
func (m *maker) value(kind reflect.Type, given any, deeper ...reflect.Type) reflect.Value {
	if given == nil {
		return reflect.Zero(kind)
	}
	if members, ok := given.(*object); ok && len(members.names) > 0 && strings.HasPrefix(members.names[0], "$") {
		return m.marked(kind, members, deeper)
	}
	if kind == any_type {
		return m.untyped(given, deeper)
	}
	switch given := given.(type) {
	case string:
		return m.scalar(kind, given)
	case []any:
		list := reflect.MakeSlice(kind, 0, len(given))
		for _, item := range given {
			list = reflect.Append(list, m.element_(kind.Elem(), item, deeper))
		}
		return list
	}
	members := given.(*object)
	if kind.Kind() == reflect.Map {
		made := reflect.MakeMap(kind)
		for _, name := range members.names {
			made.SetMapIndex(m.scalar(kind.Key(), name), m.element_(kind.Elem(), members.values[name], deeper))
		}
		return made
	}
	return m.class(kind, members, "")
}

func (m *maker) element_(kind reflect.Type, given any, deeper []reflect.Type) reflect.Value {
	if kind == any_type && len(deeper) > 0 && given != nil {
		return m.value(deeper[0], given, deeper[1:]...)
	}
	return m.value(kind, given, deeper...)
}

// untyped is a value for a place that takes any: of the class's element, or what the notation itself is.
func (m *maker) untyped(given any, deeper []reflect.Type) reflect.Value {
	if len(deeper) > 0 {
		return m.value(deeper[0], given, deeper[1:]...)
	}
	switch given := given.(type) {
	case string:
		return reflect.ValueOf(given)
	case []any:
		return m.value(reflect.TypeFor[[]any](), given)
	}
	if m.element != nil {
		return m.value(m.element, given)
	}
	return m.value(reflect.TypeFor[map[any]any](), given)
}

func (m *maker) marked(kind reflect.Type, members *object, deeper []reflect.Type) reflect.Value {
	marker := members.names[0]
	held := members.values[marker]
	switch marker {
	case "$same":
		return m.named[held.(string)]
	case "$as":
		return m.class(kind, members, held.(string))
	case "$is":
		return m.class(reflect.PointerTo(classNamed(held.(string))), members, "")
	case "$enum":
		colour := m.scalar(colour_type, strings.TrimPrefix(held.(string), "Colour."))
		return pointerTo(colour)
	case "$bytes":
		data, _ := hex.DecodeString(held.(string))
		return reflect.ValueOf(data)
	case "$int":
		return m.scalar(reflect.TypeFor[int32](), held.(string))
	case "$long":
		return m.scalar(reflect.TypeFor[int64](), held.(string))
	case "$double":
		return m.scalar(reflect.TypeFor[float64](), held.(string))
	case "$bool":
		return m.scalar(reflect.TypeFor[bool](), held.(string))
	case "$date":
		return m.scalar(reflect.TypeFor[time.Time](), held.(string))
	case "$decimal":
		return m.scalar(reflect.TypeFor[*gxbig.Decimal](), held.(string))
	default: // the class of a collection, which Go has no choice of
		return m.value(kind, held, deeper...)
	}
}

func classNamed(name string) reflect.Type {
	for _, class := range classes {
		if t := reflect.TypeOf(class).Elem(); t.Name() == name {
			return t
		}
	}
	panic("no class " + name)
}

func pointerTo(value reflect.Value) reflect.Value {
	pointer := reflect.New(value.Type())
	pointer.Elem().Set(value)
	return pointer
}

// class makes a pointer to a struct.
func (m *maker) class(kind reflect.Type, members *object, name string) reflect.Value {
	made := reflect.New(kind.Elem())
	m.named[name] = made // before its fields, one of which may be itself
	fillCollections(made.Elem())
	for _, member := range members.names {
		if strings.HasPrefix(member, "$") {
			continue
		}
		field, place := fieldNamed(made.Elem(), member)
		var deeper []reflect.Type
		if field.Tag.Get("key") == "Colour" {
			place.Set(m.byColour(members.values[member].(*object)))
			continue
		}
		if of := field.Tag.Get("of"); of != "" {
			deeper = append(deeper, elements[of])
			if inner[of] != nil {
				deeper = append(deeper, inner[of])
			}
		}
		if value := m.value(field.Type, members.values[member], deeper...); value.IsValid() {
			place.Set(value)
		}
	}
	return made
}

func (m *maker) byColour(members *object) reflect.Value {
	made := map[any]any{}
	for _, name := range members.names {
		made[pointerTo(m.scalar(colour_type, name)).Interface()] = members.values[name]
	}
	return reflect.ValueOf(made)
}

func fillCollections(made reflect.Value) {
	for i := 0; i < made.NumField(); i++ {
		field := made.Type().Field(i)
		if _, full := field.Tag.Lookup("full"); full && field.Type.Kind() == reflect.Map {
			made.Field(i).Set(reflect.MakeMap(field.Type))
		} else if full && field.Type.Kind() == reflect.Slice {
			made.Field(i).Set(reflect.MakeSlice(field.Type, 0, 0))
		} else if full {
			made.Field(i).Set(reflect.New(field.Type.Elem()))
		} else if field.Anonymous {
			fillCollections(made.Field(i))
		}
	}
}

func fieldNamed(made reflect.Value, name string) (reflect.StructField, reflect.Value) {
	for _, field := range reflect.VisibleFields(made.Type()) {
		if field.Tag.Get("hessian") == name {
			return field, made.FieldByIndex(field.Index)
		}
	}
	panic(fmt.Sprintf("%s has no field %s", made.Type(), name))
}

func (m *maker) scalar(kind reflect.Type, text string) reflect.Value {
	switch kind {
	case any_type:
		return reflect.ValueOf(text)
	case colour_type:
		return reflect.ValueOf(Colour(Colour(0).EnumValue(text)))
	case reflect.TypeFor[hessian.POJOEnum]():
		return pointerTo(m.scalar(colour_type, text))
	case reflect.TypeFor[hessian.Rune]():
		return reflect.ValueOf(hessian.Rune([]rune(text)[0]))
	case reflect.TypeFor[time.Time]():
		return reflect.ValueOf(moment(text))
	case reflect.TypeFor[*gxbig.Decimal]():
		decimal := &gxbig.Decimal{}
		must(decimal.FromString(text))
		return reflect.ValueOf(decimal)
	case reflect.TypeFor[*gxbig.Integer]():
		number, _ := new(big.Int).SetString(text, 10)
		made := &gxbig.Integer{}
		made.SetValue(number)
		return reflect.ValueOf(made)
	case reflect.TypeFor[*java_util.UUID]():
		return reflect.ValueOf(&java_util.UUID{Value: text})
	case reflect.TypeFor[*java8_time.Duration]():
		seconds, err := strconv.ParseFloat(strings.TrimSuffix(text, "s"), 64)
		must(err)
		nanos := int64(math.Round(seconds * 1e9))
		whole := int64(math.Floor(float64(nanos) / 1e9))
		return reflect.ValueOf(&java8_time.Duration{Seconds: whole, Nanos: int32(nanos - whole*1e9)})
	case reflect.TypeFor[*java8_time.Instant]():
		at := moment(text)
		return reflect.ValueOf(&java8_time.Instant{Seconds: at.Unix(), Nanos: int32(at.Nanosecond())})
	case reflect.TypeFor[*java8_time.LocalDate]():
		return reflect.ValueOf(localDate(moment(text + "T00:00:00Z")))
	case reflect.TypeFor[*java8_time.LocalTime]():
		return reflect.ValueOf(localTime(moment("1970-01-01T" + text + strings.Repeat(":00", 2-strings.Count(text, ":")) + "Z")))
	case reflect.TypeFor[*java8_time.LocalDateTime]():
		at := moment(text + "Z")
		return reflect.ValueOf(&java8_time.LocalDateTime{Date: *localDate(at), Time: *localTime(at)})
	}
	if kind.Kind() == reflect.Pointer {
		return pointerTo(m.scalar(kind.Elem(), text))
	}
	made := reflect.New(kind).Elem()
	switch kind.Kind() {
	case reflect.String:
		made.SetString(text)
	case reflect.Bool:
		made.SetBool(text == "true")
	case reflect.Float32, reflect.Float64:
		number, err := strconv.ParseFloat(text, 64)
		must(err)
		made.SetFloat(number)
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		number, err := strconv.ParseInt(text, 10, 64)
		must(err)
		made.SetInt(number)
	default:
		panic(fmt.Sprintf("no %s is made of %s", kind, text))
	}
	return made
}

func localDate(at time.Time) *java8_time.LocalDate {
	return &java8_time.LocalDate{Year: int32(at.Year()), Month: int32(at.Month()), Day: int32(at.Day())}
}

func localTime(at time.Time) *java8_time.LocalTime {
	return &java8_time.LocalTime{Hour: int32(at.Hour()), Minute: int32(at.Minute()), Second: int32(at.Second()), Nano: int32(at.Nanosecond())}
}

func moment(text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	must(err)
	return at
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
