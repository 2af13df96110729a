package main

import (
	"fmt"
	"math"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"koine.dev/interop/go-grpc/gen/contractpb"
)

// named is a copy that carries the case's name, where the type has a place for it.
func named[T proto.Message](value T, name string) T {
	copied := proto.Clone(value).(T)
	message := copied.ProtoReflect()
	for _, field := range []protoreflect.Name{"case_id", "caseId"} {
		if place := message.Descriptor().Fields().ByName(field); place != nil {
			message.Set(place, protoreflect.ValueOfString(name))
		}
	}
	return copied
}

const (
	red      = contractpb.Color_COLOR_RED
	green    = contractpb.Color_COLOR_GREEN
	blue     = contractpb.Color_COLOR_BLUE
	infrared = contractpb.Color_COLOR_INFRARED
)

func lineItem(sku string, quantity int32, priceCents int64, color contractpb.Color) *contractpb.LineItem {
	return &contractpb.LineItem{Sku: sku, Quantity: quantity, PriceCents: priceCents, Color: color}
}

var numberSamples = []sample[*contractpb.Numbers]{
	{"scalars_max",
		&contractpb.Numbers{Open: true, Int32Value: math.MaxInt32, Int64Value: math.MaxInt64, Uint32Value: math.MaxUint32, Uint64Value: math.MaxInt64,
			Sint32Value: math.MaxInt32, Sint64Value: math.MaxInt64, Fixed32Value: math.MaxUint32, Fixed64Value: math.MaxInt64,
			Sfixed32Value: math.MaxInt32, Sfixed64Value: math.MaxInt64, FloatValue: math.MaxFloat32, DoubleValue: math.MaxFloat64},
		&contractpb.Numbers{Shut: true, Int32Value: 2147483646, Int64Value: 9223372036854775806, Uint32Value: 4294967294, Uint64Value: 9223372036854775806,
			Sint32Value: 2147483645, Sint64Value: 9223372036854775805, Fixed32Value: 4294967293, Fixed64Value: 9223372036854775804,
			Sfixed32Value: 2147483644, Sfixed64Value: 9223372036854775803, FloatValue: 1.5, DoubleValue: 1.7976931348623155e308}},
	{"scalars_min",
		&contractpb.Numbers{Open: true, Int32Value: math.MinInt32, Int64Value: math.MinInt64, Uint32Value: 1, Uint64Value: 1,
			Sint32Value: math.MinInt32, Sint64Value: math.MinInt64, Fixed32Value: 1, Fixed64Value: 1,
			Sfixed32Value: math.MinInt32, Sfixed64Value: math.MinInt64, FloatValue: math.SmallestNonzeroFloat32, DoubleValue: math.SmallestNonzeroFloat64},
		&contractpb.Numbers{Open: true, Shut: true, Int32Value: -2147483647, Int64Value: -9223372036854775807, Uint32Value: 2, Uint64Value: 3,
			Sint32Value: -2147483646, Sint64Value: -9223372036854775806, Fixed32Value: 4, Fixed64Value: 5,
			Sfixed32Value: -2147483645, Sfixed64Value: -9223372036854775805, FloatValue: -math.SmallestNonzeroFloat32, DoubleValue: -math.SmallestNonzeroFloat64}},
	{"scalars_zero", &contractpb.Numbers{}, &contractpb.Numbers{Int32Value: -1}},
	{"uint64_beyond_i64", &contractpb.Numbers{Uint64Value: 7}, &contractpb.Numbers{Uint64Value: math.MaxUint64}},
}

func texts(name, request, answer string) sample[*contractpb.Blob] {
	return sample[*contractpb.Blob]{name, &contractpb.Blob{Text: request}, &contractpb.Blob{Text: answer}}
}

func blobs(name string, request, answer []byte) sample[*contractpb.Blob] {
	return sample[*contractpb.Blob]{name, &contractpb.Blob{Content: request}, &contractpb.Blob{Content: answer}}
}

