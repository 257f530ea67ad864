# A station's playout: files where it looks, a log for Rivendell, and Liquidsoap, which plays the playlist
# of an edition and a request with notes of its own.
. tests/tap.sh

tone_voices
mkdir -p "$tmp/share" "$tmp/share2"
rundown() { # DATE ATTRIBUTES
    cat >"$tmp/r.xml" <<X
<rundown programme="t" title="Bản tin thử" station="Đài thử" date="$1" air="$1T08:45:00+07:00">
  <say id="c1" voice="nu">Kính chào quý vị và các bạn. Sau đây là những tin chính của buổi sáng.</say>
  <say id="c2" voice="nu">Bản tin đến đây là hết. Cảm ơn quý vị và các bạn đã chú ý lắng nghe.</say>
  <deliver to="out" as="wav mp3 opus24 m3u8 xspf rdlog" cart="30001" $2/>
</rundown>
X
}
air() { "$bantin" air "$tmp/r.xml" --voices "$voices" --no-store --out "$tmp/out" "$@"; }
there() { (cd "$1" && find . -type f | sed 's,^./,,' | sort | tr '\n' ' '); }

# ---- where a playout looks ----

rundown 2025-11-24 'drop="share" drop-as="fixed dated newest"'
exits 0 "an edition for a playout" air
is "$(there "$tmp/share")" "t-2025-11-24.24k.opus t-2025-11-24.mp3 t-2025-11-24.wav t.24k.opus t.mp3 t.wav \
t/t-2025-11-24.24k.opus t/t-2025-11-24.mp3 t/t-2025-11-24.wav " "by all three styles"
: >"$tmp/share/.t.wav.bt-1"
: >"$tmp/share/t/.t-2025-11-24.mp3.bt-1"
: >"$tmp/share/.t-khac.wav.bt-1"
rm "$tmp/share/t.mp3"
exits 0 "run again when it was killed before" air
ok "what is missing comes" cmp "$tmp/share/t.mp3" "$tmp/out/t/2025-11-24/t-2025-11-24.mp3"
is "$(cd "$tmp/share" && find . -name '.*.bt-*')" ./.t-khac.wav.bt-1 "what it left goes, another programme's stays"
rm "$tmp/share/.t-khac.wav.bt-1"
rundown 2025-11-25 'drop="share" drop-as="fixed dated newest"'
exits 0 "the next day" air
ok "has the fixed name" cmp "$tmp/share/t.wav" "$tmp/out/t/2025-11-25/t-2025-11-25.wav"
is "$(find "$tmp/share/t" -type f -printf '%T@ %f\n' | sort -n | tail -n 3 | cut -d ' ' -f 2 | sort | head -n 1)" \
    t-2025-11-25.24k.opus "and is the newest in the folder"
exits 0 "made again" air --again
is "$(there "$tmp/share/t")" "t-2025-11-25.2.24k.opus t-2025-11-25.2.mp3 t-2025-11-25.2.wav t-2025-11-25.24k.opus \
t-2025-11-25.mp3 t-2025-11-25.wav " "that one and the one before it stay"
ok "the day's name is of the last" cmp "$tmp/share/t-2025-11-25.wav" "$tmp/out/t/2025-11-25.2/t-2025-11-25.wav"
rundown 2025-11-23 'drop="share" drop-as="fixed newest"'
exits 0 "a day that was missed" air
ok "leaves the newest alone" cmp "$tmp/share/t.wav" "$tmp/out/t/2025-11-25.2/t-2025-11-25.wav"
ok "in the folder too" test ! -e "$tmp/share/t/t-2025-11-23.wav"
ln -s "$tmp/away" "$tmp/linked"
mkdir -p "$tmp/away" "$tmp/share3"
rundown 2025-11-28 'drop="share3"'
sed -i 's,<deliver to="out",<deliver to="away" as="flac"/>\n  <deliver to="linked",' "$tmp/r.xml"
exits 0 "a folder named twice, the second time by a link" \
    "$bantin" air "$tmp/r.xml" --voices "$voices" --no-store
