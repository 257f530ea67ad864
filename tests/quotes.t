# What somebody is quoted with is said by the other presenter, and captions and timing tell who says what.
. tests/tap.sh

tone_voices
mkdir -p "$voices/t" "$tmp/in"
sed -i 's/^title.*/title\tNam thử/; s/^hz.*/hz\t150/' "$voices/nam.voice"
sed -i 's/^title.*/title\tNữ thử/' "$voices/nu.voice"
cat >"$voices/t/t.xml" <<X
<programme id="t" title="Bản tin thử" station="Đài thử" air="08:45">
  <source href="$tmp/in/*.txt"/>
  <pick from="-1d 19:00" until="08:30" stories="1-6"/>
  <order><stories voice="nu" quotes="nam"/></order>
  <deliver to="out" as="wav vtt"/>
</programme>
X
cat >"$tmp/in/a.txt" <<X
Làng mở hội
Thời gian: 25/11/2025 07:00

“Hội năm nay đông lắm. Ai cũng vui.” Ông Ba nói: “Chúng tôi sẽ làm nữa” rồi đi. Hội tan.
X
exits 0 "a story with quotations" "$bantin" make "$voices/t/t.xml" --voices "$voices" --date 2025-11-25 --out "$tmp/out" --no-store
e=$tmp/out/t/2025-11-25
is "$(sed -n 's/^<v \([^>]*\)>/\1: /p' "$e"/*.vtt)" "Nữ thử: Làng mở hội
Nam thử: “Hội năm nay đông lắm.
Nam thử: Ai cũng vui.”
Nữ thử: Ông Ba nói:
Nam thử: “Chúng tôi sẽ làm nữa”
Nữ thử: rồi đi.
Nữ thử: Hội tan." "each caption names who says it, and keeps its quotation marks"
milliseconds() { awk '{ printf "%.0f %.0f\n", $1 / 48, ($1 + $2) / 48 }'; }
is "$(awk -F '[:. ]' '/ --> / { print $3 * 1000 + $4, $8 * 1000 + $9 }' "$e"/*.vtt)" \
    "$(grep '^sentence' "$e/timing.tsv" | cut -f 3,4 | milliseconds)" "captions stand where their sentences are said"
is "$(grep '^sentence' "$e/timing.tsv" | awk '$3 < end { print } { end = $3 + $4 }')" "" "one after the other"
is "$(awk -F '\t' '/^sentence/ { voice = $8; end = $3 + $4; n++ } /^word/ { if ($8 != voice || $3 + $4 > end) print; k++ } END { print n, k }' "$e/timing.tsv")" \
    "7 23" "each word within its sentence, in its voice"
done_testing
