module koine.dev/interop/go-thrift

go 1.24

require github.com/apache/thrift v0.17.0
