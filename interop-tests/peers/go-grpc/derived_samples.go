//go:build derived

package main

import (
	"fmt"
	"math"
	"strings"

	"google.golang.org/protobuf/proto"

	"google.golang.org/grpc/codes"

	"koine.dev/interop/go-grpc/gen/derivedpb"
	"koine.dev/interop/go-grpc/gen/newerpb"
)

// The values of contract.thrift's cases in the types of the proto that Koine
// derives from it: small integers are int32, enum keys are their numbers, a
// container inside a container is a message with one field `value`.

func int32List(values ...int32) *derivedpb.ListOfInt32 { return &derivedpb.ListOfInt32{Value: values} }

func items(values ...*derivedpb.Item) *derivedpb.ListOfItem {
	return &derivedpb.ListOfItem{Value: values}
}

func table(entries map[int32]string) *derivedpb.MapOfInt32ToString {
	return &derivedpb.MapOfInt32ToString{Value: entries}
}

const (
	thriftRed      = derivedpb.Colour_COLOUR_RED
	thriftGreen    = derivedpb.Colour_COLOUR_GREEN
	thriftBlue     = derivedpb.Colour_COLOUR_BLUE
	thriftInfrared = derivedpb.Colour_COLOUR_INFRARED
)

func item(sku string, quantity int32, priceCents int64, colour derivedpb.Colour) *derivedpb.Item {
	return &derivedpb.Item{Sku: sku, Quantity: quantity, PriceCents: priceCents, Colour: colour}
}

var scalarSamples = []sample[*derivedpb.Scalars]{
	{"scalars_max",
		&derivedpb.Scalars{Open: true, Tiny: math.MaxInt8, Small: math.MaxInt16, Medium: math.MaxInt32, Large: math.MaxInt64, Ratio: math.MaxFloat64},
		&derivedpb.Scalars{Shut: true, Tiny: 126, Small: 32766, Medium: 2147483646, Large: 9223372036854775806, Ratio: 1.7976931348623155e308}},
	{"scalars_min",
		&derivedpb.Scalars{Open: true, Tiny: math.MinInt8, Small: math.MinInt16, Medium: math.MinInt32, Large: math.MinInt64, Ratio: math.SmallestNonzeroFloat64},
		&derivedpb.Scalars{Open: true, Shut: true, Tiny: -127, Small: -32767, Medium: -2147483647, Large: -9223372036854775807, Ratio: -math.SmallestNonzeroFloat64}},
	{"scalars_zero", &derivedpb.Scalars{}, &derivedpb.Scalars{Medium: -1}},
	// 128 is no i8, so no answer is right.
	{"i8_out_of_range", &derivedpb.Scalars{Tiny: 128}, &derivedpb.Scalars{}},
}

func payloadTexts(name, request, answer string) sample[*derivedpb.Payload] {
	return sample[*derivedpb.Payload]{name, &derivedpb.Payload{Text: request}, &derivedpb.Payload{Text: answer}}
}

func payloadBytes(name string, request, answer []byte) sample[*derivedpb.Payload] {
	return sample[*derivedpb.Payload]{name, &derivedpb.Payload{Data: request}, &derivedpb.Payload{Data: answer}}
}

var payloadSamples = []sample[*derivedpb.Payload]{
	payloadTexts("text_empty", "", "not empty"),
	payloadTexts("text_to_empty", "not empty", ""),
	payloadTexts("text_cjk", "你好，世界", "さようなら 안녕"),
	payloadTexts("text_emoji", "😀 👩‍👩‍👧 𝄞", "🚀é\x00\t\"\\ end"),
	payloadTexts("text_64k", strings.Repeat("0123456789abcdef", 4096), strings.Repeat("fedcba987654321é", 4096)),
	payloadBytes("bytes_empty", []byte{}, []byte{0}),
	payloadBytes("bytes_all", pattern(256, 1, 0), pattern(256, 255, 255)),
	payloadBytes("body_1mib", pattern(1<<20, 7, 3), pattern(1<<20, 11, 5)),
}

