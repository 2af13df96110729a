//go:build derived

package main

import (
	"fmt"
	"math"
	"strings"

	"koine.dev/interop/go-thrift/gen/derived"
)

// The values of contract.proto's cases in the types of the Thrift that Koine
// derives from it: unsigned numbers travel in the next wider signed type,
// messages and `optional` fields are optional, a oneof is a group of them.

const (
	protoRed      = derived.Color_COLOR_RED
	protoGreen    = derived.Color_COLOR_GREEN
	protoBlue     = derived.Color_COLOR_BLUE
	protoInfrared = derived.Color_COLOR_INFRARED
)

func lineItem(sku string, quantity int32, priceCents int64, color derived.Color) *derived.LineItem {
	return &derived.LineItem{Sku: sku, Quantity: quantity, PriceCents: priceCents, Color: color}
}

var numberSamples = []sample[*derived.Numbers]{
	{"scalars_max",
		&derived.Numbers{Open: true, Int32Value: math.MaxInt32, Int64Value: math.MaxInt64, Uint32Value: math.MaxUint32, Uint64Value: math.MaxInt64,
			Sint32Value: math.MaxInt32, Sint64Value: math.MaxInt64, Fixed32Value: math.MaxUint32, Fixed64Value: math.MaxInt64,
			Sfixed32Value: math.MaxInt32, Sfixed64Value: math.MaxInt64, FloatValue: math.MaxFloat32, DoubleValue: math.MaxFloat64},
		&derived.Numbers{Shut: true, Int32Value: 2147483646, Int64Value: 9223372036854775806, Uint32Value: 4294967294, Uint64Value: 9223372036854775806,
			Sint32Value: 2147483645, Sint64Value: 9223372036854775805, Fixed32Value: 4294967293, Fixed64Value: 9223372036854775804,
			Sfixed32Value: 2147483644, Sfixed64Value: 9223372036854775803, FloatValue: 1.5, DoubleValue: 1.7976931348623155e308}},
	{"scalars_min",
		&derived.Numbers{Open: true, Int32Value: math.MinInt32, Int64Value: math.MinInt64, Uint32Value: 1, Uint64Value: 1,
			Sint32Value: math.MinInt32, Sint64Value: math.MinInt64, Fixed32Value: 1, Fixed64Value: 1,
			Sfixed32Value: math.MinInt32, Sfixed64Value: math.MinInt64, FloatValue: math.SmallestNonzeroFloat32, DoubleValue: math.SmallestNonzeroFloat64},
		&derived.Numbers{Open: true, Shut: true, Int32Value: -2147483647, Int64Value: -9223372036854775807, Uint32Value: 2, Uint64Value: 3,
			Sint32Value: -2147483646, Sint64Value: -9223372036854775806, Fixed32Value: 4, Fixed64Value: 5,
			Sfixed32Value: -2147483645, Sfixed64Value: -9223372036854775805, FloatValue: -math.SmallestNonzeroFloat32, DoubleValue: -math.SmallestNonzeroFloat64}},
	{"scalars_zero", &derived.Numbers{}, &derived.Numbers{Int32Value: -1}},
	// The answer is 2^64-1, which no Thrift type can hold.
	{"uint64_beyond_i64", &derived.Numbers{Uint64Value: 7}, &derived.Numbers{}},
}

func protoTexts(name, request, answer string) sample[*derived.Blob] {
	return sample[*derived.Blob]{name, &derived.Blob{Text: request}, &derived.Blob{Text: answer}}
}

func protoBlobs(name string, request, answer []byte) sample[*derived.Blob] {
	return sample[*derived.Blob]{name, &derived.Blob{Content: request}, &derived.Blob{Content: answer}}
}

var blobSamples = []sample[*derived.Blob]{
	protoTexts("text_empty", "", "not empty"),
	protoTexts("text_to_empty", "not empty", ""),
	protoTexts("text_cjk", "你好，世界", "さようなら 안녕"),
	protoTexts("text_emoji", "😀 👩‍👩‍👧 𝄞", "🚀é\x00\t\"\\ end"),
	protoTexts("text_64k", strings.Repeat("0123456789abcdef", 4096), strings.Repeat("fedcba987654321é", 4096)),
	protoBlobs("bytes_empty", []byte{}, []byte{0}),
	protoBlobs("bytes_all", pattern(256, 1, 0), pattern(256, 255, 255)),
	protoBlobs("body_1mib", pattern(1<<20, 7, 3), pattern(1<<20, 11, 5)),
}

func row(values ...int32) *derived.NumberRow { return &derived.NumberRow{Values: values} }

