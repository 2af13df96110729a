# Shared by the builds of the Java Dubbo peer: with Dubbo 3.3, with 2.7 (a pom.xml of its own), and with 3.3 speaking Triple.
# The contract is a jar of its own, as the team ships it: Dubbo sends an exception of the interface's jar as it is, and others as text.
# build_dubbo_peer [JVM OPTION]…, in an environment with $environment
. "$peer_dir/../lib/build.sh"
. "$peer_dir/../lib/dubbo.sh"
sources=$peer_dir/../java-dubbo

build_dubbo_peer() {
  local inputs pom=$peer_dir/pom.xml
  [ -f "$pom" ] || pom=$sources/pom.xml
  mapfile -t inputs < <(find "$peer_dir" "$sources" "$contract/java" -type f | sort)
  inputs+=("$contract/cases.yaml" "$contract/contract.proto" "$peer_dir/../lib/samples.py" "$peer_dir/../lib/dubbo.sh")
  [ -z "$derived" ] || mapfile -t -O ${#inputs[@]} inputs < <(find "$derived/java" -name '*.java' | sort)
  unchanged "${inputs[@]}" && [ -x "$out/peer" ] && return 0

  rm -rf "$out/src" "$out/api" "$out/derived" "$out/cases" && mkdir -p "$out/src" "$out/api" "$out/cases"
  cp -r "$pom" "$sources/src" "$sources/resources" "$out/src/"
  find "$contract/java" -name '*.java' -print0 | xargs -0 javac --release 8 -Xlint:-options -encoding UTF-8 -d "$out/api"
  cp -r "$contract/java/security" "$out/api/"
  jar cf "$out/src/shop-api.jar" -C "$out/api" .
  python3 "$peer_dir/../lib/samples.py" java "$contract/cases.yaml" > "$out/cases/own.tsv"
  package_with_maven "$out/src"
  cp "$out/src/shop-api.jar" "$out/src/target/lib/"
  [ -z "$derived" ] || derived_jars
  dubbo_launcher "$@"
  built "${inputs[@]}"
}

# A jar of the sources that Koine derives from each of the other contracts, nothing else in it; the peer looks for their classes by name.
derived_jars() {
  local author
  for author in thrift proto; do
    mkdir -p "$out/derived/$author"
    find "$derived/java/$author" -name '*.java' -print0 | xargs -0 javac --release 8 -Xlint:-options -encoding UTF-8 -d "$out/derived/$author"
    jar cf "$out/src/target/lib/derived-$author.jar" -C "$out/derived/$author" .
    python3 "$peer_dir/../lib/samples.py" java "$contract/cases.yaml" "$author" "$contract/contract.proto" > "$out/cases/$author.tsv"
  done
}
