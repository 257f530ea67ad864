# Liquidsoap, as a station plays out: the playlist of an edition, and a request with notes of its own.
. tests/tap.sh

if ! command -v liquidsoap >/dev/null; then
    skip "NO liquidsoap here: nothing of playout was tried (apt-get install liquidsoap)"
    done_testing
    exit
fi

voices=$tmp/voices
mkdir -p "$voices/vi" "$voices/t"
cp voices/vi/*.tsv "$voices/vi/"
printf 'title\tNữ thử\nengine\ttone\nhz\t300\nsyllable\t50\n' >"$voices/nu.voice"
cat >"$tmp/r.xml" <<'X'
<rundown programme="t" title="Bản tin thử" station="Đài thử" date="2025-11-25" air="2025-11-25T08:45:00+07:00">
  <say id="c1" voice="nu">Kính chào quý vị và các bạn. Sau đây là những tin chính của buổi sáng.</say>
  <say id="c2" voice="nu">Bản tin đến đây là hết. Cảm ơn quý vị và các bạn đã chú ý lắng nghe.</say>
  <deliver to="out" as="wav mp3 m3u8 xspf"/>
</rundown>
X
exits 0 "an edition" "$bantin" air "$tmp/r.xml" --voices "$voices" --no-store --out "$tmp/out"
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
