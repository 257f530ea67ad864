# status: one screen, JSON and Prometheus say the same, and need no run to have gone well.
. tests/tap.sh

tone_voices
mkdir -p "$voices/t" "$tmp/in"
cat >"$voices/t/t.xml" <<X
<programme id="t" title="Bản tin thử" station="Đài thử" air="08:45" deadline="08:40">
  <source href="$tmp/in/*.txt"/>
  <pick from="-1d 19:00" until="08:30" stories="1-6"/>
  <order><stories voice="nu nam"/></order>
  <deliver to="out" as="wav mp3"/>
</programme>
X
bantin_at() { # NOW COMMAND …
    now=$1 command=$2
    shift 2
    BANTIN_NOW=$now "$bantin" "$command" "$voices/t/t.xml" --out "$tmp/out" "$@"
}

exits 0 "before the first run" bantin_at 2025-11-25T08:00:00+07:00 status
like "$out" "*Bản tin thử*08:45*chưa có*" "there is no edition"
exits 4 "a run without news" bantin_at 2025-11-25T08:20:00+07:00 run --voices "$voices" --no-store
exits 0 "after it" bantin_at 2025-11-25T08:21:00+07:00 status
like "$out" "*mã 4*full: *" "its code and its first trouble are told"

printf 'Gieo cấy vụ xuân\nThời gian: 25/11/2025 07:00\n\nBà con xuống đồng.\n\nĐã cấy 40 héc ta.\n' >"$tmp/in/a.txt"
exits 0 "a run with news" bantin_at 2025-11-25T08:30:00+07:00 run --voices "$voices" --no-store
exits 0 "after it" bantin_at 2025-11-25T10:45:00+07:00 status
like "$out" "*2025-11-25 *full *0:0*LUFS*right*2,0 giờ*mã 0*mã 4*" \
    "edition, tier, length, level, verdict, age, runs"
is "$(printf '%s\n' "$out" | wc -l | sed 's/^[1-9]$/few/')" few "in a few lines"
exits 0 "as JSON" bantin_at 2025-11-25T10:45:00+07:00 status --json
if command -v jq >/dev/null; then
    is "$(printf '%s' "$out" | jq -r '.[0] | .folders[0] as $f | $f.editions[0] as $e |
        [.programme, $e.tier, $e.verdict, ($e.loudness + 23 | fabs < 0.3), $f["age-hours"], .runs[0].code, .runs[1].code] | @csv')" \
        '"t","full","right",true,2,0,4' "the same"
else
    skip "no jq"
fi
exits 0 "for Prometheus" bantin_at 2025-11-25T10:45:00+07:00 status --prometheus
is "$(printf '%s\n' "$out" | perl tests/exposition.pl)" "" "every line is of the format"
like "$out" "*bantin_edition_tier{programme=\"t\"*} 0
*bantin_edition_age_seconds{*} 7200
*bantin_run_code{*} 0*" "the same"