var blobSamples = []sample[*contractpb.Blob]{
	texts("text_empty", "", "not empty"),
	texts("text_to_empty", "not empty", ""),
	texts("text_cjk", "你好，世界", "さようなら 안녕"),
	texts("text_emoji", "😀 👩‍👩‍👧 𝄞", "🚀é\x00\t\"\\ end"),
	texts("text_64k", strings.Repeat("0123456789abcdef", 4096), strings.Repeat("fedcba987654321é", 4096)),
	blobs("bytes_empty", []byte{}, []byte{0}),
	blobs("bytes_all", pattern(256, 1, 0), pattern(256, 255, 255)),
	blobs("body_1mib", pattern(1<<20, 7, 3), pattern(1<<20, 11, 5)),
}

func row(values ...int32) *contractpb.NumberRow { return &contractpb.NumberRow{Values: values} }

var repeatSamples = []sample[*contractpb.Repeats]{
	{"lists_full",
		&contractpb.Repeats{
			Flags: []bool{true, false, true}, Numbers: []int32{1, -1, 0, math.MaxInt32},
			BigNumbers: []int64{math.MaxInt64, math.MinInt64}, Ratios: []float64{0.5, -2.25},
			Words: []string{"alpha", "", "γάμμα"}, Chunks: [][]byte{{}, {0x00, 0xff}},
			Colors: []contractpb.Color{red, infrared, red},
			Items:  []*contractpb.LineItem{lineItem("A-1", 3, 1999, red), lineItem("B-2", -1, 1<<62, infrared)},
			Grid:   []*contractpb.NumberRow{row(1, 2, 3), row(), row(-4)}},
		&contractpb.Repeats{
			Flags: []bool{false}, Numbers: []int32{math.MinInt32, 7},
			BigNumbers: []int64{1, 2, 3}, Ratios: []float64{1e100},
			Words: []string{"ω", "beta"}, Chunks: [][]byte{{0xff}, {}, {1, 2}},
			Colors: []contractpb.Color{blue, green},
			Items:  []*contractpb.LineItem{lineItem("C-3", 4, -5, green)},
			Grid:   []*contractpb.NumberRow{row(), row(9, 8), row()}}},
	{"lists_unpacked", &contractpb.Repeats{Unpacked: []int32{5, -6, 7}}, &contractpb.Repeats{Unpacked: []int32{8}}},
	{"lists_empty", &contractpb.Repeats{}, &contractpb.Repeats{Numbers: []int32{0}}},
	{"lists_long", &contractpb.Repeats{Numbers: squares(2000)}, &contractpb.Repeats{Numbers: minusTriples(2000)}},
	{"doubles_special",
		&contractpb.Repeats{Ratios: []float64{math.NaN(), math.Inf(1), math.Inf(-1), negativeZero, 0.1}},
		&contractpb.Repeats{Ratios: []float64{negativeZero, math.Inf(-1), math.NaN(), math.Inf(1), 0.2, 0}}},
}

func itemList(items ...*contractpb.LineItem) *contractpb.LineItemList {
	return &contractpb.LineItemList{Items: items}
}

var dictionarySamples = []sample[*contractpb.Dictionaries]{
	{"maps_int_key",
		&contractpb.Dictionaries{ByNumber: map[int32]string{0: "zero", -1: "", math.MaxInt32: "max"},
			ByBigNumber: map[int64]*contractpb.LineItem{math.MaxInt64: lineItem("M", 1, 2, red)}},
		&contractpb.Dictionaries{ByNumber: map[int32]string{math.MinInt32: "min"},
			ByBigNumber: map[int64]*contractpb.LineItem{math.MinInt64: lineItem("N", 3, 4, blue), 5: lineItem("O", 5, 6, green)}}},
	{"maps_string_key",
		&contractpb.Dictionaries{ByName: map[string]int64{"": 1, "ключ": math.MinInt64, "b": 0}},
		&contractpb.Dictionaries{ByName: map[string]int64{"k": math.MaxInt64}}},
	{"maps_bool_key",
		&contractpb.Dictionaries{ByFlag: map[bool]string{true: "yes", false: ""}},
		&contractpb.Dictionaries{ByFlag: map[bool]string{false: "no"}}},
	{"maps_enum_value",
		&contractpb.Dictionaries{ColorByName: map[string]contractpb.Color{"r": red, "i": infrared}},
		&contractpb.Dictionaries{ColorByName: map[string]contractpb.Color{"g": green}}},
	{"maps_nested",
		&contractpb.Dictionaries{Groups: map[string]*contractpb.LineItemList{"g": itemList(lineItem("A", 1, 2, red)), "none": itemList()}},
		&contractpb.Dictionaries{Groups: map[string]*contractpb.LineItemList{"h": itemList(lineItem("B", 2, 3, blue), lineItem("C", 3, 4, green))}}},
	{"maps_empty", &contractpb.Dictionaries{}, &contractpb.Dictionaries{ByName: map[string]int64{"": 0}}},
}

