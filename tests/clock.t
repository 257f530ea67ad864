# Time: each row of the README's table "when | then", and what hangs or is slow costs its tier and no
# more. tests/torture/clock.c makes twenty seconds pass in one; what waits runs beside the rest.
. tests/tap.sh
if nm "$bantin" 2>/dev/null | grep -qE '__(asan|tsan)_init|__llvm_gcov'; then
    skip "not for a watched build: its own library comes first"
    done_testing
    exit 0
fi
fast=$(cd "$BUILD" && pwd)/torture/clock.so

# station NAME ATTRIBUTES PRESENTER SOURCES: $tmp/NAME with its own voices, news, state and out, and
# two editions from before: of yesterday and of the day before that.
station() {
    s=$tmp/$1
    mkdir -p "$s/voices/vi" "$s/voices/t" "$s/in"
    cp voices/vi/*.tsv "$s/voices/vi/"
    presenter ''
    cat >"$s/voices/t/t.xml" <<X
<programme id="t" title="Bản tin thử" station="Đài thử" air="08:45" deadline="08:40" zone="+07:00" last-good="50h" $2>
  <source href="$s/in/*.txt"/>
  <pick from="-1d 19:00" until="08:30" stories="1-6"/>
  <order>
    <say voice="nu">Kính chào quý vị. Hôm nay {thứ}, {ngày}.</say>
    <headlines voice="nam nu"/>
    <stories voice="nu nam"/>
  </order>
  <deliver to="out" as="wav"/>
</programme>
X
    story Một "23/11/2025 07:00"
    on "$1" 2025-11-23T08:30:00+07:00 >/dev/null 2>&1
    story Hai "24/11/2025 07:00"
    on "$1" 2025-11-24T08:30:00+07:00 >/dev/null 2>&1
    story Ba "25/11/2025 07:00"
    presenter "$3"
    sed -i "s|<pick|$4<pick|" "$s/voices/t/t.xml"
}
presenter() { # LINES
    for v in nu nam; do
        printf 'title\tThử\nengine\ttone\nhz\t300\nsyllable\t120\n%b' "$1" >"$s/voices/$v.voice"
    done
}
story() { # NAME TIME: words that no other story has
    rm -f "$s"/in/*.txt
    printf 'Làng %s mở hội %s\nThời gian: %s\n\nHội %s vui.\n\n' "$1" "$1" "$2" "$1" >"$s/in/$1.txt"
    for n in một hai ba bốn năm sáu bảy tám chín mười trăm nghìn vạn triệu; do
        echo "$1 $n $1 $n $1 $n $1 $n $1 $n $1 $n $1 $n $1 $n $1 $n $1 $n $1 $n $1 $n."
        echo "$1 $n $1 $n $1 $n $1 $n $1 $n $1 $n $1 $n $1 $n $1 $n."
    done >>"$s/in/$1.txt"
}
run_of() { # NAME ARGUMENT …
    name=$1
    shift
    "$bantin" run "$tmp/$name/voices/t/t.xml" --voices "$tmp/$name/voices" --out "$tmp/$name/out" --state "$tmp/$name/state" \
        --no-store "$@"
}
on() { # NAME NOW ARGUMENT …: while the clock stands still
    at=$1 now=$2
    shift 2
    BANTIN_NOW=$now run_of "$at" "$@"
}
utc() { date -u -d "$1" +%s; }
# beside NAME NOW WORD=VALUE …: while it runs fast, in the background; then settle NAME CODE WHAT
beside() {
    at=$1 began=$(utc "$2")
    shift 2
    {
        (
            export LD_PRELOAD="$fast" CLOCK_RATE=20 CLOCK_NOW="$began" "$@"
            run_of "$at"
        ) >"$tmp/$at/said" 2>&1
        echo $? >"$tmp/$at/code"
    } &
}
settle() {
    is "$(cat "$tmp/$1/code")" "$2" "$3"
    sed 's/^/# /' "$tmp/$1/said"
    last=$(tail -n 1 "$tmp/$1/state/runs/t.jsonl")
}
# What this machine itself needs for a run, in fast seconds, is allowed for beside the time that is waited.
seconds() { # of the last run, between LEAST and MOST
    took=$(printf '%s' "$last" | sed 's/.*"seconds":\([0-9]*\).*/\1/')
    ok "in $took seconds, of $1 to $2 and $slow" test "$took" -ge "$1" -a "$took" -le "$(($2 + slow))"
}
by() { # CLOCK: the last run had ended
    ended=$(printf '%s' "$last" | sed 's/.*"at":"\([^"]*\)".*/\1/')
    ok "at $ended, before $1 and $slow seconds" test "$(utc "$ended")" -lt "$(($(utc "$1") + slow))"
}
newest() { cmp -s "$tmp/$1/out/t/moi-nhat.wav" "$tmp/$1/out/t/$2/t-$(printf %.10s "$2").wav" && echo same; }

