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
is "$(printf '%s\n' "$out" | grep -vcE '^# (HELP|TYPE) bantin_[a-z_]+ .+$|^bantin_[a-z_]+\{programme="t",folder="[^"]+"\} -?[0-9.]+$')" 0 \
    "every line is of the format"
like "$out" "*bantin_edition_tier{programme=\"t\"*} 0
*bantin_edition_age_seconds{*} 7200
*bantin_run_code{*} 0*" "the same"

printf '{"at":"2025-' >>"$tmp/state/bantin/runs/t.jsonl"
exits 0 "a journal that a full disk cut" bantin_at 2025-11-25T10:45:00+07:00 status
like "$out" "*mã 0*mã 4*" "is read up to there"
rm "$tmp/out/t/2025-11-25/proof.json"
exits 0 "an edition without its proof" bantin_at 2025-11-25T10:45:00+07:00 status
like "$out" "*2025-11-25 *?*wrong*" "is wrong"
exits 3 "a programme that does not load" "$bantin" status "$voices/nu.voice" "$voices/t/t.xml"
like "$out" "*Bản tin thử*" "does not hide the others"

done_testing
