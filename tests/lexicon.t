#!/bin/sh
# bantin lexicon: a word is put in its place, listed and read; a wrong one changes nothing.
. tests/tap.sh

pack=$tmp/pack
mkdir "$pack"
printf '# own words\nOcop\tô-cốp\nTTV\ttê tê vê\n' >"$pack/lexicon.tsv"

ok "add puts a word" "$bantin" lexicon add PTTH "phát thanh truyền hình" --pack "$pack"
is "$(cat "$pack/lexicon.tsv")" "# own words
Ocop	ô-cốp
PTTH	phát thanh truyền hình
TTV	tê tê vê" "in its place, with the comments kept"
ok "add puts it again" "$bantin" lexicon add PTTH "đài tỉnh" --pack "$pack"
is "$(grep -c PTTH "$pack/lexicon.tsv")" 1 "instead of the old one"
is "$(echo "Đài PTTH" | "$bantin" read --lines --pack "$pack")" "Đài đài tỉnh." "the station's word wins"

cp "$pack/lexicon.tsv" "$tmp/kept"
same=$(stat -c %i "$pack/lexicon.tsv")
"$bantin" lexicon add ABC "a5" --pack "$pack" 2>"$tmp/told"
is $? 3 "what cannot be spoken is refused"
ok "with file and line" grep -q "lexicon.tsv:2: " "$tmp/told"
ok "and the table stands as it was" cmp "$tmp/kept" "$pack/lexicon.tsv"
is "$(stat -c %i "$pack/lexicon.tsv")" "$same" "it was never another file, not for a moment"

is "$("$bantin" lexicon list PTTH --pack "$pack" | head -1 | cut -f2-)" "PTTH	đài tỉnh" "list shows what wins first"
"$bantin" lexicon list không-có-từ-này 2>/dev/null
is $? 4 "list of a word that no table has"
export BANTIN_PLAYER='' TMPDIR="$tmp"
is "$("$bantin" lexicon try 3G "ba giê" 2>"$tmp/told" | tail -1)" "> ba giê." "try reads the proposal"
heard=$(sed -n 's/^[^/]*//p' "$tmp/told")
ok "without a sound card it is in a file that is named" test -s "$heard"
rm -f "$heard"
# shellcheck disable=SC2016 # the player's own words
printf '#!/bin/sh\ncp "$1" "$TMPDIR/played"\n' >"$tmp/player"
chmod +x "$tmp/player"
BANTIN_PLAYER=$tmp/player "$bantin" lexicon try 3G "ba giê" >/dev/null
ok "with a player it is heard" test -s "$tmp/played"
is "$(find "$tmp" -name 'bantin-*.wav')" "" "and leaves nothing behind"
ok "check of the tables" "$bantin" lexicon check --pack "$pack"

# A row of every fault, on line 3.
refused() { # NAME ROW MESSAGE
    printf '# own\nAB\tá bê\n%b\nCD\tcê đê\n' "$2" >"$pack/lexicon.tsv"
    BANTIN_LANG=en "$bantin" lexicon check --pack "$pack" 2>"$tmp/told"
    is "$? $(grep -c "lexicon.tsv:3: .*$3" "$tmp/told")" "3 1" "$1"
}
refused "bytes that are no UTF-8 in what is written" 'B\303C\tbê cê' 'not UTF-8'
refused "in what is spoken" 'BC\tb\352 cê' 'not UTF-8'
refused "in a cue" 'BC\tbê cê\ttr\341n' 'not UTF-8'
refused "a row of one column" 'BC' 'columns'
refused "of seven" 'BC\tbê\t1\t2\t3\t4\t5' 'columns'
refused "nothing written" '\tbê' 'column 1'
refused "digits to be spoken" 'BC\t35' 'cannot be spoken'
refused "a letter that is not Vietnamese" 'BC\tzét' 'cannot be spoken'
printf '\357\273\277# own\r\n\r\n \t \nAB\t á bê \r\nCD\tcê đê' >"$pack/lexicon.tsv"
is "$(echo "Đài AB CD" | "$bantin" read --lines --pack "$pack")" "Đài á bê cê đê." \
    "a byte order mark, ends of lines from elsewhere, blank lines, spaces around, no last end"
"$bantin" lexicon mend 2>/dev/null
is $? 2 "an unknown sub-command"

done_testing
