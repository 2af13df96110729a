package main

import "reflect"

// method says how a method of the contract looks in Go: a value of each argument's type and of the answer's, and what an
// unmarked value of its generic class is.
type method struct {
	arguments []any
	answer    any
	element   reflect.Type
}

// methods by name, overloads with their parameters.
var methods = map[string]method{
	"scalars":         whole[*Scalars](),
	"payload":         whole[*Payload](),
	"lists":           whole[*Lists](),
	"sets":            whole[*Sets](),
	"maps":            whole[*Maps](),
	"placeOrder":      whole[*Order](),
	"grow":            whole[*Node](),
	"optionals":       whole[*Optionals](),
	"paint":           whole[*Paint](),
	"pick":            whole[*Pick](),
	"times":           whole[*Times](),
	"days":            whole[*Days](),
	"odds":            whole[*Odds](),
	"document":        whole[*Document](),
	"browse":          {[]any{(*Page)(nil)}, (*Page)(nil), item_type},
	"leaf":            {[]any{(*Page)(nil)}, (*Page)(nil), reflect.TypeFor[string]()},
	"pack":            whole[*Basket](),
	"wrap":            {[]any{(*Item)(nil), ""}, (*GiftItem)(nil), nil},
	"anything":        {[]any{"", (*any)(nil)}, (*any)(nil), nil},
	"several":         {[]any{int32(0), "", []any{int64(0)}, Colour(0), (*Item)(nil)}, "", nil},
	"add":             {[]any{int64(0), int64(0)}, int64(0), nil},
	"listNames":       {[]any{""}, []any{""}, nil},
	"findItem":        {[]any{""}, (*Item)(nil), nil},
	"greet":           {nil, "", nil},
	"fail":            {[]any{""}, (*Ticket)(nil), nil},
	"label(int)":      {[]any{int32(0)}, "", nil},
	"label(long)":     {[]any{int64(0)}, "", nil},
	"label(Integer)":  {[]any{(*int32)(nil)}, "", nil},
	"label(String)":   {[]any{""}, "", nil},
	"label(Item)":     {[]any{(*Item)(nil)}, "", nil},
	"label(Item,int)": {[]any{(*Item)(nil), int32(0)}, "", nil},
}

func whole[T any]() method {
	var none T
	return method{[]any{none}, none, nil}
}

func (e entry) method() method {
	name := e.text("method")
	if parameters := e.parameters(); parameters != "" {
		name += "(" + parameters + ")"
	}
	return methods[name]
}

// made is a value like the sample, which for a list holds one of its elements.
func (m method) made(sample, given any) any {
	var deeper []reflect.Type
	if _, ok := sample.(*any); ok {
		return newMaker(nil).value(any_type, given).Interface()
	}
	if list, ok := sample.([]any); ok {
		deeper = append(deeper, reflect.TypeOf(list[0]))
	}
	return newMaker(m.element).value(reflect.TypeOf(sample), given, deeper...).Interface()
}

// arguments of the case. A class that knows its case, or is a tree, is the whole request.
func (e entry) arguments() []any {
	m, request := e.method(), e.request()
	if len(m.arguments) == 1 {
		if kind := reflect.TypeOf(m.arguments[0]); kind.Kind() == reflect.Pointer && kind.Elem().Kind() == reflect.Struct && kind != item_type {
			return []any{withName(m.made(m.arguments[0], request), e.name)}
		}
	}
	made := make([]any, 0, len(m.arguments))
	for i, sample := range m.arguments {
		made = append(made, m.made(sample, request.values[request.names[i]]))
	}
	return made
}

func (e entry) answer() any {
	m := e.method()
	return withName(m.made(m.answer, e.values["answer"]), e.name+".answer")
}

// withName sets the place of the case's name where the value has one.
func withName(value any, name string) any {
	if place := caseIdOf(value); place.IsValid() {
		place.SetString(name)
	}
	return value
}

func caseIdOf(value any) reflect.Value {
	held := reflect.ValueOf(value)
	if held.Kind() != reflect.Pointer || held.IsNil() || held.Elem().Kind() != reflect.Struct {
		return reflect.Value{}
	}
	return held.Elem().FieldByName("CaseId")
}

// thrown is the exception that the case's provider throws.
func (e entry) thrown() error {
	told := e.values["error"].(*object)
	message, fields := told.text("message"), told.values["fields"]
	var made any
	switch told.text("exception") {
	case shop_package + "NotFoundException":
		made = newMaker(nil).value(reflect.TypeFor[*NotFoundException](), fields).Interface()
	case shop_package + "OverQuotaException":
		made = newMaker(nil).value(reflect.TypeFor[*OverQuotaException](), fields).Interface()
	case shop_package + "ShopClosedException":
		made = newMaker(nil).value(reflect.TypeFor[*ShopClosedException](), fields).Interface()
	default:
		return javaException(told.text("exception"), message)
	}
	reflect.ValueOf(made).Elem().FieldByName("DetailMessage").SetString(message)
	return made.(error)
}
