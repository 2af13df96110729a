package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// sample is a case that is one request value and one answer value: the client
// sends the one and expects the other, the server the other way round.
type sample[T any] struct {
	name            string
	request, answer T
}

func ptr[T any](value T) *T { return &value }

var negativeZero = math.Copysign(0, -1)

// pattern is the byte string whose byte at i is i*step + start, modulo 256.
func pattern(count, step, start int) []byte {
	data := make([]byte, count)
	for i := range data {
		data[i] = byte(i*step + start)
	}
	return data
}

func squares(count int) []int32 {
	numbers := make([]int32, count)
	for i := range numbers {
		numbers[i] = int32(i * i)
	}
	return numbers
}

func minusTriples(count int) []int32 {
	numbers := make([]int32, count)
	for i := range numbers {
		numbers[i] = int32(-3 * i)
	}
	return numbers
}

// text is the comparable form of rendered data.
func text(rendered any) string {
	encoded, err := json.Marshal(rendered)
	if err != nil {
		return err.Error()
	}
	return string(encoded)
}

func renderDouble(value float64) any {
	shown := strconv.FormatFloat(value, 'g', -1, 64)
	if math.IsNaN(value) || math.IsInf(value, 0) || (value == 0 && math.Signbit(value)) {
		return shown
	}
	return json.Number(shown)
}

// longest text or byte string that is shown whole; longer ones become a head,
// the length and a hash, which still differ when the values differ.
const shown_bytes_max = 96

func shorten(shown, whole string) string {
	if len(whole) <= shown_bytes_max {
		return shown
	}
	sum := sha256.Sum256([]byte(whole))
	return fmt.Sprintf("%.24s… (%d bytes, sha256 %x)", shown, len(whole), sum[:8])
}
