# Shared by the peers' build scripts: sourced with $peer_dir set. Gives
#   out       where this peer is built (build/interop/<peer>)
#   contract  the folder of contract.thrift and contract.proto
#   derived   the folder of the derived IDLs, "" when they have not been made
#   koine_protos  the import path of koine/options.proto, which derived .proto files name
#   unchanged FILE… : true when the last build was made from exactly these files
#   built FILE…     : remembers them
set -euo pipefail
peer=$(basename "$peer_dir")
root=$(cd "$peer_dir/../../.." && pwd)
out=${KOINE_INTEROP_OUT:-$root/build/interop}/$peer
contract=$root/interop-tests/contract
derived=${KOINE_INTEROP_OUT:-$root/build/interop}/derived
[ -f "$derived/contract.proto" ] && [ -f "$derived/contract.thrift" ] || derived=
koine_protos=$root/idl
mkdir -p "$out"

# derived_from_java NAMESPACE: $out/idl/javas.thrift, and the table of its values beside the program. The distribution's compiler does not
# know uuid: that one field is left out. $java_values are what they are made of.
java_values=("$root/interop-tests/peers/lib/samples.py" "$root/interop-tests/peers/lib/java_samples.py" "$contract/cases.yaml")
derived_from_java() {
  mkdir -p "$out/idl"
  sed -E '/^namespace /d; /optional uuid /d' "$derived/java.thrift" | { echo "$1"; cat; } > "$out/idl/javas.thrift"
  thrift -out "$out/idl" --gen json:merge "$out/idl/javas.thrift" > "$out/thrift.log" 2>&1 || { cat "$out/thrift.log" >&2; exit 1; }
  python3 "$root/interop-tests/peers/lib/java_samples.py" thrift "$contract/cases.yaml" "$contract/java" "$out/idl/javas.json" > "$out/javas.values"
}

# values_from_java: the table of values for the derived java.proto, beside the program.
values_from_java() {
  python3 "$root/interop-tests/peers/lib/java_samples.py" proto "$contract/cases.yaml" "$contract/java" "$derived/java.proto" > "$out/javas.values"
}

fingerprint() { sha256sum "$@" "$root/interop-tests/peers/lib/build.sh" | sha256sum; }
unchanged() { [ -f "$out/.built" ] && [ "$(cat "$out/.built")" = "$(fingerprint "$@")" ]; }
built() { fingerprint "$@" > "$out/.built"; }

# package_with_maven FOLDER: from the local repository alone when it has everything, else with the network.
package_with_maven() {
  local log=$out/maven.log
  (cd "$1" && mvn -q -B -o package) > "$log" 2>&1 && return 0
  # What the compiler refuses is refused with the network too.
  grep -q "COMPILATION ERROR" "$log" || { (cd "$1" && mvn -q -B package) > "$log" 2>&1 && return 0; }
  tail -n 40 "$log" >&2
  echo "$peer: Maven could not package it" >&2
  exit 1
}

# java_launcher MAIN_CLASS [OPTION]…: writes $out/peer, which starts the packaged jar.
java_launcher() {
  cat > "$out/peer" <<LAUNCHER
#!/bin/sh
here=\$(dirname "\$0")
exec java -XX:+UseSerialGC -Xmx192m -XX:TieredStopAtLevel=1 -Xshare:auto ${*:2} -cp "\$here/src/target/peer.jar:\$here/src/target/lib/*" $1 "\$@"
LAUNCHER
  chmod +x "$out/peer"
}

# compile_all FLAGS… -- SOURCE…: C++ into $out, two at a time; sets objects. -O1 and no debug information: peers have to be right, not fast.
compile_all() {
  local flags=() source object running=()
  while [ "$1" != -- ]; do flags+=("$1"); shift; done
  shift
  objects=()
  for source in "$@"; do
    object=$out/$(echo "${source#"$out/"}" | tr / _).o
    objects+=("$object")
    [ ${#running[@]} -lt 2 ] || { wait "${running[0]}"; running=("${running[@]:1}"); }
    $(command -v ccache || true) g++ -std=c++17 -O1 "${flags[@]}" -c "$source" -o "$object" &
    running+=($!)
  done
  for object in "${running[@]}"; do wait "$object"; done
}
