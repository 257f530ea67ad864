# The walk whole, as a person takes it: articles in, a checked edition out, and what goes wrong.
. tests/tap.sh

# A pack of the test's own: two presenters of the tone engine, three jingles, a short programme.
voices=$tmp/voices
mkdir -p "$voices/vi" "$voices/t/jingles" "$tmp/in"
cp voices/vi/*.tsv "$voices/vi/"
cp voices/thnm/jingles/*.flac "$voices/t/jingles/"
printf 'title\tNữ thử\nengine\ttone\nhz\t300\nsyllable\t50\n' >"$voices/nu.voice"
printf 'title\tNam thử\nengine\ttone\nhz\t200\nsyllable\t50\n' >"$voices/nam.voice"
cat >"$voices/t/t.xml" <<'X'
<programme id="t" title="Bản tin thử" station="Đài thử" air="08:45" zone="+07:00">
  <source href="in/*.txt"/>
  <pick from="-1d 19:00" until="08:30" stories="1-6" segment="Bản tin thử"/>
  <order>
    <jingle src="jingles/open.flac" under="3s"/>
    <say voice="nu">Kính chào quý vị. {bản-tin}, {thứ}, ngày {ngày}. Giọng đọc tổng hợp.</say>
    <headlines voice="nam nu"/>
    <stories voice="nu nam" sting="jingles/sting.flac"/>
    <say voice="nu">Bản tin đến đây là hết.</say>
    <jingle src="jingles/close.flac" back-timed="yes"/>
  </order>
  <deliver to="out" as="wav mp3" loudness="-23" peak="-1"/>
</programme>
X
article() { # FILE TITLE TIME
    printf '%s\nThời gian: %s\n\nSáng nay, UBND tỉnh họp bàn về %s.\n\nMức đầu tư là 12,5 tỷ đồng.\n' \
        "$2" "$3" "$2" >"$tmp/in/$1"
}
article a.txt "Mở rộng quốc lộ 47" "25/11/2025 07:10"
article b.txt "Gieo cấy vụ xuân" "25/11/2025 06:00"
article c.txt "Tin của hôm kia" "23/11/2025 06:00"

make() {
    "$bantin" make "$voices/t/t.xml" --voices "$voices" --source "$tmp/in" --date 2025-11-25 \
        --no-store --out "$tmp/out" "$@"
}

exits 0 "a bulletin is made" make
e=$tmp/out/t/2025-11-25
for f in t-2025-11-25.wav t-2025-11-25.mp3 rundown.xml timing.tsv asrun.jsonl proof.json; do
    ok "the edition holds $f" test -s "$e/$f"
done
ok "the newest WAV is a copy of it" cmp "$e/t-2025-11-25.wav" "$tmp/out/t/moi-nhat.wav"
ok "the newest MP3 too" cmp "$e/t-2025-11-25.mp3" "$tmp/out/t/moi-nhat.mp3"
like "$out" "*$e/t-2025-11-25.wav*" "it ends with where the files lie"
is "$(find "$tmp/out" -name '.*' ! -name '*.lock' ! -name '.lock*' | wc -l)" 0 "no working folder stays"
ok "the proof is there" grep -q "\"verdict\": \"right\"" "$e/proof.json"
ok "and holds" "$bantin" check "$e/t-2025-11-25.wav" "$e/t-2025-11-25.mp3"
exits 0 "of its day" "$bantin" check --date 2025-11-25 "$e/t-2025-11-25.wav" "$e/t-2025-11-25.mp3"
exits 6 "and of no other" "$bantin" check --date 2025-11-26 "$tmp/out/t/moi-nhat.wav"
like "$out" "*2025-11-25*2025-11-26*" "both are named"
exits 6 "nor the MP3" "$bantin" check --date 2025-11-26 "$tmp/out/t/moi-nhat.mp3"
exits 2 "a date that is none" "$bantin" check --date mai "$tmp/out/t/moi-nhat.mp3"
is "$(grep -c '"kind":"story".*"aired":true' "$e/asrun.jsonl")" 2 "two stories are logged as aired"
is "$(grep -c '"kind":"story".*"aired":false' "$e/asrun.jsonl")" 1 "the third as dropped"

sum=$(cat "$e"/*.wav "$e"/*.mp3 "$e/timing.tsv" | sha256sum)
exits 0 "a second run" make
like "$out" "*$e*" "says that it is done already"
exits 0 "--again makes it anew" make --again
is "$(cat "$e.2"/*.wav "$e.2"/*.mp3 "$e.2/timing.tsv" | sha256sum)" "$sum" "with the same bytes"

exits 0 "on one processor" taskset -c 0 "$bantin" make "$voices/t/t.xml" --voices "$voices" \
    --source "$tmp/in" --date 2025-11-25 --no-store --out "$tmp/one"
ok "every file is the same" diff -r "$e" "$tmp/one/t/2025-11-25"

# Every wire printed and fed back.
"$bantin" script "$voices/t/t.xml" --source "$tmp/in" --date 2025-11-25 --voices "$voices" \
    >"$tmp/r.xml" 2>"$tmp/err"
is "$?" 0 "the rundown is printed"
ok "and is the one that was aired" cmp "$tmp/r.xml" "$e/rundown.xml"
exits 0 "a rundown goes on air" "$bantin" air "$tmp/r.xml" --voices "$voices" --no-store \
    --out "$tmp/out2"
ok "and gives the same WAV" cmp "$e/t-2025-11-25.wav" "$tmp/out2/t/2025-11-25/t-2025-11-25.wav"
sed 's/Gieo cấy vụ xuân/Thu hoạch vụ mùa/; s/state="hold"/state="air"/' "$tmp/r.xml" >"$tmp/r2.xml"
exits 0 "an edited rundown too" "$bantin" air "$tmp/r2.xml" --voices "$voices" --no-store \
    --out "$tmp/out3"
is "$(grep -c '"kind":"story".*"aired":true' "$tmp/out3/t/2025-11-25/asrun.jsonl")" 3 "with what was put back"
for r in r r2; do
    exits 0 "$r with what is kept" "$bantin" air "$tmp/$r.xml" --voices "$voices" \
        --cache "$tmp/cache" --out "$tmp/kept-$r"
done
ok "MP3 parts are kept" test -s "$tmp/cache/mp3/t-0"
ok "and give the same MP3 as new ones" cmp "$tmp/kept-r2/t/2025-11-25/t-2025-11-25.mp3" \
    "$tmp/out3/t/2025-11-25/t-2025-11-25.mp3"
for stage in news script text voice mix; do
    exits 0 "--until $stage" make --until "$stage" --out "$tmp/none"
    like "$out" "*?*" "prints something"
done
ok "and delivers nothing" test ! -e "$tmp/none"
exits 0 "--timing" "$bantin" air "$tmp/r.xml" --voices "$voices" --no-store --timing
like "$out" "*sentence*" "prints sentences"
like "$(printf '%s\n' "$out" | head -n 1)" "*gain	source	voice	text" "with gain, source and voice"
exits 0 "--timing --json" "$bantin" air "$tmp/r.xml" --voices "$voices" --no-store --timing --json
is "$(printf '%s\n' "$out" | jq -r 'select(.row == "word") | .source' | sort -u)" tone \
    "gives words as JSON, with what spoke them"
is "$(printf '%s\n' "$out" | grep -c '"exact":false')" 0 "each in its exact place"
is "$(printf '%s\n' "$out" | jq -c 'select(.row == "item") | [.row, .from]' | head -n 1)" '["item",0]' \
    "and items in samples"

# Stems: what lies under what.
sed 's,<story ,<story bed="jingles/open.flac" ,' "$tmp/r.xml" >"$tmp/bed.xml"
exits 0 "--stems" "$bantin" air "$tmp/bed.xml" --voices "$voices" --no-store --timing --stems "$tmp/stems"
story=$(printf '%s\n' "$out" | awk -F '\t' '$1 == "story" { print $3 "s " $4 "s"; exit }')
loud() { # the loudness of a stem under the first story
    # shellcheck disable=SC2086
    sox "$tmp/stems/t-2025-11-25.$1.wav" "$tmp/stem.wav" trim $story 2>/dev/null
    ffmpeg -nostats -i "$tmp/stem.wav" -af ebur128 -f null - 2>&1 | awk '$1 == "I:" { i = $2 } END { print i }'
}
ok "the bed lies 10 LU and more under speech" awk -v s="$(loud speech)" -v b="$(loud bed)" \
    'BEGIN { print s, b; exit !(b != "" && s - b >= 10) }'
ok "there are jingles too" test -s "$tmp/stems/t-2025-11-25.music.wav"

# What a delivery may ask of its files, seen by other readers.
cp tests/fixtures/cover.png "$voices/t/cover.png"
sed 's/<deliver /<deliver cover="cover.png" id3="2.3" rf64="yes" kbps="96" /' "$tmp/r.xml" >"$tmp/ask.xml"
exits 0 "a delivery with its own wishes" "$bantin" air "$tmp/ask.xml" --voices "$voices" --no-store \
    --out "$tmp/ask"
a=$tmp/ask/t/2025-11-25/t-2025-11-25
is "$(head -c 4 "$a.wav")" RF64 "rf64"
is "$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$a.wav")" \
    "$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$e/t-2025-11-25.wav")" "reads as long as before"
is "$(ffprobe -v error -select_streams v -show_entries stream=codec_name,width,height -of csv=p=0 "$a.mp3")" \
    "png,300,300" "the cover is in the MP3"
is "$(mediainfo --Inform='Audio;%BitRate%' "$a.mp3")" 96000 "at its bit rate"
is "$(od -An -tu1 -j3 -N1 "$a.mp3" | tr -d ' ')" 3 "in ID3v2.3"
like "$(ffprobe -v error -show_entries format_tags=title -of csv=p=0 "$a.mp3")" "*Bản tin thử, 25/11/2025*" \
    "in Vietnamese"
rm "$voices/t/cover.png"
exits 0 "without its cover" "$bantin" air "$tmp/ask.xml" --voices "$voices" --no-store --out "$tmp/ask2"
like "$out" "*cover.png*" "it says so and goes on"
exits 0 "--json" make --json --out "$tmp/out4"
is "$(printf '%s\n' "$out" | grep '^{' | grep -c '"stage":"voice"' | sed 's/^[1-9][0-9]*$/some/')" \
    some "gives events as JSON lines"
exits 0 "--json of what is there" make --json --out "$tmp/out4"
is "$(printf '%s\n' "$out" | jq -s 'map(select(.file)) | length')" 2 "gives its two files as JSON lines, too"
exits 0 "--json of a stage" make --json --until script
is "$(printf '%s\n' "$out" | jq -r 'select(.result) | .result' | grep -c '</rundown>')" 1 "gives its text as one line"
exits 0 "a programme by its name" "$bantin" make t --voices "$voices" --source "$tmp/in" --date 2025-11-25 --until news

# The clock.
length_of() { "$bantin" check "$1" --json | jq ".files[0].frames"; }
exits 0 "an exact length" make --length 0:36 --out "$tmp/fit"
is "$(length_of "$tmp/fit/t/2025-11-25/t-2025-11-25.wav")" 1728000 "is the WAV's to the frame"
is "$(length_of "$tmp/fit/t/2025-11-25/t-2025-11-25.mp3")" 1728000 "and the MP3's, decoded"
exits 5 "a length that cannot be had" make --length 9:00 --out "$tmp/fit2"
like "$out" "*9:00*[0-9]:[0-9][0-9]*" "is told with the nearest that can"
ok "and nothing stays" test ! -e "$tmp/fit2/t/2025-11-25"
exits 2 "a wrong length" make --length 9 --out "$tmp/fit2"

# What goes wrong, and what the bulletin lives without.
rm "$voices/t/jingles/sting.flac"
exits 0 "a missing jingle" make --out "$tmp/out5"
like "$out" "*sting.flac*" "is a warning"
: >"$tmp/in/empty.txt"
exits 0 "an empty article" make --out "$tmp/out6"
like "$out" "*empty.txt*" "is a warning"
exits 0 "an unreadable source" make --out "$tmp/out7" --source "$tmp/nothing.xml"
like "$out" "*nothing.xml*" "is a warning"
exits 4 "nothing but unreadable sources" "$bantin" make "$voices/t/t.xml" --voices "$voices" \
    --source "$tmp/nothing.xml" --date 2025-11-25 --out "$tmp/out8"
exits 4 "a day without news" make --date 2020-01-01 --out "$tmp/out8"
ok "leaves nothing half-written" test ! -e "$tmp/out8/t/2020-01-01"
printf 'x' >"$tmp/file"
exits 5 "a folder that cannot be made" make --out "$tmp/file/out"
sed 's/voice="nu nam"/voice="nu nma"/' "$voices/t/t.xml" >"$voices/t/wrong.xml"
exits 3 "an unknown presenter" "$bantin" make "$voices/t/wrong.xml" --voices "$voices" \
    --source "$tmp/in" --date 2025-11-25 --out "$tmp/out8" --no-store
like "$out" "*nma*" "is named"

# Two at once: the lock is held by another process.
mkdir -p "$tmp/out9/t"
exits 7 "a held edition" flock "$tmp/out9/t/.2025-11-25.lock" "$bantin" make "$voices/t/t.xml" \
    --voices "$voices" --source "$tmp/in" --date 2025-11-25 --no-store --out "$tmp/out9"

done_testing
