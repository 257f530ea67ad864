# The level of what is delivered, decoded by a reader that is not ours: -23 LUFS and -1 dBTP for the
# transmitter, -16 and -2 for podcasts, in every format.
. tests/tap.sh

voices=voices
for title in 'Gieo cấy vụ xuân ở vùng bãi ngang' 'Mở rộng quốc lộ 47 qua hai xã miền núi'; do
    printf '<story id="s-%s" voice="nu"><title>%s</title><lead>Sáng nay, lãnh đạo tỉnh họp bàn về việc này.</lead>%s</story>\n' \
        "$(printf %s "$title" | cksum | cut -d ' ' -f 1)" "$title" \
        '<p>Theo kế hoạch, bà con bắt đầu từ tháng sau, với hơn bốn mươi tỷ đồng. Xã đã lập tổ theo dõi, mỗi tuần báo cáo một lần, và mời người dân cùng góp ý.</p>'
done >"$tmp/stories"
rundown() { # FILE DELIVER
    printf '<rundown programme="t" title="Thử" station="Đài" date="2025-11-25" air="2025-11-25T08:45:00+07:00">%s%s<deliver to="out" as="wav mp3 flac opus opus24 ogg" %s/></rundown>' \
        '<say id="c1" voice="nu">Kính chào quý vị và các bạn.</say>' "$(cat "$tmp/stories")" "$2" >"$tmp/$1.xml"
}
level() { # FILE: its loudness
    ffmpeg -hide_banner -nostats -i "$1" -af ebur128 -f null - 2>&1 | awk '$1 == "I:" { i = $2 } END { print i }'
}
for want in "-23 -1 1" "-23 -1 2" "-16 -2 1" "-16 -2 2"; do
    # shellcheck disable=SC2086
    set -- $want
    name="$1-$3"
    rundown "r$name" "loudness=\"$1\" peak=\"$2\" channels=\"$3\""
    exits 0 "$1 LUFS, $3 channel" "$bantin" air "$tmp/r$name.xml" --voices "$voices" --no-store --out "$tmp/$name"
    e=$tmp/$name/t/2025-11-25
    for f in .wav .mp3 .flac .opus .24k.opus .ogg; do
        ok "$f within 0.2 LU" awk -v got="$(level "$e/t-2025-11-25$f")" -v want="$1" \
            'BEGIN { print got; exit !(got != "" && got > want - 0.25 && got < want + 0.25) }'
        ok "by the proof, too" jq -e ".files[] | select(.file == \"t-2025-11-25$f\") |
            (.level.integrated - ($1) | fabs) <= 0.2 and
            .level.\"true-peak\" <= $2" "$e/proof.json"
    done
done

# ---- MP3 of every kind of rate: the level, the length to the sample, and what other readers say ----

samples() { ffmpeg -v error -i "$1" -f s16le - | wc -c; }
for want in 'vbr="V0"' 'vbr="V4" channels="2"' 'vbr="V9"' 'kbps="64"' 'kbps="224" channels="2"' 'kbps="320"'; do
    rundown r "loudness=\"-23\" $want"
    sed -i 's/as="[^"]*"/as="wav mp3 stories"/' "$tmp/r.xml"
    exits 0 "an MP3 with $want" "$bantin" air "$tmp/r.xml" --voices "$voices" --no-store --out "$tmp/rate" --again
    e=$(find "$tmp/rate/t" -maxdepth 1 -name '2025*' | sort -V | tail -n 1)
    ok "is within 0.2 LU" awk -v got="$(level "$e/t-2025-11-25.mp3")" \
        'BEGIN { print got; exit !(got != "" && got > -23.25 && got < -22.75) }'
    ok "and below its peak, by the proof" jq -e '.files[] | select(.file == "t-2025-11-25.mp3") |
        (.level.integrated + 23 | fabs) <= 0.2 and .level."true-peak" <= -1' "$e/proof.json"
    is "$(samples "$e/t-2025-11-25.mp3")" "$(samples "$e/t-2025-11-25.wav")" "it decodes to the WAV's samples"
    is "$(mp3val "$e"/*.mp3 "$e"/tin/*.mp3 | grep -c WARNING)" 0 "mp3val finds nothing, in its stories neither"
    ok "its stories are whole" "$bantin" check "$e"/tin/0[1-9]*.mp3 --loudness -23
    case $want in vbr*) kind=VBR ;; *) kind=CBR ;; esac
    like "$(mutagen-inspect "$e/t-2025-11-25.mp3")" "*($kind*" "mutagen knows it for $kind"
done
done_testing