var repeatSamples = []sample[*derived.Repeats]{
	{"lists_full",
		&derived.Repeats{
			Flags: []bool{true, false, true}, Numbers: []int32{1, -1, 0, math.MaxInt32},
			BigNumbers: []int64{math.MaxInt64, math.MinInt64}, Ratios: []float64{0.5, -2.25},
			Words: []string{"alpha", "", "γάμμα"}, Chunks: [][]byte{{}, {0x00, 0xff}},
			Colors: []derived.Color{protoRed, protoInfrared, protoRed},
			Items:  []*derived.LineItem{lineItem("A-1", 3, 1999, protoRed), lineItem("B-2", -1, 1<<62, protoInfrared)},
			Grid:   []*derived.NumberRow{row(1, 2, 3), row(), row(-4)}},
		&derived.Repeats{
			Flags: []bool{false}, Numbers: []int32{math.MinInt32, 7},
			BigNumbers: []int64{1, 2, 3}, Ratios: []float64{1e100},
			Words: []string{"ω", "beta"}, Chunks: [][]byte{{0xff}, {}, {1, 2}},
			Colors: []derived.Color{protoBlue, protoGreen},
			Items:  []*derived.LineItem{lineItem("C-3", 4, -5, protoGreen)},
			Grid:   []*derived.NumberRow{row(), row(9, 8), row()}}},
	{"lists_unpacked", &derived.Repeats{Unpacked: []int32{5, -6, 7}}, &derived.Repeats{Unpacked: []int32{8}}},
	{"lists_empty", &derived.Repeats{}, &derived.Repeats{Numbers: []int32{0}}},
	{"lists_long", &derived.Repeats{Numbers: squares(2000)}, &derived.Repeats{Numbers: minusTriples(2000)}},
	{"doubles_special",
		&derived.Repeats{Ratios: []float64{math.NaN(), math.Inf(1), math.Inf(-1), negativeZero, 0.1}},
		&derived.Repeats{Ratios: []float64{negativeZero, math.Inf(-1), math.NaN(), math.Inf(1), 0.2, 0}}},
}

func itemList(items ...*derived.LineItem) *derived.LineItemList {
	return &derived.LineItemList{Items: items}
}

var dictionarySamples = []sample[*derived.Dictionaries]{
	{"maps_int_key",
		&derived.Dictionaries{ByNumber: map[int32]string{0: "zero", -1: "", math.MaxInt32: "max"},
			ByBigNumber: map[int64]*derived.LineItem{math.MaxInt64: lineItem("M", 1, 2, protoRed)}},
		&derived.Dictionaries{ByNumber: map[int32]string{math.MinInt32: "min"},
			ByBigNumber: map[int64]*derived.LineItem{math.MinInt64: lineItem("N", 3, 4, protoBlue), 5: lineItem("O", 5, 6, protoGreen)}}},
	{"maps_string_key",
		&derived.Dictionaries{ByName: map[string]int64{"": 1, "ключ": math.MinInt64, "b": 0}},
		&derived.Dictionaries{ByName: map[string]int64{"k": math.MaxInt64}}},
	{"maps_bool_key",
		&derived.Dictionaries{ByFlag: map[bool]string{true: "yes", false: ""}},
		&derived.Dictionaries{ByFlag: map[bool]string{false: "no"}}},
	{"maps_enum_value",
		&derived.Dictionaries{ColorByName: map[string]derived.Color{"r": protoRed, "i": protoInfrared}},
		&derived.Dictionaries{ColorByName: map[string]derived.Color{"g": protoGreen}}},
	{"maps_nested",
		&derived.Dictionaries{Groups: map[string]*derived.LineItemList{"g": itemList(lineItem("A", 1, 2, protoRed)), "none": itemList()}},
		&derived.Dictionaries{Groups: map[string]*derived.LineItemList{"h": itemList(lineItem("B", 2, 3, protoBlue), lineItem("C", 3, 4, protoGreen))}}},
	{"maps_empty", &derived.Dictionaries{}, &derived.Dictionaries{ByName: map[string]int64{"": 0}}},
}

var purchaseSamples = []sample[*derived.Purchase]{
	{"nested",
		&derived.Purchase{Buyer: &derived.Buyer{Name: "Ada", Home: &derived.PostalAddress{Street: "Unter den Linden 1", Zip: 10117}},
			Lines: []*derived.LineItem{lineItem("A-1", 2, 1050, protoGreen)}, TotalCents: 2100},
		&derived.Purchase{Buyer: &derived.Buyer{Name: "Bob", Home: &derived.PostalAddress{},
			Work: &derived.Buyer_Contact{Email: "bob@example.com", Address: &derived.PostalAddress{Street: "Main St", Zip: 94105}}}, TotalCents: -1}},
	{"nested_home",
		&derived.Purchase{Buyer: &derived.Buyer{Name: "Ada", Home: &derived.PostalAddress{Street: "Unter den Linden 1", Zip: 10117}},
			Lines: []*derived.LineItem{lineItem("A-1", 2, 1050, protoGreen)}, TotalCents: 2100},
		&derived.Purchase{Buyer: &derived.Buyer{Name: "Bob", Home: &derived.PostalAddress{}}, TotalCents: -1}},
}

