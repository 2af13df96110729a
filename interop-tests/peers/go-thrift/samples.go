package main

import (
	"fmt"
	"math"
	"strings"

	"koine.dev/interop/go-thrift/gen/contract"
)

const (
	red      = contract.Colour_RED
	green    = contract.Colour_GREEN
	blue     = contract.Colour_BLUE
	infrared = contract.Colour_INFRARED
)

func item(sku string, quantity int32, priceCents int64, colour contract.Colour) *contract.Item {
	return &contract.Item{Sku: sku, Quantity: quantity, PriceCents: priceCents, Colour: colour}
}

var scalarSamples = []sample[*contract.Scalars]{
	{"scalars_max",
		&contract.Scalars{Open: true, Tiny: math.MaxInt8, Small: math.MaxInt16, Medium: math.MaxInt32, Large: math.MaxInt64, Ratio: math.MaxFloat64},
		&contract.Scalars{Shut: true, Tiny: 126, Small: 32766, Medium: 2147483646, Large: 9223372036854775806, Ratio: 1.7976931348623155e308}},
	{"scalars_min",
		&contract.Scalars{Open: true, Tiny: math.MinInt8, Small: math.MinInt16, Medium: math.MinInt32, Large: math.MinInt64, Ratio: math.SmallestNonzeroFloat64},
		&contract.Scalars{Open: true, Shut: true, Tiny: -127, Small: -32767, Medium: -2147483647, Large: -9223372036854775807, Ratio: -math.SmallestNonzeroFloat64}},
	{"scalars_zero", &contract.Scalars{}, &contract.Scalars{Medium: -1}},
}

func texts(name, request, answer string) sample[*contract.Payload] {
	return sample[*contract.Payload]{name, &contract.Payload{Text: request}, &contract.Payload{Text: answer}}
}

func blobs(name string, request, answer []byte) sample[*contract.Payload] {
	return sample[*contract.Payload]{name, &contract.Payload{Data: request}, &contract.Payload{Data: answer}}
}

var payloadSamples = []sample[*contract.Payload]{
	texts("text_empty", "", "not empty"),
	texts("text_to_empty", "not empty", ""),
	texts("text_cjk", "你好，世界", "さようなら 안녕"),
	texts("text_emoji", "😀 👩‍👩‍👧 𝄞", "🚀é\x00\t\"\\ end"),
	texts("text_64k", strings.Repeat("0123456789abcdef", 4096), strings.Repeat("fedcba987654321é", 4096)),
	blobs("bytes_empty", []byte{}, []byte{0}),
	blobs("bytes_all", pattern(256, 1, 0), pattern(256, 255, 255)),
	blobs("body_1mib", pattern(1<<20, 7, 3), pattern(1<<20, 11, 5)),
}

var listSamples = []sample[*contract.Lists]{
	{"lists_full",
		&contract.Lists{
			Flags: []bool{true, false, true}, Numbers: []int32{1, -1, 0, math.MaxInt32},
			BigNumbers: []int64{math.MaxInt64, math.MinInt64}, Ratios: []float64{0.5, -2.25},
			Words: []string{"alpha", "", "γάμμα"}, Chunks: [][]byte{{}, {0x00, 0xff}},
			Colours: []contract.Colour{red, infrared, red},
			Items:   []*contract.Item{item("A-1", 3, 1999, red), item("B-2", -1, 1<<62, infrared)},
			Grid:    [][]int32{{1, 2, 3}, {}, {-4}}},
		&contract.Lists{
			Flags: []bool{false}, Numbers: []int32{math.MinInt32, 7},
			BigNumbers: []int64{1, 2, 3}, Ratios: []float64{1e100},
			Words: []string{"ω", "beta"}, Chunks: [][]byte{{0xff}, {}, {1, 2}},
			Colours: []contract.Colour{blue, green},
			Items:   []*contract.Item{item("C-3", 4, -5, green)},
			Grid:    [][]int32{{}, {9, 8}, {}}}},
	{"lists_empty", &contract.Lists{}, &contract.Lists{Numbers: []int32{0}}},
	{"lists_long", &contract.Lists{Numbers: squares(2000)}, &contract.Lists{Numbers: minusTriples(2000)}},
	{"doubles_special",
		&contract.Lists{Ratios: []float64{math.NaN(), math.Inf(1), math.Inf(-1), negativeZero, 0.1}},
		&contract.Lists{Ratios: []float64{negativeZero, math.Inf(-1), math.NaN(), math.Inf(1), 0.2, 0}}},
}