var listSamples = []sample[*derivedpb.Lists]{
	{"lists_full",
		&derivedpb.Lists{
			Flags: []bool{true, false, true}, Numbers: []int32{1, -1, 0, math.MaxInt32},
			BigNumbers: []int64{math.MaxInt64, math.MinInt64}, Ratios: []float64{0.5, -2.25},
			Words: []string{"alpha", "", "γάμμα"}, Chunks: [][]byte{{}, {0x00, 0xff}},
			Colours: []derivedpb.Colour{thriftRed, thriftInfrared, thriftRed},
			Items:   []*derivedpb.Item{item("A-1", 3, 1999, thriftRed), item("B-2", -1, 1<<62, thriftInfrared)},
			Grid:    []*derivedpb.ListOfInt32{int32List(1, 2, 3), int32List(), int32List(-4)}},
		&derivedpb.Lists{
			Flags: []bool{false}, Numbers: []int32{math.MinInt32, 7},
			BigNumbers: []int64{1, 2, 3}, Ratios: []float64{1e100},
			Words: []string{"ω", "beta"}, Chunks: [][]byte{{0xff}, {}, {1, 2}},
			Colours: []derivedpb.Colour{thriftBlue, thriftGreen},
			Items:   []*derivedpb.Item{item("C-3", 4, -5, thriftGreen)},
			Grid:    []*derivedpb.ListOfInt32{int32List(), int32List(9, 8), int32List()}}},
	{"lists_empty", &derivedpb.Lists{}, &derivedpb.Lists{Numbers: []int32{0}}},
	{"lists_long", &derivedpb.Lists{Numbers: squares(2000)}, &derivedpb.Lists{Numbers: minusTriples(2000)}},
	{"doubles_special",
		&derivedpb.Lists{Ratios: []float64{math.NaN(), math.Inf(1), math.Inf(-1), negativeZero, 0.1}},
		&derivedpb.Lists{Ratios: []float64{negativeZero, math.Inf(-1), math.NaN(), math.Inf(1), 0.2, 0}}},
}

var setSamples = []sample[*derivedpb.Sets]{
	{"sets_full",
		&derivedpb.Sets{NumberSet: []int32{3, -1, math.MaxInt32}, WordSet: []string{"x", "", "ö"}, ColourSet: []derivedpb.Colour{thriftRed, thriftInfrared}},
		&derivedpb.Sets{NumberSet: []int32{0, math.MinInt32}, WordSet: []string{"y"}, ColourSet: []derivedpb.Colour{thriftBlue, thriftGreen, thriftRed}}},
	{"sets_empty", &derivedpb.Sets{}, &derivedpb.Sets{NumberSet: []int32{0}}},
}

var mapSamples = []sample[*derivedpb.Maps]{
	{"maps_int_key",
		&derivedpb.Maps{ByNumber: map[int32]string{0: "zero", -1: "", math.MaxInt32: "max"},
			ByBigNumber: map[int64]*derivedpb.Item{math.MaxInt64: item("M", 1, 2, thriftRed)}},
		&derivedpb.Maps{ByNumber: map[int32]string{math.MinInt32: "min"},
			ByBigNumber: map[int64]*derivedpb.Item{math.MinInt64: item("N", 3, 4, thriftBlue), 5: item("O", 5, 6, thriftGreen)}}},
	{"maps_string_key",
		&derivedpb.Maps{ByName: map[string]int64{"": 1, "ключ": math.MinInt64, "b": 0}},
		&derivedpb.Maps{ByName: map[string]int64{"k": math.MaxInt64}}},
	{"maps_enum_key",
		&derivedpb.Maps{ByColour: map[int32]string{int32(thriftRed): "r", int32(thriftInfrared): ""}},
		&derivedpb.Maps{ByColour: map[int32]string{int32(thriftGreen): "g", int32(thriftBlue): "b"}}},
	{"maps_nested",
		&derivedpb.Maps{Groups: map[string]*derivedpb.ListOfItem{"g": items(item("A", 1, 2, thriftRed)), "none": items()}},
		&derivedpb.Maps{Groups: map[string]*derivedpb.ListOfItem{"h": items(item("B", 2, 3, thriftBlue), item("C", 3, 4, thriftGreen))}}},
	{"maps_of_maps",
		&derivedpb.Maps{Tables: map[string]*derivedpb.MapOfInt32ToString{"t": table(map[int32]string{1: "one", 2: "two"}), "empty": table(nil)}},
		&derivedpb.Maps{Tables: map[string]*derivedpb.MapOfInt32ToString{"u": table(map[int32]string{-1: ""})}}},
	{"maps_empty", &derivedpb.Maps{}, &derivedpb.Maps{ByName: map[string]int64{"": 0}}},
}