# Sources: what was read, how new it is, and what fails, since when.
mkdir -p "$tmp/site"
mkfifo "$tmp/stop" "$tmp/port"
perl tests/stand-ins/site.pl "$tmp/site" <"$tmp/stop" >"$tmp/port" &
exec 9>"$tmp/stop"
read -r port <"$tmp/port"
cat >"$tmp/site/rss" <<X
<rss version="2.0"><channel><title>Báo Làng</title><item><title>Bản Khoang có nước sạch</title><link>/a-1000001.htm</link>
<description>Bản Khoang có nước sạch, theo tin gửi về.</description><pubDate>Tue, 25 Nov 2025 06:10:00 +0700</pubDate></item></channel></rss>
X
more="<source href=\"http:\/\/127.0.0.1:$port\/rss?a=1\"\/><source href=\"http:\/\/127.0.0.1:$port\/rss?a=2\"\/><source href=\"khong-co.txt\"\/>"
sed -i "s/<pick/$more<pick/; s/air=/wait=\"3s\" air=/" "$voices/t/t.xml"
exits 0 "a run with three sources more" bantin_at 2025-11-25T08:10:00+07:00 run --voices "$voices" --no-store --again
exec 9>&-
wait
exits 0 "and without their site" bantin_at 2025-11-25T08:40:00+07:00 run --voices "$voices" --no-store --again
like "$out" "*/rss?…: *dùng bản đã lấy lần trước*" "what was fetched before stands in, and that is told"
exits 0 "and once more" bantin_at 2025-11-25T09:00:00+07:00 run --voices "$voices" --no-store --again
exits 0 "after it" bantin_at 2025-11-25T09:10:00+07:00 status
like "$out" "*nguồn $tmp/in/*: đọc được 0.2 giờ trước, tin mới nhất 2.2 giờ
*nguồn http://127.0.0.1:$port/rss?…: đọc được 1.0 giờ trước, tin mới nhất 3.0 giờ
*nguồn http://127.0.0.1:$port/rss?…: LỖI từ 2025-11-25T08:40:00+07:00: *
*nguồn http://127.0.0.1:$port/rss?… #2: *
*nguồn khong-co.txt: đọc được ? giờ trước, tin mới nhất ? giờ
*nguồn khong-co.txt: LỖI từ 2025-11-25T08:10:00+07:00: *" "each source has its ages, and since when it fails"
exits 0 "as JSON" bantin_at 2025-11-25T09:10:00+07:00 status --json
if command -v jq >/dev/null; then
    is "$(printf '%s' "$out" | jq -r '.[0].sources | map([.good, ."newest-age-hours", ."failing-since", (.error != null)] | @csv) | join(" ")')" \
        "\"2025-11-25T09:00:00+07:00\",2.16667,,false \"2025-11-25T08:10:00+07:00\",3,\"2025-11-25T08:40:00+07:00\",true \
\"2025-11-25T08:10:00+07:00\",3,\"2025-11-25T08:40:00+07:00\",true ,,\"2025-11-25T08:10:00+07:00\",true" "the same"
else
    skip "no jq"
fi
exits 0 "for Prometheus" bantin_at 2025-11-25T09:10:00+07:00 status --prometheus
is "$(printf '%s\n' "$out" | perl tests/exposition.pl)" "" "every line is of the format"
like "$out" "*bantin_source_good_age_seconds{programme=\"t\",source=\"http://127.0.0.1:$port/rss?…\"} 3600
*bantin_source_failing_seconds{programme=\"t\",source=\"$tmp/in/\*.txt\"} 0
*bantin_source_failing_seconds{programme=\"t\",source=\"http://127.0.0.1:$port/rss?… #2\"} 1800*" "the same"
if command -v promtool >/dev/null; then
    is "$(printf '%s\n' "$out" | promtool check metrics 2>&1)" "" "promtool finds nothing"
else
    skip "no promtool (Debian's prometheus): the format was checked by tests/exposition.pl alone"
fi
for wrong in 'x{a="1"} 1' '# TYPE y gauge
y{a="1"} 1
y{a="1"} 2' '# TYPE y gauge
y{a="1} 1' '# TYPE y gauge
y{a="\q"} 1' '# TYPE y gauge
y one'; do
    ok "the check of the format finds what is wrong" sh -c 'printf "%s\n" "$1" | perl tests/exposition.pl | grep -q .' sh "$wrong"
done

printf '{"at":"2025-' >>"$tmp/state/bantin/runs/t.jsonl"
exits 0 "a journal that a full disk cut" bantin_at 2025-11-25T10:45:00+07:00 status
like "$out" "*mã 0*mã 4*" "is read up to there"
rm "$tmp/out/t/2025-11-25/proof.json"
exits 0 "an edition without its proof" bantin_at 2025-11-25T10:45:00+07:00 status
like "$out" "*2025-11-25 *?*wrong*" "is wrong"
exits 3 "a programme that does not load" "$bantin" status "$voices/nu.voice" "$voices/t/t.xml"
like "$out" "*Bản tin thử*" "does not hide the others"

done_testing
