# The speech store as a person meets it.
. tests/tap.sh

exits 0 "say fills the store" "$bantin" say "Xin chào các bạn." -o "$tmp/a.wav" --cache "$tmp/cache"
exits 0 "say again" "$bantin" say "Xin chào các bạn." -o "$tmp/b.wav" --cache "$tmp/cache"
exits 0 "the same bytes from the store" cmp "$tmp/a.wav" "$tmp/b.wav"
exits 0 "store stat" "$bantin" store stat --cache "$tmp/cache"
like "$out" "*files: 1*" "counts one sentence"
exits 0 "store verify" "$bantin" store verify --cache "$tmp/cache"
like "$out" "*damaged: 0*" "finds it sound"
exits 0 "store prune" "$bantin" store prune --bytes 0 --cache "$tmp/cache"
like "$out" "*files: 0*" "lets what is younger than a day stay"
exits 2 "store of something else" "$bantin" store clean --cache "$tmp/cache"
exits 2 "a ceiling that is no number" "$bantin" store prune --bytes viele --cache "$tmp/cache"

# ---- editions: an engine that never says the same twice, and tone behind it ----
tone_voices
mkdir -p "$voices/t" "$tmp/in"
for v in nu nam; do
    printf 'title\tThử\nengine\tcommand\nrun\tperl\t%s\tnever-the-same\n' "$(pwd)/tests/stand-ins/engine.pl" >"$voices/$v.voice"
done
cat >"$voices/t/t.xml" <<X
<programme id="t" title="Bản tin thử" station="Đài thử" air="08:45" keep="1d">
  <source href="$tmp/in/*.txt"/>
  <pick from="-1d 19:00" until="08:30" stories="1-6"/>
  <order><say voice="nu">Hôm nay {thứ}, {ngày}.</say><stories voice="nam"/></order>
  <deliver to="out" as="wav"/>
</programme>
X
edition() { # DAY ARGUMENT …
    day=2025-11-$1
    shift
    printf 'Làng mở hội ngày %s\nThời gian: %s 07:00\n\nHội ngày %s rất vui.\n' "$day" "$day" "$day" >"$tmp/in/$day.txt"
    BANTIN_NOW=${day}T08:30:00+07:00 "$bantin" run "$voices/t/t.xml" --voices "$voices" --out "$tmp/out" --cache "$tmp/cache" "$@"
    rm "$tmp/in/$day.txt"
}
words() { cut -f 1 "$tmp/out/t/2025-11-24/timing.tsv" | grep word | sort -u; }
sum() { sha256sum <"$tmp/out/t/$1/t-2025-11-24.wav"; }
exits 0 "an edition" edition 24
is "$(words)" "word~" "whose words are placed by syllables, and it is told"
exits 0 "the same again, without the store" edition 24 --again --no-store --json
like "$out" "*mỗi lần một khác*" "is told that it will differ"
ok "and it does" test "$(sum 2025-11-24)" != "$(sum 2025-11-24.2)"
find "$tmp/cache/speech" -name '*.say' -exec touch -d '3 days ago' {} +
exits 0 "prune to nothing" "$bantin" store prune --bytes 0 --cache "$tmp/cache"
like "$out" "*files: 1*" "takes what belongs to no edition"
exits 0 "the same again, from the store" edition 24 --again
is "$(sum 2025-11-24.3)" "$(sum 2025-11-24)" "is the same to the byte"
pinned() { (cd "$tmp/cache/speech/pin" && echo *); }
exits 0 "the next day" edition 25
exits 0 "and the next" edition 26
is "$(pinned)" "t 2025-11-25 t 2025-11-26" "an edition that is not kept any more keeps no speech"

done_testing
