# run: whatever breaks, something legal is under the fixed name, and the tier is told.
. tests/tap.sh

voices=$tmp/voices
mkdir -p "$voices/vi" "$voices/t/jingles" "$tmp/in" "$tmp/none"
cp voices/vi/*.tsv "$voices/vi/"
cp voices/thnm/jingles/*.flac "$voices/t/jingles/"
presenter() { # FAIL-LINE
    for v in nu nam; do
        printf 'title\tThử\nengine\ttone\nhz\t300\nsyllable\t60\n%b' "$1" >"$voices/$v.voice"
    done
}
programme() { # ATTRIBUTES LEAST
    cat >"$voices/t/t.xml" <<X
<programme id="t" title="Bản tin thử" station="Đài thử" air="08:45" zone="+07:00" days="1-6" $1>
  <source href="$tmp/in/*.txt"/>
  <pick from="-1d 19:00" until="08:30" stories="$2-6"/>
  <order>
    <jingle src="jingles/open.flac" under="3s"/>
    <say voice="nu">Kính chào quý vị. Hôm nay {thứ}, {ngày}.</say>
    <headlines voice="nam nu"/>
    <stories voice="nu nam"/>
    <jingle src="jingles/close.flac"/>
  </order>
  <deliver to="out" as="wav mp3"/>
</programme>
X
}
story() { # FILE DATE
    printf 'Gieo cấy vụ xuân ở xã %s\nThời gian: %s\n\nBà con xuống đồng.\n\nĐã cấy 40 héc ta.\n' \
        "$1" "$2" >"$tmp/in/$1.txt"
}
run() {
    BANTIN_NOW=$now "$bantin" run "$voices/t/t.xml" --voices "$voices" --out "$tmp/out" \
        --no-store "$@"
}
newest() { cmp -s "$tmp/out/t/moi-nhat.$1" "$tmp/out/t/$2/t-$2.$1" && echo same; }

presenter ''
programme '' 1
story Một "25/11/2025 07:00"
now=2025-11-25T08:30:00+07:00
exits 0 "what is due today is made" run
is "$(newest wav 2025-11-25)" same "and is the newest WAV"
exits 0 "a second run" run
like "$out" "*2025-11-25*" "says that it is done"

now=2025-11-30T08:30:00+07:00
exits 0 "a Sunday, when nothing airs" run
ok "makes nothing" test ! -e "$tmp/out/t/2025-11-30"

programme '' 3
story Hai "26/11/2025 07:00"
now=2025-11-26T08:30:00+07:00
exits 10 "fewer stories than the minimum is the reduced tier" run
is "$(newest mp3 2025-11-26)" same "and goes out"

rm "$tmp"/in/*.txt
now=2025-11-27T08:30:00+07:00
exits 12 "no news: the last good edition" run
is "$(newest wav 2025-11-27)" same "goes out under the fixed name"
ok "as it was" cmp "$tmp/out/t/2025-11-27/t-2025-11-27.wav" \
    "$tmp/out/t/2025-11-26/t-2025-11-26.wav"
like "$out" "*last-good*" "and is told"
ok "in its proof too" grep -q '"tier": "last-good"' "$tmp/out/t/2025-11-27/proof.json"

now=2025-12-05T08:30:00+07:00
exits 4 "no news, and all editions too old" run
like "$out" "*evergreen*" "names what to put in the programme"
cp "$tmp/out/t/2025-11-25/t-2025-11-25.wav" "$voices/t/du-phong.wav"
programme 'evergreen="du-phong.wav"' 1
exits 13 "with an evergreen file" run
is "$(newest mp3 2025-12-05)" same "that goes out, as MP3 too"
ok "and is right" "$bantin" check "$tmp/out/t/2025-12-05/t-2025-12-05.mp3"

story Ba "06/12/2025 07:00"
presenter 'fail\tstart\n'
now=2025-12-06T08:30:00+07:00
exits 12 "no engine speaks: the last good edition" run
: >"$tmp/out/t/2025-12-05/t-2025-12-05.wav"
exits 0 "and stays" run

now=2025-12-08T08:30:00+07:00
printf 'x' >"$tmp/out/t/2025-12-06/t-2025-12-06.wav"
programme 'evergreen="du-phong.wav" last-good="99h"' 1
exits 13 "a damaged last edition is not aired again" run
is "$(find "$tmp/out" -name '.*.bt-*' | wc -l)" 0 "nothing half-written stays"

# ---- journald: each line begins with its priority ----
rm -rf "$tmp/out/t/2025-12-08"
: >"$tmp/journal"
JOURNAL_STREAM=$(stat -c %d:%i "$tmp/journal")
export JOURNAL_STREAM
run 2>"$tmp/journal" >/dev/null
is "$?" 13 "a run that is not at its best"
is "$(grep -cv '^<[3467]>bantin: ' "$tmp/journal")" 0 "its lines have priorities for the journal"
ok "a warning is one" grep -q '^<4>bantin: .*evergreen' "$tmp/journal"
run 2>"$tmp/other" >/dev/null
is "$(grep -c '^<' "$tmp/other")" 0 "and none when it is another's"
unset JOURNAL_STREAM

done_testing
