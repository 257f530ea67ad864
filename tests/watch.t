# watch: the edition that is due is there, fresh, whole and right, or somebody hears of it; the
# alarm says a thing once; old editions go.
. tests/tap.sh

tone_voices
mkdir -p "$voices/t" "$tmp/in"
mkfifo "$tmp/stop" "$tmp/port"
# The alarm's command is one program and its words: no shell takes them apart.
printf '#!%s\n' /bin/sh >"$tmp/alarm"
cat >>"$tmp/alarm" <<X
{ echo "\$BANTIN_KIND \$BANTIN_DATE \$BANTIN_CODE \$BANTIN_SINCE \$#:\$1:\$2"; cat; } >>"$tmp/heard"
X
chmod +x "$tmp/alarm"
programme() { # ATTRIBUTES
    cat >"$voices/t/t.xml" <<X
<programme id="t" title="Bản tin thử" station="Đài thử" air="08:45" deadline="08:40" days="1-6"
           alarm="$tmp/alarm a;b \$HOME" $1>
  <source href="$tmp/in/*.txt"/>
  <pick from="-1d 19:00" until="08:30" stories="1-6"/>
  <order>
    <say voice="nu">Kính chào quý vị. Hôm nay {thứ}, {ngày}.</say>
    <stories voice="nu nam"/>
  </order>
  <deliver to="out" as="wav mp3"/>
</programme>
X
}
story() { # NAME DATE
    printf 'Gieo cấy vụ xuân ở xã %s\nThời gian: %s\n\nBà con xuống đồng.\n\nĐã cấy 40 héc ta.\n' \
        "$1" "$2" >"$tmp/in/$1.txt"
}
run() { BANTIN_NOW=$now "$bantin" run "$voices/t/t.xml" --voices "$voices" --out "$tmp/out" --no-store "$@"; }
watch() { BANTIN_NOW=$now "$bantin" watch "$voices/t/t.xml" --out "$tmp/out" "$@"; }
heard() { cat "$tmp/heard" 2>/dev/null; }
e=$tmp/out/t/2025-11-25

programme ''
now=2025-11-25T08:41:00+07:00
exits 6 "a programme by its id" env BANTIN_VOICES="$voices" BANTIN_NOW=$now "$bantin" watch t --out "$tmp/out"
rm -rf "$tmp/heard" "$tmp/state"
exits 6 "nothing there" watch
like "$out" "*2025-11-25*" "names the date"
like "$(heard)" "watch 2025-11-25 6 2025-11-25T08:41:00+07:00 2:a;b:\$HOME*Bản tin thử*2025-11-25*" \
    "the alarm gets kind, date, code, since and words, without a shell"
n=$(heard | wc -l)
now=2025-11-25T09:40:00+07:00
exits 6 "the same, before an hour is over" watch
is "$(heard | wc -l)" "$n" "is not told again"
now=2025-11-25T09:42:00+07:00
exits 6 "after an hour" watch
like "$(heard | tail -n +$((n + 1)))" "watch*2025-11-25T08:41:00+07:00*" "is told again, with its beginning"

