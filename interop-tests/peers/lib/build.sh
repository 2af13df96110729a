# Shared by the peers' build scripts: sourced with $peer_dir set. Gives
#   out       where this peer is built (build/interop/<peer>)
#   contract  the folder of contract.thrift and contract.proto
#   derived   the folder of the derived IDLs, "" when they have not been made
#   unchanged FILE… : true when the last build was made from exactly these files
#   built FILE…     : remembers them
set -euo pipefail
peer=$(basename "$peer_dir")
root=$(cd "$peer_dir/../../.." && pwd)
out=${KOINE_INTEROP_OUT:-$root/build/interop}/$peer
contract=$root/interop-tests/contract
derived=${KOINE_INTEROP_OUT:-$root/build/interop}/derived
[ -f "$derived/contract.proto" ] && [ -f "$derived/contract.thrift" ] || derived=
mkdir -p "$out"

fingerprint() { sha256sum "$@" "$root/interop-tests/peers/lib/build.sh" | sha256sum; }
unchanged() { [ -f "$out/.built" ] && [ "$(cat "$out/.built")" = "$(fingerprint "$@")" ]; }
built() { fingerprint "$@" > "$out/.built"; }
