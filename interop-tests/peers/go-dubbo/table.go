package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"strings"
)

// The table that lib/samples.py makes of cases.yaml; the build script puts it here.
//
//go:embed cases.tsv
var cases_tsv string

// object is a JSON object whose members keep their order.
type object struct {
	names  []string
	values map[string]any
}

func (o *object) text(name string) string {
	text, _ := o.values[name].(string)
	return text
}

// entry is one case: what the table says of it.
type entry struct {
	name string
	*object
}

func (e entry) parameters() string {
	var names []string
	list, _ := e.values["parameters"].([]any)
	for _, one := range list {
		names = append(names, one.(string))
	}
	return strings.Join(names, ",")
}

func (e entry) request() *object {
	request, _ := e.values["request"].(*object)
	return request
}

func (e entry) answers() bool {
	_, there := e.values["answer"]
	return there
}

// isOneCall says whether it is one call with one answer or exception, and values say everything about it.
func (e entry) isOneCall() bool {
	request := e.request()
	if request == nil || strings.HasPrefix(e.text("method"), "$") || e.text("method") == "noSuchMethod" {
		return false
	}
	for _, value := range request.values {
		if value == "$nonce" {
			return false
		}
	}
	_, throws := e.values["error"].(*object)
	return e.answers() || throws
}

// table holds every entry in its order.
var table = readTable()

func readTable() []entry {
	var entries []entry
	for _, line := range strings.Split(strings.TrimSuffix(cases_tsv, "\n"), "\n") {
		name, text, _ := strings.Cut(line, "\t")
		decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
		value, err := readValue(decoder)
		if err != nil {
			panic(name + ": " + err.Error())
		}
		entries = append(entries, entry{name, value.(*object)})
	}
	return entries
}

func entryOf(name string) entry {
	for _, one := range table {
		if one.name == name {
			return one
		}
	}
	return entry{}
}

func readValue(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('['):
		items := []any{}
		for decoder.More() {
			item, err := readValue(decoder)
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		_, err = decoder.Token()
		return items, err
	case json.Delim('{'):
		members := &object{values: map[string]any{}}
		for decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			value, err := readValue(decoder)
			if err != nil {
				return nil, err
			}
			members.names = append(members.names, name.(string))
			members.values[name.(string)] = value
		}
		_, err = decoder.Token()
		return members, err
	}
	return token, nil // a text or null
}
