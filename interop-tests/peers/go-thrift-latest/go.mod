module koine.dev/interop/go-thrift

go 1.25

require github.com/apache/thrift v0.25.0