is "$(there "$tmp/share3")" "t-2.24k.opus t-2.mp3 t-2.wav " "and dropped from, by its own name"
rundown 2025-11-26 'drop="share2"'
exits 0 "one style, as usual" air
is "$(there "$tmp/share2")" "t.24k.opus t.mp3 t.wav " "is the fixed name"
rundown 2025-11-27 'drop="gone"'
exits 5 "a share that is not mounted" air
like "$out" "*gone*" "is named"
ok "nothing is made in its place" test ! -e "$tmp/gone"
ok "and the edition stands" test -s "$tmp/out/t/2025-11-27/t-2025-11-27.mp3"
mkdir "$tmp/gone"
exits 0 "when it is back" air
ok "the bulletin is there" test -s "$tmp/gone/t.mp3"

# The columns of Rivendell's standard import: start 0-7, cart 10-15, title 25-58, length 60-67, data 69-100.
log=$tmp/out/t/2025-11-25/t-2025-11-25.rdlog.txt
field() { cut -b "$1" "$log" | tr -d '\r' | sed 's/ *$//'; }
is "$(wc -l <"$log")" 1 "one event"
is "$(field 1-8)/$(field 11-16)/$(field 26-59)/$(field 70-101)" \
    "08:45:00/030001/Ban tin thu, 25/11/2025/t-2025-11-25" "in its columns"
like "$(field 61-68)" "00:00:[0-9][0-9]" "with its length"
is "$(grep -a -b -o '030001' "$tmp/out/t/2025-11-25/t-2025-11-25.wav" | head -n 1 | cut -d : -f 2)" 030001 \
    "the cart chunk names the cut by it"
sed 's/ cart="30001"//' "$tmp/r.xml" >"$tmp/no.xml"
exits 3 "a log without a cart" "$bantin" air "$tmp/no.xml" --voices "$voices" --no-store --out "$tmp/no"
like "$out" '*no.xml:4:*cart="30001"*' "is told what to write"

# ---- Liquidsoap ----

if ! command -v liquidsoap >/dev/null; then
    skip "NO liquidsoap here: nothing of playout was tried (apt-get install liquidsoap)"
    done_testing
    exit
fi

e=$tmp/out/t/2025-11-25
ok "its XSPF is XML" xmllint --noout "$e/t-2025-11-25.xspf"

seconds() { ffprobe -v error -show_entries format=duration -of csv=p=0 "$1"; }
level() { ffmpeg -nostats -i "$1" -af ebur128 -f null - 2>&1 | awk '$1 == "I:" { i = $2 } END { print i }'; }
# played SOURCE WHAT: into a file, as long and as loud as the edition
played() {
    cat >"$tmp/play.liq" <<L
settings.init.allow_root.set(true)
s = $1
s.on_track(fun (m) -> print("now " ^ m["title"] ^ "/" ^ m["desk"]))
clock.assign_new(sync="none", [s])
output.file(fallible=true, %wav(stereo=true), "$tmp/played.wav", s, on_stop=shutdown)
L
    rm -f "$tmp/played.wav"
    exits 0 "Liquidsoap plays $2" timeout 120 liquidsoap "$tmp/play.liq"
    ok "as long as the edition, once" awk -v a="$(seconds "$tmp/played.wav")" \
        -v b="$(seconds "$e/t-2025-11-25.wav")" 'BEGIN { print a, b; exit !(a > b - 0.3 && a < b + 0.3) }'
    ok "at its loudness" awk -v a="$(level "$tmp/played.wav")" \
        'BEGIN { print a; exit !(a > -23.5 && a < -22.5) }'
}
played "playlist(mode=\"normal\", loop=false, reload_mode=\"never\", \"$e/t-2025-11-25.m3u8\")" "the M3U8"
like "$out" "*now *Bản tin thử, 25/11/2025/*" "and knows its title"
played "once(single(\"annotate:title=\\\"Sáng nay\\\",desk=\\\"thời sự\\\":$e/t-2025-11-25.mp3\"))" "an annotate: request"
like "$out" "*now Sáng nay/thời sự*" "with its notes"
done_testing