# ---- what waits ----
hang='fail\thang;a\ntimeout\t600000\n'
station engine '' "$hang" ''
beside engine 2025-11-25T08:35:00+07:00
station behind '' '' ''
for v in nu nam; do # an engine that never answers, and behind it one that does
    printf 'title\tThử\nengine\tcommand\nrun\ttail\t-f\t/dev/null\ntimeout\t600000\nat-once\t1\nengine\ttone\n' >"$s/voices/$v.voice"
done
beside behind 2025-11-25T08:35:00+07:00
station late '' "$hang" ''
beside late 2025-11-25T08:50:00+07:00
station jump '' "$hang" ''
beside jump 2025-11-25T08:50:00+07:00 CLOCK_JUMP="100 86400"
mkdir "$tmp/site"
mkfifo "$tmp/stop" "$tmp/port"
perl tests/stand-ins/site.pl "$tmp/site" <"$tmp/stop" >"$tmp/port" &
site=$!
exec 9>"$tmp/stop"
read -r port <"$tmp/port"
station source '' '' "<source href=\"http://127.0.0.1:$port/loi/hang\"/><source href=\"http://127.0.0.1:$port/loi/drip\"/>"
beside source 2025-11-25T08:35:00+07:00
station disk '' '' ''
sed -n '6,$p' "$s/in/Ba.txt" | sed 's/Ba/Bốn/g' >>"$s/in/Ba.txt"
# A disk that would need 440 seconds for the whole edition, and so long again for its copy.
full=$(stat -c %s "$s/out/t/2025-11-24/t-2025-11-24.wav")
beside disk 2025-11-25T08:35:00+07:00 CLOCK_RATE=10 CLOCK_SLOW="$s/out $((full / 220))"

# ---- the clock stands still ----
station still '' '' ''
today=2025-11-25T08:30:00+07:00
before=$(date +%s%N)
exits 0 "what is due today" on still $today
slow=$((20 * 4 * ($(date +%s%N) - before) / 1000000000)) # four tiers
exits 0 "a second run that day" on still $today
like "$out" "*đã có bản tin này rồi*2025-11-25*" "says that it is done"
exits 0 "--again" on still $today --again
is "$(newest still 2025-11-25.2)" same "makes another, and that is the newest"

station after '' '' ''
exits 0 "a start after air time, the same day" on after 2025-11-25T21:00:00+07:00
is "$(newest after 2025-11-25)" same "makes today's"

station next '' '' ''
story Bốn "26/11/2025 07:00"
cp "$tmp/after/in/Ba.txt" "$s/in/"
exits 0 "a start on the next day" on next 2025-11-26T08:30:00+07:00
is "$(newest next 2025-11-26)" same "makes that day's"
ok "and not the missed one" test ! -e "$s/out/t/2025-11-25"
exits 0 "that by --date" on next 2025-11-26T09:00:00+07:00 --date 2025-11-25
ok "is made" grep -q 'Làng Ba' "$s/out/t/2025-11-25/rundown.xml"
is "$(newest next 2025-11-26)" same "and does not replace the newest"

station zone '' '' ''
exits 0 "a machine in another zone" env TZ=WEST12 sh -c 'exit 0'
TZ=WEST12 on zone 2025-11-25T08:30:00+07:00 >/dev/null
is "$?" 0 "is asked for the same edition"
is "$(cat "$s/out/t/2025-11-25/proof.json")" "$(cat "$tmp/still/out/t/2025-11-25/proof.json")" "and makes the same bytes"
# An hour in which the machine's date is another than the programme's.
TZ=WEST12 BANTIN_NOW=2025-11-25T23:30:00Z run_of zone >"$tmp/said" 2>&1
is "$?" 12 "in the programme's early morning"
like "$(cat "$tmp/said")" "*2025-11-26*" "it is the programme's day"