var setSamples = []sample[*contract.Sets]{
	{"sets_full",
		&contract.Sets{NumberSet: []int32{3, -1, math.MaxInt32}, WordSet: []string{"x", "", "ö"}, ColourSet: []contract.Colour{red, infrared}},
		&contract.Sets{NumberSet: []int32{0, math.MinInt32}, WordSet: []string{"y"}, ColourSet: []contract.Colour{blue, green, red}}},
	{"sets_empty", &contract.Sets{}, &contract.Sets{NumberSet: []int32{0}}},
}

var mapSamples = []sample[*contract.Maps]{
	{"maps_int_key",
		&contract.Maps{ByNumber: map[int32]string{0: "zero", -1: "", math.MaxInt32: "max"},
			ByBigNumber: map[int64]*contract.Item{math.MaxInt64: item("M", 1, 2, red)}},
		&contract.Maps{ByNumber: map[int32]string{math.MinInt32: "min"},
			ByBigNumber: map[int64]*contract.Item{math.MinInt64: item("N", 3, 4, blue), 5: item("O", 5, 6, green)}}},
	{"maps_string_key",
		&contract.Maps{ByName: map[string]int64{"": 1, "ключ": math.MinInt64, "b": 0}},
		&contract.Maps{ByName: map[string]int64{"k": math.MaxInt64}}},
	{"maps_enum_key",
		&contract.Maps{ByColour: map[contract.Colour]string{red: "r", infrared: ""}},
		&contract.Maps{ByColour: map[contract.Colour]string{green: "g", blue: "b"}}},
	{"maps_nested",
		&contract.Maps{Groups: map[string][]*contract.Item{"g": {item("A", 1, 2, red)}, "none": {}}},
		&contract.Maps{Groups: map[string][]*contract.Item{"h": {item("B", 2, 3, blue), item("C", 3, 4, green)}}}},
	{"maps_of_maps",
		&contract.Maps{Tables: map[string]map[int32]string{"t": {1: "one", 2: "two"}, "empty": {}}},
		&contract.Maps{Tables: map[string]map[int32]string{"u": {-1: ""}}}},
	{"maps_empty", &contract.Maps{}, &contract.Maps{ByName: map[string]int64{"": 0}}},
}

var orderSamples = []sample[*contract.Order]{
	{"nested",
		&contract.Order{Customer: &contract.Customer{Name: "Ada", Home: &contract.Address{Street: "Unter den Linden 1", Zip: 10117}},
			Lines: []*contract.Item{item("A-1", 2, 1050, green)}, TotalCents: 2100},
		&contract.Order{Customer: &contract.Customer{Name: "Bob", Home: &contract.Address{}, Work: &contract.Address{Street: "Main St", Zip: 94105}},
			TotalCents: -1}},
	{"nested_home",
		&contract.Order{Customer: &contract.Customer{Name: "Ada", Home: &contract.Address{Street: "Unter den Linden 1", Zip: 10117}},
			Lines: []*contract.Item{item("A-1", 2, 1050, green)}, TotalCents: 2100},
		&contract.Order{Customer: &contract.Customer{Name: "Bob", Home: &contract.Address{}},
			TotalCents: -1}},
}

func chain(prefix string, sign int32, count int) *contract.Node {
	var node *contract.Node
	for i := count - 1; i >= 0; i-- {
		node = &contract.Node{Name: fmt.Sprint(prefix, i), Weight: sign * int32(i), Following: node}
	}
	return node
}

func node(name string, weight int32, children ...*contract.Node) *contract.Node {
	return &contract.Node{Name: name, Weight: weight, Children: children}
}

var nodeSamples = []sample[*contract.Node]{
	{"recursive_chain", chain("n", 1, 24), chain("a", -1, 20)},
	{"recursive_bush",
		node("root", 1, node("l", 2, node("ll", 3)), node("r", 4)),
		node("ROOT", -1, node("only", -2, node("x", -3), node("y", -4)))},
}

