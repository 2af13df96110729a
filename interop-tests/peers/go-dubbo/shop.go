package main

import (
	"time"

	hessian "github.com/apache/dubbo-go-hessian2"
	"github.com/apache/dubbo-go-hessian2/java8_time"
	"github.com/apache/dubbo-go-hessian2/java_exception"
	"github.com/apache/dubbo-go-hessian2/java_util"
	gxbig "github.com/dubbogo/gost/math/big"
)

// The classes of contract/java, as a Go team writes them down. A field is a pointer or an interface where Java's may be null;
// `full` is one that Java's class makes empty or zero. Lists whose elements are lists, or of several classes, are []any.

const shop_package = "koine.interop.shop."

type Colour hessian.JavaEnum

var colours = []string{"RED", "GREEN", "BLUE", "INFRARED"}

func (c Colour) String() string      { return colours[c] }
func (Colour) JavaClassName() string { return shop_package + "Colour" }
func (Colour) EnumValue(name string) hessian.JavaEnum {
	for i, one := range colours {
		if one == name {
			return hessian.JavaEnum(i)
		}
	}
	return hessian.InvalidJavaEnum
}

type Scalars struct {
	CaseId string        `hessian:"caseId"`
	Open   bool          `hessian:"open"`
	Shut   bool          `hessian:"shut"`
	Tiny   int8          `hessian:"tiny"`
	Small  int16         `hessian:"small"`
	Medium int32         `hessian:"medium"`
	Large  int64         `hessian:"large"`
	Ratio  float64       `hessian:"ratio"`
	Letter *hessian.Rune `hessian:"letter" full:""`
}

type Payload struct {
	CaseId string  `hessian:"caseId"`
	Text   *string `hessian:"text"`
	Data   []byte  `hessian:"data"`
}

type Item struct {
	Sku        string `hessian:"sku"`
	Quantity   int32  `hessian:"quantity"`
	PriceCents int64  `hessian:"priceCents"`
	Colour     Colour `hessian:"colour"`
}

type GiftItem struct {
	Item
	Wrapping *string `hessian:"wrapping"`
	Ribbon   *bool   `hessian:"ribbon"`
}

type Lists struct {
	CaseId     string    `hessian:"caseId"`
	Flags      []bool    `hessian:"flags" full:""`
	Numbers    []int32   `hessian:"numbers" full:""`
	BigNumbers []int64   `hessian:"bigNumbers" full:""`
	Ratios     []float64 `hessian:"ratios" full:""`
	Words      []string  `hessian:"words" full:""`
	Chunks     []any     `hessian:"chunks" full:"" of:"bytes"`
	Colours    []any     `hessian:"colours" full:"" of:"Colour"`
	Items      []*Item   `hessian:"items" full:""`
	Grid       []any     `hessian:"grid" full:"" of:"ints"`
}

type Sets struct {
	CaseId    string   `hessian:"caseId"`
	NumberSet []int32  `hessian:"numberSet" full:""`
	WordSet   []string `hessian:"wordSet" full:""`
	ColourSet []any    `hessian:"colourSet" full:"" of:"Colour"`
}

type Maps struct {
	CaseId       string           `hessian:"caseId"`
	ByNumber     map[int32]string `hessian:"byNumber" full:""`
	ByBigNumber  map[int64]*Item  `hessian:"byBigNumber" full:""`
	ByName       map[string]int64 `hessian:"byName" full:""`
	ByFlag       map[bool]string  `hessian:"byFlag" full:""`
	ByColour     map[any]any      `hessian:"byColour" full:"" key:"Colour"` // a key of type Colour would be written as its number
	ColourByName map[string]any   `hessian:"colourByName" full:"" of:"Colour"`
	Groups       map[string]any   `hessian:"groups" full:"" of:"Items"`
	Tables       map[string]any   `hessian:"tables" full:"" of:"table"`
}

type Address struct {
	Street string `hessian:"street"`
	Zip    int32  `hessian:"zip"`
}

type Customer struct {
	Name string   `hessian:"name"`
	Home *Address `hessian:"home"`
	Work *Address `hessian:"work"`
}

type Order struct {
	CaseId     string    `hessian:"caseId"`
	Customer   *Customer `hessian:"customer"`
	Lines      []*Item   `hessian:"lines" full:""`
	TotalCents int64     `hessian:"totalCents"`
}

type Node struct {
	Name     string  `hessian:"name"`
	Weight   int32   `hessian:"weight"`
	Children []*Node `hessian:"children" full:""`
	Next     *Node   `hessian:"next"`
}

type Optionals struct {
	CaseId    string           `hessian:"caseId"`
	Flag      *bool            `hessian:"flag"`
	Number    *int32           `hessian:"number"`
	BigNumber *int64           `hessian:"bigNumber"`
	Ratio     *float64         `hessian:"ratio"`
	Text      *string          `hessian:"text"`
	Data      []byte           `hessian:"data"`
	Colour    hessian.POJOEnum `hessian:"colour"`
	Item      *Item            `hessian:"item"`
	Numbers   []int32          `hessian:"numbers"`
}

type Paint struct {
	CaseId string           `hessian:"caseId"`
	Colour hessian.POJOEnum `hessian:"colour"`
	Coats  int32            `hessian:"coats"`
}

type Choice struct {
	Number *int32           `hessian:"number"`
	Text   *string          `hessian:"text"`
	Data   []byte           `hessian:"data"`
	Item   *Item            `hessian:"item"`
	Words  []string         `hessian:"words"`
	Colour hessian.POJOEnum `hessian:"colour"`
	Flag   *bool            `hessian:"flag"`
}

type Pick struct {
	CaseId string  `hessian:"caseId"`
	Choice *Choice `hessian:"choice"`
}

