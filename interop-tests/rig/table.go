package main

import (
	"fmt"
	"strings"
)

// result of a row, for people and for machines.
type result struct {
	Row      string  `json:"row"`
	Fault    string  `json:"fault"`
	Pass     bool    `json:"pass"`
	Checks   []check `json:"checks"`
	Error    string  `json:"error,omitempty"`
	Seconds  float64 `json:"seconds"`
	Repeated bool    `json:"repeated,omitempty"`
	onTime   bool
}

// printTable: a line a row, when all are over.
func printTable(results []result) {
	fmt.Println()
	for _, r := range results {
		word, why := "PASS", ""
		if !r.Pass {
			word = "FAIL"
			var misses []string
			for _, c := range r.Checks {
				for _, miss := range c.Misses {
					misses = append(misses, c.Name+": "+miss)
				}
			}
			if first, _, _ := strings.Cut(r.Error, "\n"); first != "" {
				misses = append(misses, first)
			}
			why = "  " + firstOf(strings.Join(misses, "; "), 160)
		}
		fmt.Printf("%s  %-22s %4.0f s  %s%s\n", word, r.Row, r.Seconds, r.Fault, why)
	}
}

func printHead() {
	fmt.Println(`row, fault
  P0 alive, no descriptor left over   P1 answers at a wrong caller or damaged   P2 ended too late
  P3 executed twice                   P4 calls beside the fault                 P5 memory before→after   P6 failed calls and their reasons`)
}

func (r result) print() {
	word := "PASS"
	if !r.Pass {
		word = "FAIL"
	}
	extra := ""
	if r.Repeated {
		extra = ", second run"
	}
	fmt.Printf("\n%s  %s  %s  (%.0f s%s)\n", word, r.Row, r.Fault, r.Seconds, extra)
	var line strings.Builder
	for _, c := range r.Checks {
		text := c.Name + " " + c.Figure
		if c.Name == "mark" {
			text = c.Figure
		}
		if !c.Pass {
			text = "✗ " + text
		}
		if line.Len() > 0 && line.Len()+len(text) > 150 {
			fmt.Println("  " + line.String())
			line.Reset()
		}
		if line.Len() > 0 {
			line.WriteString(" · ")
		}
		line.WriteString(text)
	}
	if line.Len() > 0 {
		fmt.Println("  " + line.String())
	}
	for _, c := range r.Checks {
		for _, miss := range c.Misses {
			fmt.Printf("  ✗ %s: %s\n", c.Name, miss)
		}
	}
	if r.Error != "" {
		fmt.Println("  ✗ " + strings.ReplaceAll(r.Error, "\n", "\n    "))
	}
}

func firstOf(text string, length int) string {
	letters := []rune(text)
	if len(letters) <= length {
		return text
	}
	return string(letters[:length]) + "…"
}
