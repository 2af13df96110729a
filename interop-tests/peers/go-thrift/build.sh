# Shared by the two builds of the Go Thrift peer, with the library as old as the IDL compiler and with the newest.
. "$peer_dir/../go/build.sh"
sources=$peer_dir/../go-thrift

inputs=("$peer_dir"/* "$sources"/* "${go_shared[@]}" "$contract/contract.thrift" ${derived:+"$derived/contract.thrift" "$derived/java.thrift" "${java_values[@]}"})
unchanged "${inputs[@]}" && [ -x "$out/peer" ] && exit 0

module "$@"
generate() { thrift -out "$out/src/gen" --gen "go:package_prefix=koine.dev/interop/go-thrift/gen/,skip_remote" "$1" > "$out/thrift.log" 2>&1 || { cat "$out/thrift.log" >&2; exit 1; }; }
generate "$contract/contract.thrift"
tags=
if [ -n "$derived" ]; then
  mkdir -p "$out/src/idl"
  sed -E '/^namespace +([*]|go)[[:space:]]/d' "$derived/contract.thrift" | { echo 'namespace go derived'; cat; } > "$out/src/idl/derived.thrift"
  generate "$out/src/idl/derived.thrift"
  derived_from_java 'namespace go javas'
  generate "$out/idl/javas.thrift"
  cp "$out/javas.values" "$out/src/"
  tags=derived
fi
go_program "$tags"
built "${inputs[@]}"
