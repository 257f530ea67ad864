# say: a text, lines, a rundown or one story of it into a WAV; what cannot be said is told.
. tests/tap.sh
tone_voices
say() { "$bantin" say "$@" --voices "$voices" --no-store; }
seconds() { soxi -D "$1"; }
longer() { awk -v a="$(seconds "$1")" -v b="$(seconds "$2")" 'BEGIN { exit !(a > b) }'; }

exits 0 "a text" say "Xin chào." -o "$tmp/one.wav"
is "$(soxi -r "$tmp/one.wav") $(soxi -c "$tmp/one.wav")" "48000 1" "48 kHz, one channel"
printf 'Xin chào.\n\nXin chào các bạn.\n' >"$tmp/lines"
exits 0 "lines" sh -c "'$bantin' say - -o '$tmp/two.wav' --voices '$voices' --no-store <'$tmp/lines'"
ok "are said one after the other" longer "$tmp/two.wav" "$tmp/one.wav"
printf '\n\n' >"$tmp/lines"
exits 4 "nothing to say" sh -c "'$bantin' say - -o '$tmp/none.wav' --voices '$voices' --no-store <'$tmp/lines'"
ok "makes no file" test ! -e "$tmp/none.wav"

cat >"$tmp/r.xml" <<'X'
<rundown programme="p" date="2025-11-25" air="2025-11-25T08:45:00+07:00">
  <say id="c1" voice="nu">Xin chào các bạn.</say>
  <story id="s-1" voice="nam"><title>Tin</title><p>Câu hai.</p></story>
</rundown>
X
exits 0 "a rundown" say "$tmp/r.xml" -o "$tmp/all.wav"
exits 0 "one story of it" say "$tmp/r.xml" --story s-1 -o "$tmp/story.wav"
ok "is shorter" longer "$tmp/all.wav" "$tmp/story.wav"
sed -i 's/^hz.*/hz\t900/' "$voices/nam.voice"
exits 0 "all in another voice" say "$tmp/r.xml" --story c1 --voice nam -o "$tmp/nam.wav"
exits 0 "and in its own" say "$tmp/r.xml" --story c1 -o "$tmp/nu.wav"
ok "are two sounds" sh -c "! cmp -s '$tmp/nam.wav' '$tmp/nu.wav'"
exits 4 "a story that is not there" say "$tmp/r.xml" --story s-9 -o "$tmp/none.wav"
like "$out" "*s-9*" "is named"

exits 2 "no -o" say "Xin chào."
exits 1 "no voices" "$bantin" say "Xin chào." -o "$tmp/x.wav" --voices "$tmp/none"
exits 3 "a rundown that is not there" say "$tmp/none.xml" -o "$tmp/x.wav"
exits 3 "a voice that is not there" say "Xin chào." --voice nạm -o "$tmp/x.wav"
like "$out" "*không có giọng nạm (*; có: nam, *nu*" "names those that are, the nearest first"
is "$(printf '%s\n' "$out" | wc -l)" 1 "on one line"
ok "and writes nothing" test ! -e "$tmp/x.wav"
exits 3 "nor for a rundown" say "$tmp/r.xml" --voice nuu -o "$tmp/x.wav"
"$bantin" say "Xin chào." --voices "$voices" --no-store -o "$tmp/none/x.wav" >/dev/null 2>"$tmp/told"
like "$? $(cat "$tmp/told")" "[15] *$tmp/none/x.wav*" "a folder that is not there"
printf 'title\tX\nengine\ttone\nfail\tcrash;chào\n' >"$voices/nu.voice"
exits 1 "a voice that says nothing" say "Xin chào." -o "$tmp/silent.wav"
ok "leaves no file" test ! -e "$tmp/silent.wav"

# on a terminal: progress, colour for warnings, and neither where it is not wanted
on_terminal() { # ENVIRONMENT
    TERM=xterm script -qec "$1 $bantin say 'Xin chào.' -o $tmp/t.wav --voices $voices --no-store" /dev/null </dev/null
}
esc=$(printf '\033')
printf 'title\tX\nengine\ttone\nhz\t300\n' >"$voices/nu.voice"
like "$(on_terminal env)" "*%*$esc\[K*" "progress on a terminal"
is "$(on_terminal "env TERM=dumb")" "" "none on a dumb one"
printf 'x\n' >"$voices/nu.voice"
like "$(on_terminal env)" "*$esc\[31mbantin: *" "an error in red"
like "$(on_terminal "env NO_COLOR=1")" "bantin: *" "or not"
done_testing
