# The house: what make promises to people, and that lint sees what it is there to see.
. tests/tap.sh
root=$(pwd)
prefix=$(cat "$BUILD/gen/prefix")

# ---- make ----------------------------------------------------------------------------------------

for target in all check asan tsan valgrind fuzz coverage lint tidy bench install uninstall clean help dist; do
    ok "make help names $target" sh -c "make -s help | grep -q '^make $target '"
done

dest=$tmp/dest
make_here() { make -s BUILD="$BUILD" PREFIX="$prefix" DESTDIR="$dest" "$@"; }
exits 0 "make install" make_here install
ok "puts the program" test -x "$dest$prefix/bin/bantin"
ok "the man page" cmp src/bantin.1 "$dest$prefix/share/man/man1/bantin.1"
ok "and all voices" diff -r -x inbox -x out voices "$dest$prefix/share/bantin/voices"
is "$(echo "24/11" | BANTIN_VOICES="$dest$prefix/share/bantin/voices" "$dest$prefix/bin/bantin" read)" \
    "$(echo "24/11" | "$bantin" read)" "the installed program reads with the installed tables"
ok "and looks below its prefix" grep -q "$prefix/share/bantin/voices" "$dest$prefix/bin/bantin"
echo mine >"$dest$prefix/bin/other"
exits 0 "make uninstall" make_here uninstall
is "$(find "$dest" -type f)" "$dest$prefix/bin/other" "takes all of it away, and nothing else"

exits 0 "make dist" make_here dist
tar -tzf "$BUILD"/bantin-*.tar.gz >"$tmp/dist"
for file in Makefile README.md LICENSE src/bantin.1 src/main.c voices/vi/units.tsv scripts/morning tests/house.t; do
    ok "holds $file" grep -qE "^bantin-[0-9.]+/$file\$" "$tmp/dist"
done
ok "and nothing that was built" sh -c "! grep -E '/build/|\.o\$' '$tmp/dist'"

# ---- scripts -------------------------------------------------------------------------------------

exits 2 "deps of an unknown list" scripts/deps everything
like "$out" "usage:*build*test*" "names the lists"
exits 0 "deps that are here ask for nothing" scripts/deps build
is "$out" "" "and say nothing"

# ---- lint ----------------------------------------------------------------------------------------

planted=$tmp/planted
mkdir -p "$planted/src/base" "$planted/src/news" "$planted/src/air" "$planted/scripts" "$planted/voices" "$planted/tests" "$planted/.ci"
: >"$planted/README.md" >"$planted/Makefile" >"$planted/tests/tap.sh"
lint() { (cd "$planted" && BUILD=build "$root/scripts/lint" "$@"); }
catches() { # CHECK PATTERN WHAT
    out=$(lint "$1")
    is "$?" 1 "lint $1 fails on $3"
    like "$out" "*$2*" "and says where"
}

printf '#include "air/air.h"\n' >"$planted/src/news/early.c"
catches rooms "src/news/early.c:1: news includes air/air.h, of a later room" "a room that looks ahead"
printf '#include "news/news.h"\n#include "base/texts.h"\n' >"$planted/src/news/early.c"
catches rooms "src/news/early.c:2: base/texts.h is private to base" "a stranger's private header"
printf '#include "base/base.h"\n' >"$planted/src/news/early.c"
catches rooms "src/news/early.c:1: the own door comes first" "the own door not first"
printf '#include "news/news.h"\n#include "base/base.h"\n' >"$planted/src/news/early.c"
exits 0 "lint rooms passes the right order" lint rooms

table=$planted/src/base/messages.tsv
printf 'BT_M_A1 BT_M_B1\n' | sed 's/.*/#define X &/' >"$planted/src/base/use.h"
printf 'A1\tcần %%d\tneeds %%d\nB1\ttệp %%s\tfile %%s\n' >"$table"
exits 0 "lint messages passes what agrees" lint messages
printf 'A1\tcần %%d\tneeds %%s\nB1\tx\ty\n' >"$table"
catches messages "messages.tsv:1: A1: %d is not %s" "other arguments in the other language"
printf 'B1\tx\ty\nA1\tx\ty\n' >"$table"
catches messages "messages.tsv:2: A1 comes before B1" "an order that is none"
printf 'A1\tx\ty\nB1\tx\ty\nC1\tx\ty\n' >"$table"
catches messages "messages.tsv:3: nobody says C1" "a text that nobody uses"

printf 'int f(void);\n/* TO%s: later */\n' DO >"$planted/src/air/mark.c"
catches marks "src/air/mark.c:2:" "an unfinished mark"
printf 'x /%s/me\n' root >"$planted/scripts/path"
catches marks "scripts/path:1:" "a path of one machine"
{
    printf 'static int f(void)\n{\n'
    seq 70 | sed 's/.*/    ;/'
    printf '}\n'
} >"$planted/src/air/long.c"
catches lengths "src/air/long.c:2: a function of 71 lines" "a function of 71 lines"
: >"$planted/notes.txt"
catches top "notes.txt: does not belong here" "a stray file at the top"
printf 'e\314\201\n' >"$planted/voices/nfd.tsv"
catches nfc "voices/nfd.tsv:1: not NFC" "text that is not NFC"
printf '#!/bin/sh\necho $x\n' >"$planted/scripts/bad"
if command -v shellcheck >/dev/null; then
    catches shell "scripts/bad:2:" "an unquoted variable"
else
    skip "no shellcheck"
fi

# ---- jingles -------------------------------------------------------------------------------------

for want in open:8:11 sting:1.5:3 close:7:9; do
    name=${want%%:*} range=${want#*:}
    file=voices/thnm/jingles/$name.flac
    if command -v sox >/dev/null; then
        is "$(soxi -r "$file") $(soxi -c "$file")" "48000 2" "$name: 48 kHz stereo"
        ok "$name: ${range%:*} to ${range#*:} seconds" awk -v d="$(soxi -D "$file")" -v r="$range" \
            'BEGIN { split(r, x, ":"); exit !(d >= x[1] && d <= x[2]) }'
        ok "$name: peak at most -3 dBFS, and not silent" sh -c "sox '$file' -n stats 2>&1 |
            awk '/^Pk lev dB/ { p = \$4 } /^RMS lev dB/ { r = \$4 } END { exit !(p <= -3 && p > -12 && r > -40) }'"
    else
        skip "no sox" && skip "no sox" && skip "no sox"
    fi
done
done_testing