var orderSamples = []sample[*derivedpb.Order]{
	{"nested",
		&derivedpb.Order{Customer: &derivedpb.Customer{Name: "Ada", Home: &derivedpb.Address{Street: "Unter den Linden 1", Zip: 10117}},
			Lines: []*derivedpb.Item{item("A-1", 2, 1050, thriftGreen)}, TotalCents: 2100},
		&derivedpb.Order{Customer: &derivedpb.Customer{Name: "Bob", Home: &derivedpb.Address{}, Work: &derivedpb.Address{Street: "Main St", Zip: 94105}},
			TotalCents: -1}},
	{"nested_home",
		&derivedpb.Order{Customer: &derivedpb.Customer{Name: "Ada", Home: &derivedpb.Address{Street: "Unter den Linden 1", Zip: 10117}},
			Lines: []*derivedpb.Item{item("A-1", 2, 1050, thriftGreen)}, TotalCents: 2100},
		&derivedpb.Order{Customer: &derivedpb.Customer{Name: "Bob", Home: &derivedpb.Address{}},
			TotalCents: -1}},
}

func nodeChain(prefix string, sign int32, count int) *derivedpb.Node {
	var node *derivedpb.Node
	for i := count - 1; i >= 0; i-- {
		node = &derivedpb.Node{Name: fmt.Sprint(prefix, i), Weight: sign * int32(i), Following: node}
	}
	return node
}

func branch(name string, weight int32, children ...*derivedpb.Node) *derivedpb.Node {
	return &derivedpb.Node{Name: name, Weight: weight, Children: children}
}

var nodeSamples = []sample[*derivedpb.Node]{
	{"recursive_chain", nodeChain("n", 1, 24), nodeChain("a", -1, 20)},
	{"recursive_bush",
		branch("root", 1, branch("l", 2, branch("ll", 3)), branch("r", 4)),
		branch("ROOT", -1, branch("only", -2, branch("x", -3), branch("y", -4)))},
}

var optionalSamples = []sample[*derivedpb.Optionals]{
	{"optional_unset", &derivedpb.Optionals{}, &derivedpb.Optionals{Number: ptr[int32](1)}},
	{"optional_to_unset", &derivedpb.Optionals{Number: ptr[int32](1)}, &derivedpb.Optionals{}},
	{"optional_zero",
		&derivedpb.Optionals{Flag: ptr(false), Number: ptr[int32](0), BigNumber: ptr[int64](0), Ratio: ptr(0.0)},
		&derivedpb.Optionals{Number: ptr[int32](0), Ratio: ptr(0.0)}},
	{"optional_empty",
		&derivedpb.Optionals{Text: ptr(""), Data: []byte{}, Item: item("", 0, 0, thriftRed)},
		&derivedpb.Optionals{Data: []byte{}}},
	{"optional_empty_list", &derivedpb.Optionals{Numbers: int32List()}, &derivedpb.Optionals{Text: ptr(""), Numbers: int32List()}},
	{"optional_set",
		&derivedpb.Optionals{Flag: ptr(true), Number: ptr[int32](-5), BigNumber: ptr[int64](6), Ratio: ptr(0.25), Text: ptr("t"),
			Data: []byte{1}, Colour: ptr(thriftBlue), Item: item("S", 1, 1, thriftRed)},
		&derivedpb.Optionals{Flag: ptr(false), Number: ptr[int32](5), BigNumber: ptr[int64](-6), Ratio: ptr(-0.25), Text: ptr("u"),
			Data: []byte{2}, Colour: ptr(thriftInfrared), Item: item("T", 2, 2, thriftGreen)}},
	{"optional_list", &derivedpb.Optionals{Numbers: int32List(4, 5)}, &derivedpb.Optionals{Numbers: int32List(6)}},
}

var paintSamples = []sample[*derivedpb.Paint]{
	{"enum_known", &derivedpb.Paint{Colour: thriftBlue, Coats: 41}, &derivedpb.Paint{Colour: thriftGreen, Coats: 42}},
	{"enum_unknown", &derivedpb.Paint{Colour: derivedpb.Colour(77), Coats: 43}, &derivedpb.Paint{Colour: derivedpb.Colour(78), Coats: 44}},
}

func pick(choice *derivedpb.Choice) *derivedpb.Pick { return &derivedpb.Pick{Choice: choice} }

func pickNumber(value int32) *derivedpb.Pick {
	return pick(&derivedpb.Choice{Choice: &derivedpb.Choice_Number{Number: value}})
}

func pickText(value string) *derivedpb.Pick {
	return pick(&derivedpb.Choice{Choice: &derivedpb.Choice_Text{Text: value}})
}

