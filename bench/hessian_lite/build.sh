#!/usr/bin/env bash
# bench/hessian_lite/build.sh DIR: hessian-lite's side of bench/transcode into DIR/contender, with the thrift and protobuf code of
# bench/idl/order.* generated here and the libraries from Maven Central (from the local repository when it has them).
set -euo pipefail
out=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/lib/setup.sh"
idl=$root/bench/idl
mapfile -t inputs < <(find "$here" "$idl/java/order" -type f | sort)
print=$(sha256sum "${inputs[@]}" "$idl/order.thrift" "$idl/order.proto" | sha256sum)
[ -x "$out/contender" ] && [ "$(cat "$out/.built" 2>/dev/null)" = "$print" ] && exit 0

ensure_java
rm -rf "$out" && mkdir -p "$out/src"
cp "$here/pom.xml" "$out/"
cp -r "$here/src/." "$idl/java/order" "$out/src/"
# Thrift's classes of the unnamed package could not be imported.
{ echo "namespace java order_thrift" && cat "$idl/order.thrift"; } > "$out/order.thrift"
thrift --gen java:private_members,generated_annotations=suppress -out "$out/src" "$out/order.thrift"
protoc -I "$idl" --java_out="$out/src" "$idl/order.proto"
cd "$out"
mvn -q -B -o package > maven.log 2>&1 || mvn -q -B package > maven.log 2>&1 || { tail -n 40 maven.log >&2; exit 1; }
# The whole compiler, one thread of garbage collection: what it costs is all CPU time of the process.
cat > contender <<LAUNCHER
#!/bin/sh
here=\$(cd "\$(dirname "\$0")" && pwd)
exec java -XX:+UseSerialGC -Xms128m -Xmx128m -Xmn96m -cp "\$here/target/contender.jar:\$here/target/lib/*" bench.Contender "\$@"
LAUNCHER
chmod +x contender
echo "$print" > .built