type Times struct {
	CaseId    string               `hessian:"caseId"`
	CreatedAt time.Time            `hessian:"createdAt"`
	Lasted    *java8_time.Duration `hessian:"lasted"`
	Price     *gxbig.Decimal       `hessian:"price"`
}

type Days struct {
	CaseId string                    `hessian:"caseId"`
	At     *java8_time.Instant       `hessian:"at"`
	Day    *java8_time.LocalDate     `hessian:"day"`
	Clock  *java8_time.LocalTime     `hessian:"clock"`
	Local  *java8_time.LocalDateTime `hessian:"local"`
}

type Odds struct {
	CaseId string          `hessian:"caseId"`
	Id     *java_util.UUID `hessian:"id"`
	Huge   *gxbig.Integer  `hessian:"huge"`
	Tiny   *int8           `hessian:"tiny"`
	Small  *int16          `hessian:"small"`
	Share  *float32        `hessian:"share"`
	Letter *string         `hessian:"letter"` // a nil *hessian.Rune cannot be written
	Counts []int32         `hessian:"counts"`
	Names  []string        `hessian:"names"`
	Items  []*Item         `hessian:"items"`
}

type Document struct {
	CaseId     string `hessian:"caseId"`
	Value      any    `hessian:"value"`
	Properties any    `hessian:"properties"` // a nil map is written as an empty one, and so is a nil []any
	Parts      any    `hessian:"parts"`
}

type Page struct {
	CaseId string `hessian:"caseId"`
	Number int32  `hessian:"number"`
	Last   bool   `hessian:"last"`
	Items  []any  `hessian:"items" full:""`
	Best   any    `hessian:"best"`
}

type Basket struct {
	CaseId string         `hessian:"caseId"`
	First  any            `hessian:"first" of:"Item"`
	Items  []any          `hessian:"items" full:"" of:"Item"`
	ByName map[string]any `hessian:"byName" full:"" of:"Item"`
}

type Ticket struct {
	Text  string `hessian:"text"`
	Count int32  `hessian:"count"`
}

type Seen struct {
	Posts          int32 `hessian:"posts"`
	Resets         int32 `hessian:"resets"`
	LingersStarted int32 `hessian:"lingersStarted"`
}

// Thrown is what every exception has.
type Thrown struct {
	DetailMessage        string                             `hessian:"detailMessage"`
	SuppressedExceptions []any                              `hessian:"suppressedExceptions" full:""`
	StackTrace           []java_exception.StackTraceElement `hessian:"stackTrace" full:""`
	Cause                java_exception.Throwabler          `hessian:"cause"`
}

func (t Thrown) Error() string                                     { return t.DetailMessage }
func (t Thrown) GetStackTrace() []java_exception.StackTraceElement { return t.StackTrace }

type NotFoundException struct {
	Thrown
	Resource string `hessian:"resource"`
	Id       int64  `hessian:"id"`
}

type OverQuotaException struct {
	Thrown
	Limit int32 `hessian:"limit"`
	Item  *Item `hessian:"item"`
}

type ShopClosedException struct {
	Thrown
	UntilHour int32 `hessian:"untilHour"`
}

func (*Scalars) JavaClassName() string            { return shop_package + "Scalars" }
func (*Payload) JavaClassName() string            { return shop_package + "Payload" }
func (*Item) JavaClassName() string               { return shop_package + "Item" }
func (*GiftItem) JavaClassName() string           { return shop_package + "GiftItem" }
func (*Lists) JavaClassName() string              { return shop_package + "Lists" }
func (*Sets) JavaClassName() string               { return shop_package + "Sets" }
func (*Maps) JavaClassName() string               { return shop_package + "Maps" }
func (*Address) JavaClassName() string            { return shop_package + "Address" }
func (*Customer) JavaClassName() string           { return shop_package + "Customer" }
func (*Order) JavaClassName() string              { return shop_package + "Order" }
func (*Node) JavaClassName() string               { return shop_package + "Node" }
func (*Optionals) JavaClassName() string          { return shop_package + "Optionals" }
func (*Paint) JavaClassName() string              { return shop_package + "Paint" }
func (*Choice) JavaClassName() string             { return shop_package + "Choice" }
func (*Pick) JavaClassName() string               { return shop_package + "Pick" }
func (*Times) JavaClassName() string              { return shop_package + "Times" }
func (*Days) JavaClassName() string               { return shop_package + "Days" }
func (*Odds) JavaClassName() string               { return shop_package + "Odds" }
func (*Document) JavaClassName() string           { return shop_package + "Document" }
func (*Page) JavaClassName() string               { return shop_package + "Page" }
func (*Basket) JavaClassName() string             { return shop_package + "Basket" }
func (*Ticket) JavaClassName() string             { return shop_package + "Ticket" }
func (*Seen) JavaClassName() string               { return shop_package + "Seen" }
func (*NotFoundException) JavaClassName() string  { return shop_package + "NotFoundException" }
func (*OverQuotaException) JavaClassName() string { return shop_package + "OverQuotaException" }
func (*ShopClosedException) JavaClassName() string {
	return shop_package + "ShopClosedException"
}

var classes = []hessian.POJO{&Scalars{}, &Payload{}, &Item{}, &GiftItem{}, &Lists{}, &Sets{}, &Maps{}, &Address{}, &Customer{}, &Order{}, &Node{},
	&Optionals{}, &Paint{}, &Choice{}, &Pick{}, &Times{}, &Days{}, &Odds{}, &Document{}, &Page{}, &Basket{}, &Ticket{}, &Seen{},
	&NotFoundException{}, &OverQuotaException{}, &ShopClosedException{}}

func init() {
	hessian.RegisterJavaEnum(Colour(0))
	for _, class := range classes {
		hessian.RegisterPOJO(class)
	}
}