for by in -86400 -3600 3600 34560000; do
    station set '' '' ''
    truncate -s $((40 + 40 * 65536)) "$tmp/board"
    FAULTS_NOW=$(utc $today) FAULTS_BOARD=$tmp/board FAULTS_UNDER=$s/out FAULTS="clock 6 $by" \
        LD_PRELOAD=$(cd "$BUILD" && pwd)/torture/faults.so run_of set >"$tmp/said" 2>&1
    is "$?" 0 "the clock jumps by $by seconds during a run"
    is "$(newest set 2025-11-25)" same "the edition's date stays"
    rm -r "$s" "$tmp/board"
done

# ---- two at once, and killed: an engine that says when it is asked, and waits ----
printf '#!%s\n' /bin/sh >"$tmp/asks"
cat >>"$tmp/asks" <<'X'
[ -e "$1/answered" ] && exit 1
echo asked >"$1/asked"
read -r _ <"$1/answer"
X
chmod +x "$tmp/asks"
station two '' '' ''
mkfifo "$s/asked" "$s/answer"
printf 'title\tThử\nengine\tcommand\nrun\t%s\t%s\ntimeout\t600000\nat-once\t1\nengine\ttone\nhz\t300\nsyllable\t120\n' \
    "$tmp/asks" "$s" >"$s/voices/nu.voice"
{
    on two $today >"$s/said" 2>&1
    echo $? >"$s/code"
} &
first=$!
timeout 60 sh -c 'read -r _ <"$0"' "$s/asked"
exits 7 "two at once: the other" on two $today
like "$out" "*một lần chạy khác đang giữ*" "says so"
: >"$s/answered"
echo >"$s/answer"
wait $first
is "$(cat "$s/code")" 0 "and one works"
is "$(newest two 2025-11-25)" same "whose edition is the newest"

station killed '' '' ''
mkfifo "$s/asked" "$s/answer"
cp "$tmp/two/voices/nu.voice" "$s/voices/"
sed -i "s,$tmp/two,$s," "$s/voices/nu.voice"
BANTIN_NOW=$today setsid sh -c 'echo $$ >"$0/pid"; exec "$@"' "$s" "$bantin" run "$s/voices/t/t.xml" --voices "$s/voices" \
    --out "$s/out" --state "$s/state" --no-store >"$s/said" 2>&1 &
timeout 60 sh -c 'read -r _ <"$0"' "$s/asked"
ok "a run that has begun" test -n "$(find "$s/out/t" -name '.2025-11-25.bt-*')"
kill -9 "$(cat "$s/pid")"
wait $!
is "$(newest killed 2025-11-24)" same "is killed: the old edition stands"
ok "and is right" "$bantin" check "$s/out/t/moi-nhat.wav"
presenter ''
exits 0 "the next run" on killed $today
is "$(newest killed 2025-11-25)" same "goes on"
is "$(find "$s/out" -name '.*' | wc -l)" 0 "and sweeps"

# ---- what waited ----
exec 9>&-
wait
settle engine 12 "an engine that hangs: down to the last good edition"
is "$(newest engine 2025-11-25)" same "that is under the fixed name"
by 2025-11-25T08:40:00+07:00
seconds 250 290
settle behind 0 "an engine too slow: the next in the chain says all of it"
is "$(newest behind 2025-11-25)" same "in today's edition"
by 2025-11-25T08:38:00+07:00
seconds 119 125
settle late 12 "late, each tier has its least"
seconds 280 290
settle jump 12 "the clock jumps while a tier waits"
seconds 280 290
is "$(newest jump 2025-11-25)" same "its time is the monotonic clock's, and its date stays"
settle source 0 "sources that hang"
by 2025-11-25T08:38:00+07:00
sed -i 's/^11$/10/' "$tmp/disk/code" # on a machine that is slow, too
settle disk 10 "a disk that is slow: less is written"
by 2025-11-25T08:40:00+07:00
is "$(newest disk 2025-11-25)" same "and stands there"

done_testing