story Một "25/11/2025 07:00"
now=2025-11-25T08:30:00+07:00
exits 0 "made" run
now=2025-11-25T08:41:00+07:00
# Files are written by the true clock: set them to the day's.
touch -d "2025-11-25T08:31:00+07:00" "$e"/*
rm -f "$tmp/heard"
exits 0 "what is there and right" watch
is "$(heard)" "" "is no alarm"
now=2025-11-26T08:39:00+07:00
exits 0 "until tomorrow's deadline" watch
now=2025-11-26T08:40:00+07:00
exits 6 "and no longer" watch
like "$out" "*2025-11-26*" "tomorrow's is missing"
now=2025-11-30T12:00:00+07:00
exits 6 "on a Sunday" watch
like "$out" "*2025-11-29*" "Saturday's is looked for"

now=2025-11-25T08:41:00+07:00
spoil() { # WHAT LINES COMMAND: one thing is spoilt in a copy
    rm -rf "$tmp/sound"
    cp -a "$tmp/out" "$tmp/sound"
    "$3"
    exits 6 "$1" watch
    like "$out" "*$tmp/out/t*" "is named by its path"
    is "$(printf '%s\n' "$out" | grep -c '^bantin: ')" "$2" "in so many lines: $1"
    rm -rf "$tmp/out"
    mv "$tmp/sound" "$tmp/out"
}
cut() { truncate -s -1000 "$e/t-2025-11-25.wav"; }
spoil "a cut file, just now" 2 cut
other() { printf x >"$tmp/out/t/moi-nhat.mp3"; }
spoil "another newest file" 1 other
gone() { rm "$e/t-2025-11-25.mp3"; }
spoil "a missing file" 1 gone
unproved() { rm "$e/proof.json"; }
spoil "no proof" 3 unproved
future() { touch -d "2025-11-25T09:00:00+07:00" "$e/t-2025-11-25.wav"; }
spoil "a file from the future" 1 future
yesterday() { # today's folder holds yesterday's sound
    mkdir "$tmp/out/t/2025-11-24"
    cp -p "$e/proof.json" "$tmp/out/t/2025-11-24/"
}
spoil "yesterday's sound" 2 yesterday
like "$out" "*2025-11-24*" "is found out"
exits 0 "and mended" watch

# run: a lower tier is told, with its reasons; the next good run ends the trouble.
rm "$tmp"/in/*.txt
rm -f "$tmp/heard"
now=2025-11-26T08:30:00+07:00
exits 12 "a lower tier" run
like "$(heard)" "run 2025-11-26 12 *last-good*full: *" "is told with what failed above it"
rm -f "$tmp/heard"
now=2025-11-26T08:50:00+07:00
exits 0 "a second run, when it is done already" run
is "$(heard)" "" "does not tell it again"
now=2025-11-26T09:31:00+07:00
exits 0 "after an hour" run
like "$(heard)" "run 2025-11-26 12 2025-11-26T08:30:00+07:00*" "it does: the trouble goes on, from its beginning"
rm -rf "$tmp/heard" "$tmp/state/bantin/alarm"
exits 0 "a run after one that died before it could tell" run
like "$(heard)" "run 2025-11-26 12 2025-11-26T09:31:00+07:00*" "tells it"
now=2025-11-26T08:41:00+07:00
touch -d "2025-11-26T08:31:00+07:00" "$tmp"/out/t/2025-11-26/*
exits 6 "and is not news of the day" watch
like "$out" "*last-good*" "for watch either"
exits 2 "a wrong date" watch --date x

# An alarm that cannot be told is a warning, and does not stop the run.
chmod -x "$tmp/alarm"
now=2025-11-27T08:30:00+07:00
exits 12 "an alarm that does not start" run
like "$out" "*alarm*" "is a warning"
chmod +x "$tmp/alarm"
story Ba "28/11/2025 07:00"
now=2025-11-28T08:30:00+07:00
exits 0 "the next run" run

# Retention: by age, by size; never the newest, nor the newest made of news, nor a marked one.
rm "$tmp"/in/*.txt
rm -r "$tmp"/out/t/2025-11-26* "$tmp"/out/t/2025-11-27*
for d in 10 11 12 13; do
    cp -a "$e" "$tmp/out/t/2025-11-$d"
    printf '<title>%s</title>' "$d" >"$tmp/out/t/2025-11-$d/index.html"
    printf '<rss><channel>\n<item>\n%s\n</item>\n</channel>' "$d" >"$tmp/out/t/2025-11-$d/feed.xml"
done
echo '<a href="2025-11-10/index.html">' >"$tmp/out/t/index.html"
cp "$tmp/out/t/2025-11-10/feed.xml" "$tmp/out/t/"
: >"$tmp/out/t/2025-11-11/.keep"
editions() { (cd "$tmp/out/t" && echo 20*); }
programme 'keep="1d"'
now=2025-12-05T08:30:00+07:00
exits 4 "a run that fails" run
is "$(editions)" "2025-11-11 2025-11-28" "still removes what is old, not the newest nor the marked"
is "$(find "$tmp/out" -name '.*bt*' | wc -l)" 0 "and leaves nothing"
is "$(sed -n 's,.*href="\([^"]*\)/index.html.*,\1,p' "$tmp/out/t/index.html")" 2025-11-11 "the index lists what is left"
is "$(grep -A 1 '<item>' "$tmp/out/t/feed.xml" | tail -n 1)" 11 "so does the feed"
for d in 29 30; do
    cp -a "$tmp/out/t/2025-11-28" "$tmp/out/t/2025-11-$d"
    sed -i 's/"tier": "[a-z-]*"/"tier": "evergreen"/' "$tmp/out/t/2025-11-$d/proof.json"
done
programme 'budget="1K"'
rm "$tmp/out/t/2025-11-11/.keep"
exits 4 "by size" run
is "$(editions)" "2025-11-28 2025-11-30" "all go but the newest and the newest made of news"
programme 'budget="viel"'
exits 3 "a wrong size" run
like "$out" "*t.xml:*budget*" "is told with its line"

# A webhook, by curl: the words are what is posted. Its address may hold a key, and is told to nobody.
perl tests/stand-ins/hook.pl "$tmp/hook" <"$tmp/stop" >"$tmp/port" &
exec 9>"$tmp/stop"
read -r port <"$tmp/port"
programme ''
sed -i "s,alarm=\"[^\"]*\",alarm=\"curl -fsS -m 20 --data-binary @- http://127.0.0.1:$port/hook/0a1b2c\"," "$voices/t/t.xml"
now=2025-12-06T09:00:00+07:00
exits 6 "trouble" watch
like "$(cat "$tmp/hook")" "POST /hook/0a1b2c*Bản tin thử*2025-12-06*" "is posted to a webhook"
exec 9>&-
wait
now=2025-12-08T09:00:00+07:00
exits 6 "a webhook that is down" watch
like "$out" "*alarm: curl: *" "is told"
is "$(printf '%s\n' "$out" | grep -c 0a1b2c)" 0 "without its address"

# A disk that is full of what is over the budget: it goes, and then there is room.
small() { # COMMAND …: on a file system that holds but a little more than what is on it
    # shellcheck disable=SC2016
    unshare -rm sh -c 'mount -t tmpfs -o size=16m none "$1" && cp -a "$1.full/." "$1/" &&
        head -c "$(($(df -B1 --output=avail "$1" | tail -n 1) - 200000))" /dev/zero >"$1/t/2025-11-20/rest" && shift && "$@"' sh "$tmp/out" "$@"
}
if unshare -rm true 2>/dev/null; then
    programme 'keep="1d"'
    story Bốn "08/12/2025 07:00"
    mkdir -p "$tmp/out/t/2025-11-20"
    cp -a "$tmp/out" "$tmp/out.full"
    now=2025-12-08T08:30:00+07:00
    exits 0 "a disk full of old editions" small sh -c 'BANTIN_NOW=$1 "$2" run "$3" --voices "$4" --out "$5" --no-store && ls "$5/t"' \
        sh "$now" "$bantin" "$voices/t/t.xml" "$voices" "$tmp/out"
    like "$out" "*2025-12-08*moi-nhat*" "takes today's, for they have gone"
else
    skip "no mounts here" && skip "no mounts here"
fi

done_testing