func protoChain(prefix string, sign int32, count int) *derived.TreeNode {
	var node *derived.TreeNode
	for i := count - 1; i >= 0; i-- {
		node = &derived.TreeNode{Label: fmt.Sprint(prefix, i), Weight: sign * int32(i), Tail: node}
	}
	return node
}

func treeNode(label string, weight int32, children ...*derived.TreeNode) *derived.TreeNode {
	return &derived.TreeNode{Label: label, Weight: weight, Children: children}
}

var treeSamples = []sample[*derived.TreeNode]{
	{"recursive_chain", protoChain("n", 1, 24), protoChain("a", -1, 20)},
	{"recursive_bush",
		treeNode("root", 1, treeNode("l", 2, treeNode("ll", 3)), treeNode("r", 4)),
		treeNode("ROOT", -1, treeNode("only", -2, treeNode("x", -3), treeNode("y", -4)))},
}

var presenceSamples = []sample[*derived.Presence]{
	{"optional_unset", &derived.Presence{}, &derived.Presence{Number: ptr[int32](1)}},
	{"optional_to_unset", &derived.Presence{Number: ptr[int32](1)}, &derived.Presence{}},
	{"optional_zero",
		&derived.Presence{Flag: ptr(false), Number: ptr[int32](0), BigNumber: ptr[int64](0), Ratio: ptr(0.0), Color: ptr(derived.Color_COLOR_UNSPECIFIED)},
		&derived.Presence{Number: ptr[int32](0), Ratio: ptr(0.0)}},
	{"optional_empty",
		&derived.Presence{Text: ptr(""), Content: []byte{}, Item: &derived.LineItem{}},
		&derived.Presence{Content: []byte{}}},
	{"optional_set",
		&derived.Presence{Flag: ptr(true), Number: ptr[int32](-5), BigNumber: ptr[int64](6), Ratio: ptr(0.25), Text: ptr("t"),
			Content: []byte{1}, Color: ptr(protoBlue), Item: lineItem("S", 1, 1, protoRed)},
		&derived.Presence{Flag: ptr(false), Number: ptr[int32](5), BigNumber: ptr[int64](-6), Ratio: ptr(-0.25), Text: ptr("u"),
			Content: []byte{2}, Color: ptr(protoInfrared), Item: lineItem("T", 2, 2, protoGreen)}},
}

var coatingSamples = []sample[*derived.Coating]{
	{"enum_known", &derived.Coating{Color: protoBlue, Layers: 41}, &derived.Coating{Color: protoGreen, Layers: 42}},
	{"enum_unknown", &derived.Coating{Color: derived.Color(77), Layers: 43}, &derived.Coating{Color: derived.Color(78), Layers: 44}},
}

func wordList(words ...string) *derived.WordList { return &derived.WordList{Words: words} }

var selectionSamples = []sample[*derived.Selection]{
	{"union_number", &derived.Selection{Number: ptr[int32](-9)}, &derived.Selection{Text: ptr("number seen")}},
	{"union_zero", &derived.Selection{Number: ptr[int32](0)}, &derived.Selection{Text: ptr("")}},
	{"union_text", &derived.Selection{Text: ptr("tëxt")}, &derived.Selection{Number: ptr[int32](12)}},
	{"union_bytes", &derived.Selection{Content: []byte{0x00, 0xff}}, &derived.Selection{Flag: ptr(false)}},
	{"union_struct", &derived.Selection{Item: lineItem("U", 1, 2, protoRed)}, &derived.Selection{Content: []byte{0x7f, 0x80}}},
	{"union_list", &derived.Selection{Words: wordList("w", "")}, &derived.Selection{Item: lineItem("V", 3, 4, protoBlue)}},
	{"union_enum", &derived.Selection{Color: ptr(protoInfrared)}, &derived.Selection{Words: wordList("one", "two")}},
	{"union_flag", &derived.Selection{Flag: ptr(true)}, &derived.Selection{Color: ptr(protoGreen)}},
	{"union_unset", &derived.Selection{}, &derived.Selection{Number: ptr[int32](0)}},
}

func moments(seconds int64, nanos int32, lastedSeconds int64, lastedNanos int32) *derived.Moments {
	return &derived.Moments{CreatedAt: &derived.Timestamp{Seconds: seconds, Nanos: nanos},
		Lasted: &derived.Duration{Seconds: lastedSeconds, Nanos: lastedNanos}}
}

var momentSamples = []sample[*derived.Moments]{
	{"timestamp", moments(1709210096, 789000000, 0, 1000000), moments(-1, 999000000, 0, 2000000)},
	{"duration", moments(0, 1000000, 90061, 1000000), moments(0, 2000000, -1, -500000000)},
}

var severalProto = &derived.SeveralRequest{First: -7, Second: "zwölf", Third: []int64{1, -2, math.MaxInt64}, Fourth: protoBlue,
	Fifth: lineItem("A-1", 3, 1999, protoRed)}