var purchaseSamples = []sample[*contractpb.Purchase]{
	{"nested",
		&contractpb.Purchase{Buyer: &contractpb.Buyer{Name: "Ada", Home: &contractpb.PostalAddress{Street: "Unter den Linden 1", Zip: 10117}},
			Lines: []*contractpb.LineItem{lineItem("A-1", 2, 1050, green)}, TotalCents: 2100},
		&contractpb.Purchase{Buyer: &contractpb.Buyer{Name: "Bob", Home: &contractpb.PostalAddress{},
			Work: &contractpb.Buyer_Contact{Email: "bob@example.com", Address: &contractpb.PostalAddress{Street: "Main St", Zip: 94105}}}, TotalCents: -1}},
	{"nested_home",
		&contractpb.Purchase{Buyer: &contractpb.Buyer{Name: "Ada", Home: &contractpb.PostalAddress{Street: "Unter den Linden 1", Zip: 10117}},
			Lines: []*contractpb.LineItem{lineItem("A-1", 2, 1050, green)}, TotalCents: 2100},
		&contractpb.Purchase{Buyer: &contractpb.Buyer{Name: "Bob", Home: &contractpb.PostalAddress{}}, TotalCents: -1}},
}

func chain(prefix string, sign int32, count int) *contractpb.TreeNode {
	var node *contractpb.TreeNode
	for i := count - 1; i >= 0; i-- {
		node = &contractpb.TreeNode{Label: fmt.Sprint(prefix, i), Weight: sign * int32(i), Tail: node}
	}
	return node
}

func node(label string, weight int32, children ...*contractpb.TreeNode) *contractpb.TreeNode {
	return &contractpb.TreeNode{Label: label, Weight: weight, Children: children}
}

var treeSamples = []sample[*contractpb.TreeNode]{
	{"recursive_chain", chain("n", 1, 24), chain("a", -1, 20)},
	{"recursive_bush",
		node("root", 1, node("l", 2, node("ll", 3)), node("r", 4)),
		node("ROOT", -1, node("only", -2, node("x", -3), node("y", -4)))},
}

var presenceSamples = []sample[*contractpb.Presence]{
	{"optional_unset", &contractpb.Presence{}, &contractpb.Presence{Number: ptr[int32](1)}},
	{"optional_to_unset", &contractpb.Presence{Number: ptr[int32](1)}, &contractpb.Presence{}},
	{"optional_zero",
		&contractpb.Presence{Flag: ptr(false), Number: ptr[int32](0), BigNumber: ptr[int64](0), Ratio: ptr(0.0), Color: ptr(contractpb.Color_COLOR_UNSPECIFIED)},
		&contractpb.Presence{Number: ptr[int32](0), Ratio: ptr(0.0)}},
	{"optional_empty",
		&contractpb.Presence{Text: ptr(""), Content: []byte{}, Item: &contractpb.LineItem{}},
		&contractpb.Presence{Content: []byte{}}},
	{"optional_set",
		&contractpb.Presence{Flag: ptr(true), Number: ptr[int32](-5), BigNumber: ptr[int64](6), Ratio: ptr(0.25), Text: ptr("t"),
			Content: []byte{1}, Color: ptr(blue), Item: lineItem("S", 1, 1, red)},
		&contractpb.Presence{Flag: ptr(false), Number: ptr[int32](5), BigNumber: ptr[int64](-6), Ratio: ptr(-0.25), Text: ptr("u"),
			Content: []byte{2}, Color: ptr(infrared), Item: lineItem("T", 2, 2, green)}},
}

var coatingSamples = []sample[*contractpb.Coating]{
	{"enum_known", &contractpb.Coating{Color: blue, Layers: 41}, &contractpb.Coating{Color: green, Layers: 42}},
	{"enum_unknown", &contractpb.Coating{Color: contractpb.Color(77), Layers: 43}, &contractpb.Coating{Color: contractpb.Color(78), Layers: 44}},
}