func pickData(value ...byte) *derivedpb.Pick {
	return pick(&derivedpb.Choice{Choice: &derivedpb.Choice_Data{Data: value}})
}

func pickItem(value *derivedpb.Item) *derivedpb.Pick {
	return pick(&derivedpb.Choice{Choice: &derivedpb.Choice_Item{Item: value}})
}

func pickWords(values ...string) *derivedpb.Pick {
	return pick(&derivedpb.Choice{Choice: &derivedpb.Choice_Words{Words: &derivedpb.ListOfString{Value: values}}})
}

func pickColour(value derivedpb.Colour) *derivedpb.Pick {
	return pick(&derivedpb.Choice{Choice: &derivedpb.Choice_Colour{Colour: value}})
}

func pickFlag(value bool) *derivedpb.Pick {
	return pick(&derivedpb.Choice{Choice: &derivedpb.Choice_Flag{Flag: value}})
}

var pickSamples = []sample[*derivedpb.Pick]{
	{"union_number", pickNumber(-9), pickText("number seen")},
	{"union_zero", pickNumber(0), pickText("")},
	{"union_text", pickText("tëxt"), pickNumber(12)},
	{"union_bytes", pickData(0x00, 0xff), pickFlag(false)},
	{"union_struct", pickItem(item("U", 1, 2, thriftRed)), pickData(0x7f, 0x80)},
	{"union_list", pickWords("w", ""), pickItem(item("V", 3, 4, thriftBlue))},
	{"union_enum", pickColour(thriftInfrared), pickWords("one", "two")},
	{"union_flag", pickFlag(true), pickColour(thriftGreen)},
}

var timeSamples = []sample[*derivedpb.Times]{
	{"timestamp", &derivedpb.Times{CreatedAt: 1709210096789, Lasted: 1}, &derivedpb.Times{CreatedAt: -1, Lasted: 2}},
	{"duration", &derivedpb.Times{CreatedAt: 1, Lasted: 90061001}, &derivedpb.Times{CreatedAt: 2, Lasted: -1500}},
	{"decimal", &derivedpb.Times{CreatedAt: 1, Lasted: 1, Price: "12.340"}, &derivedpb.Times{CreatedAt: 2, Lasted: 2, Price: "-99999999999999999999.0100"}},
}

var (
	thriftSeveral = &derivedpb.SeveralRequest{First: -7, Second: "zwölf", Third: []int64{1, -2, math.MaxInt64}, Fourth: thriftBlue,
		Fifth: item("A-1", 3, 1999, thriftRed)}
)

// declared are the two exceptions; the text of their status is the gateway's.
var declared = map[string]struct {
	code   codes.Code
	detail proto.Message
}{
	"declared_exception_a": {codes.NotFound, &derivedpb.NotFound{Resource: "shelf/ä", Id: -12}},
	"declared_exception_b": {codes.ResourceExhausted,
		&derivedpb.OverQuota{Message: "over quota: 100 %", Limit: 100, Item: item("Q", 101, 5, thriftInfrared)}},
}

// The values of newer.thrift's cases: a Thrift uuid is a text in the derived .proto.
var newerSamples = map[string]struct{ request, answer *newerpb.Badge }{
	"uuid": {
		&newerpb.Badge{CaseId: "uuid", Id: "00112233-4455-6677-8899-aabbccddeeff"},
		&newerpb.Badge{CaseId: "uuid.answer", Id: "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
			Parent: ptr("00000000-0000-0000-0000-000000000000")},
	},
	"uuid_containers": {
		&newerpb.Badge{CaseId: "uuid_containers", Id: "00112233-4455-6677-8899-aabbccddeeff",
			Seen:  &newerpb.ListOfUuid{Value: []string{"ffffffff-ffff-ffff-ffff-ffffffffffff", "00000000-0000-0000-0000-000000000000"}},
			Names: &newerpb.MapOfUuidToString{Value: map[string]string{"01234567-89ab-cdef-0123-456789abcdef": "one"}}},
		&newerpb.Badge{CaseId: "uuid_containers.answer", Id: "ffffffff-ffff-ffff-ffff-ffffffffffff",
			Seen: &newerpb.ListOfUuid{Value: []string{"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}},
			Names: &newerpb.MapOfUuidToString{Value: map[string]string{
				"00000000-0000-0000-0000-000000000000": "nobody", "01234567-89ab-cdef-0123-456789abcdef": "two"}}},
	},
}
