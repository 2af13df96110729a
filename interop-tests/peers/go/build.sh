# Shared by the Go peers' build scripts, after lib/build.sh. A Go module is put together in the build folder, because
# generated code belongs to it: the peer's own files and those that all Go peers share.
go_shared=("$peer_dir"/../go/*.go "$peer_dir/../go/build.sh")

# module FOLDER…: a fresh $out/src with the Go files of FOLDER… and of peers/go, and the first FOLDER's go.mod.
module() {
  rm -rf "$out/src" && mkdir -p "$out/src/gen"
  cp "$1/go.mod" "$1/go.sum" "$peer_dir"/../go/*.go "$out/src/"
  local folder
  for folder in "$@"; do find "$folder" -maxdepth 1 -name '*.go' -exec cp {} "$out/src/" \;; done
}

# go_program TAGS
go_program() { (cd "$out/src" && CGO_ENABLED=0 GOFLAGS=-mod=mod go build -tags "$1" -o "$out/peer" .); }
