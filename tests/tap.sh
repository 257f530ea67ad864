# shellcheck shell=sh disable=SC2034 # its users set and read these
# TAP for shell tests: . tests/tap.sh; it runs with the repository as working folder.
# $bantin is the program, $tmp a folder of the test's own below the build folder.
BUILD=${BUILD:-build}
bantin=$(cd "$BUILD" && pwd)/bantin
tmp=$(pwd)/$BUILD/tmp/${0##*/}.$$
mkdir -p "$tmp"
trap 'rm -rf "$tmp"' EXIT
export LC_ALL=C.UTF-8 BANTIN_LANG=vi XDG_STATE_HOME="$tmp/state" XDG_CACHE_HOME="$tmp/cache"
tap_n=0

# ok WHAT COMMAND ARG…: the command succeeds.
ok() {
    tap_what=$1
    shift
    tap_n=$((tap_n + 1))
    if "$@" >"$tmp/.out" 2>&1; then
        echo "ok $tap_n - $tap_what"
    else
        echo "not ok $tap_n - $tap_what"
        sed 's/^/# /' "$tmp/.out"
    fi
}

# is GOT WANT WHAT
is() {
    tap_n=$((tap_n + 1))
    if [ "$1" = "$2" ]; then
        echo "ok $tap_n - $3"
    else
        echo "not ok $tap_n - $3"
        printf '%s\n' "got:  $1" "want: $2" | sed 's/^/# /'
    fi
}

# like TEXT PATTERN WHAT: PATTERN is a case pattern
like() {
    tap_n=$((tap_n + 1))
    # shellcheck disable=SC2254
    case $1 in
    $2) echo "ok $tap_n - $3" ;;
    *)
        echo "not ok $tap_n - $3"
        printf '%s\n' "got:  $1" "want: $2" | sed 's/^/# /'
        ;;
    esac
}

# exits CODE WHAT COMMAND ARG…: its output is in $out
exits() {
    tap_code=$1 tap_what=$2
    shift 2
    out=$("$@" 2>&1)
    is $? "$tap_code" "$tap_what"
}

# tone_voices: $voices, a folder with the language's tables and two presenters of one tone
tone_voices() {
    voices=$tmp/voices
    mkdir -p "$voices/vi"
    cp voices/vi/*.tsv "$voices/vi/"
    for tap_v in nu nam; do
        printf 'title\tThử\nengine\ttone\nhz\t300\nsyllable\t70\n' >"$voices/$tap_v.voice"
    done
}

skip() {
    tap_n=$((tap_n + 1))
    echo "ok $tap_n # SKIP $1"
}

done_testing() {
    echo "1..$tap_n"
}