var optionalSamples = []sample[*contract.Optionals]{
	{"optional_unset", &contract.Optionals{}, &contract.Optionals{Number: ptr[int32](1)}},
	{"optional_to_unset", &contract.Optionals{Number: ptr[int32](1)}, &contract.Optionals{}},
	{"optional_zero",
		&contract.Optionals{Flag: ptr(false), Number: ptr[int32](0), BigNumber: ptr[int64](0), Ratio: ptr(0.0)},
		&contract.Optionals{Number: ptr[int32](0), Ratio: ptr(0.0)}},
	{"optional_empty",
		&contract.Optionals{Text: ptr(""), Data: []byte{}, Item: item("", 0, 0, red)},
		&contract.Optionals{Data: []byte{}}},
	{"optional_empty_list", &contract.Optionals{Numbers: []int32{}}, &contract.Optionals{Text: ptr(""), Numbers: []int32{}}},
	{"optional_set",
		&contract.Optionals{Flag: ptr(true), Number: ptr[int32](-5), BigNumber: ptr[int64](6), Ratio: ptr(0.25), Text: ptr("t"),
			Data: []byte{1}, Colour: ptr(blue), Item: item("S", 1, 1, red)},
		&contract.Optionals{Flag: ptr(false), Number: ptr[int32](5), BigNumber: ptr[int64](-6), Ratio: ptr(-0.25), Text: ptr("u"),
			Data: []byte{2}, Colour: ptr(infrared), Item: item("T", 2, 2, green)}},
	{"optional_list", &contract.Optionals{Numbers: []int32{4, 5}}, &contract.Optionals{Numbers: []int32{6}}},
}

var paintSamples = []sample[*contract.Paint]{
	{"enum_known", &contract.Paint{Colour: blue, Coats: 41}, &contract.Paint{Colour: green, Coats: 42}},
	{"enum_unknown", &contract.Paint{Colour: contract.Colour(77), Coats: 43}, &contract.Paint{Colour: contract.Colour(78), Coats: 44}},
}

func picks(name string, request, answer contract.Choice) sample[*contract.Pick] {
	return sample[*contract.Pick]{name, &contract.Pick{Choice: &request}, &contract.Pick{Choice: &answer}}
}

var pickSamples = []sample[*contract.Pick]{
	picks("union_number", contract.Choice{Number: ptr[int32](-9)}, contract.Choice{Text: ptr("number seen")}),
	picks("union_zero", contract.Choice{Number: ptr[int32](0)}, contract.Choice{Text: ptr("")}),
	picks("union_text", contract.Choice{Text: ptr("tëxt")}, contract.Choice{Number: ptr[int32](12)}),
	picks("union_bytes", contract.Choice{Data: []byte{0x00, 0xff}}, contract.Choice{Flag: ptr(false)}),
	picks("union_struct", contract.Choice{Item: item("U", 1, 2, red)}, contract.Choice{Data: []byte{0x7f, 0x80}}),
	picks("union_list", contract.Choice{Words: []string{"w", ""}}, contract.Choice{Item: item("V", 3, 4, blue)}),
	picks("union_enum", contract.Choice{Colour: ptr(infrared)}, contract.Choice{Words: []string{"one", "two"}}),
	picks("union_flag", contract.Choice{Flag: ptr(true)}, contract.Choice{Colour: ptr(green)}),
}

var timeSamples = []sample[*contract.Times]{
	{"timestamp", &contract.Times{CreatedAt: 1709210096789, Lasted: 1}, &contract.Times{CreatedAt: -1, Lasted: 2}},
	{"duration", &contract.Times{CreatedAt: 1, Lasted: 90061001}, &contract.Times{CreatedAt: 2, Lasted: -1500}},
	{"decimal", &contract.Times{CreatedAt: 1, Lasted: 1, Price: "12.340"}, &contract.Times{CreatedAt: 2, Lasted: 2, Price: "-99999999999999999999.0100"}},
}

// The methods whose arguments are not one struct.
type severalArguments struct {
	First  int32           `thrift:"first,1"`
	Second string          `thrift:"second,2"`
	Third  []int64         `thrift:"third,3"`
	Fourth contract.Colour `thrift:"fourth,4"`
	Fifth  *contract.Item  `thrift:"fifth,5"`
}

var severalRequest = severalArguments{-7, "zwölf", []int64{1, -2, math.MaxInt64}, blue, item("A-1", 3, 1999, red)}

const (
	severalAnswer = "fünf von fünf"
	greetAnswer   = "hello from the provider"
	addLeft       = int64(4000000000)
	addRight      = int64(-7000000000)
	addAnswer     = int64(-3000000000)
	namesPrefix   = "n-"
)

var (
	namesAnswer    = []string{"n-Ä", "", "n-3"}
	headersRequest = map[string]string{"x-koine-greeting": "hello", "x-koine-tag": "caller"}
	headersAnswer  = map[string]string{"x-koine-reply": "world", "x-koine-tag": "provider"}
	ticketAnswer   = &contract.Ticket{Text: "did not fail", Count: 3}
	notFound       = &contract.NotFound{Resource: "shelf/ä", ID: -12}
	overQuota      = &contract.OverQuota{Message: "over quota: 100 %", Limit: 100, Item: item("Q", 101, 5, infrared)}
)