func chosenNumber(value int32) *contractpb.Selection {
	return &contractpb.Selection{Choice: &contractpb.Selection_Number{Number: value}}
}

func chosenText(value string) *contractpb.Selection {
	return &contractpb.Selection{Choice: &contractpb.Selection_Text{Text: value}}
}

func chosenContent(value ...byte) *contractpb.Selection {
	return &contractpb.Selection{Choice: &contractpb.Selection_Content{Content: value}}
}

func chosenItem(value *contractpb.LineItem) *contractpb.Selection {
	return &contractpb.Selection{Choice: &contractpb.Selection_Item{Item: value}}
}

func chosenWords(values ...string) *contractpb.Selection {
	return &contractpb.Selection{Choice: &contractpb.Selection_Words{Words: &contractpb.WordList{Words: values}}}
}

func chosenColor(value contractpb.Color) *contractpb.Selection {
	return &contractpb.Selection{Choice: &contractpb.Selection_Color{Color: value}}
}

func chosenFlag(value bool) *contractpb.Selection {
	return &contractpb.Selection{Choice: &contractpb.Selection_Flag{Flag: value}}
}

var selectionSamples = []sample[*contractpb.Selection]{
	{"union_number", chosenNumber(-9), chosenText("number seen")},
	{"union_zero", chosenNumber(0), chosenText("")},
	{"union_text", chosenText("tëxt"), chosenNumber(12)},
	{"union_bytes", chosenContent(0x00, 0xff), chosenFlag(false)},
	{"union_struct", chosenItem(lineItem("U", 1, 2, red)), chosenContent(0x7f, 0x80)},
	{"union_list", chosenWords("w", ""), chosenItem(lineItem("V", 3, 4, blue))},
	{"union_enum", chosenColor(infrared), chosenWords("one", "two")},
	{"union_flag", chosenFlag(true), chosenColor(green)},
	{"union_unset", &contractpb.Selection{}, chosenNumber(0)},
}

func moments(createdMillis, lastedMillis int64) *contractpb.Moments {
	return &contractpb.Moments{CreatedAt: timestamppb.New(time.UnixMilli(createdMillis)),
		Lasted: durationpb.New(time.Duration(lastedMillis) * time.Millisecond)}
}

var momentSamples = []sample[*contractpb.Moments]{
	{"timestamp", moments(1709210096789, 1), moments(-1, 2)},
	{"duration", moments(1, 90061001), moments(2, -1500)},
}

var severalRequest = &contractpb.SeveralRequest{First: -7, Second: "zwölf", Third: []int64{1, -2, math.MaxInt64}, Fourth: blue,
	Fifth: lineItem("A-1", 3, 1999, red)}

const (
	addLeft     = int64(4000000000)
	addRight    = int64(-7000000000)
	namesPrefix = "n-"
)

var (
	severalAnswer  = &contractpb.TextReply{Value: "fünf von fünf"}
	greetAnswer    = &contractpb.TextReply{Value: "hello from the provider"}
	addRequest     = &contractpb.AddRequest{Left: addLeft, Right: addRight}
	addAnswer      = &contractpb.AddReply{Sum: -3000000000}
	namesRequest   = &contractpb.ListNamesRequest{Prefix: namesPrefix}
	namesAnswer    = &contractpb.ListNamesReply{Names: []string{"n-Ä", "", "n-3"}}
	ticketAnswer   = &contractpb.Ticket{Text: "did not fail", Count: 3}
	callerEntries  = metadata.Pairs("x-koine-greeting", "hello", "x-koine-blob-bin", "\x00\xff\x80\x0a")
	answerHeaders  = metadata.Pairs("x-koine-reply", "world")
	answerTrailers = metadata.Pairs("x-koine-trail", "done", "x-koine-blob-bin", "\xff\x00\x7f\x01")
)

// failing are the two calls that end in a status with one detail.
var failing = map[string]struct {
	code    codes.Code
	message string
	detail  proto.Message
}{
	"declared_exception_a": {codes.NotFound, "no such shelf: ä", &contractpb.MissingResource{Resource: "shelf/ä", Id: -12}},
	"declared_exception_b": {codes.ResourceExhausted, "over quota: 100 %",
		&contractpb.QuotaExceeded{Limit: 100, Item: lineItem("Q", 101, 5, infrared)}},
}
