# Podcast clients of Debian subscribe to a programme's feed over loopback, load an edition down, and
# are told of the next: podget, newsboat with podboat, gPodder's gpo.
. tests/tap.sh

tone_voices
mkdir -p "$voices/t" "$tmp/in" "$tmp/site"
cp voices/thnm/bia.png "$voices/t/"
mkfifo "$tmp/stop" "$tmp/port"
perl tests/stand-ins/site.pl "$tmp/site" <"$tmp/stop" >"$tmp/port" &
exec 9>"$tmp/stop"
read -r port <"$tmp/port"
cat >"$voices/t/t.xml" <<X
<programme id="t" title="Bản tin thử" station="Đài thử" air="08:45" zone="+07:00">
  <source href="in/*.txt"/>
  <pick from="-1d 19:00" until="08:30" stories="1-6"/>
  <order>
    <say voice="nu">Kính chào quý vị. Giọng đọc tổng hợp.</say>
    <stories voice="nu"/>
  </order>
  <deliver to="out" as="mp3 page feed vtt chapters" mix="clear" cover="bia.png" url="http://127.0.0.1:$port"/>
</programme>
X
site=$tmp/site/t feed=http://127.0.0.1:$port/t/feed.xml
edition() { # DAY
    printf 'Tin ngày %s\nThời gian: %s/11/2025 06:10\n\nTrời nắng ngày %s.\n' "$1" "$1" "$1" >"$tmp/in/$1.txt"
    exits 0 "the edition of the ${1}th" "$bantin" make "$voices/t/t.xml" --voices "$voices" --source "$tmp/in" \
        --date "2025-11-$1" --no-store --out "$tmp/site" --state "$tmp/state"
}

# CLIENT_subscribe, and CLIENT_update, which asks for what is new; both load it down below $heard/CLIENT.
heard=$tmp/heard

podget_subscribe() {
    podget -s -d "$tmp/podget" -l "$heard/podget" --create-config podgetrc >/dev/null 2>&1 </dev/null
    echo "$feed tin BanTin" >"$tmp/podget/serverlist"
    podget_update
}
podget_update() {
    podget -d "$tmp/podget" -l "$heard/podget" </dev/null
}

newsboat_subscribe() {
    mkdir -p "$tmp/home/.newsboat"
    echo "$feed" >"$tmp/home/.newsboat/urls"
    printf '%s\n' 'podcast-auto-enqueue yes' 'max-downloads 2' \
        "download-path $heard/newsboat" >"$tmp/home/.newsboat/config"
    newsboat_update
}
newsboat_update() {
    HOME=$tmp/home newsboat -x reload &&
        HOME=$tmp/home perl tests/stand-ins/press.pl ready q podboat -a && rm "$tmp/home/.newsboat/queue"
}

gpo_subscribe() {
    gpo_do subscribe "$feed" && gpo_do download
}
gpo_update() {
    gpo_do update && gpo_do download
}
gpo_do() {
    GPODDER_HOME=$tmp/gpo GPODDER_DOWNLOAD_DIR=$heard/gpo gpo "$@" </dev/null
}

has() { # CLIENT DAY: byte for byte, under a name that is no unfinished file's
    find "$heard/$1" -type f ! -name '*.part*' -exec cmp -s '{}' "$site/2025-11-$2/t-2025-11-$2.mp3" \; -print | grep .
}

edition 25
edition 26
here=
for client in podget newsboat gpo; do
    mkdir -p "$heard/$client"
    if command -v $client >/dev/null; then
        here="$here $client"
        ok "$client subscribes" ${client}_subscribe 9>&-
        ok "and has the newest edition, byte for byte" has $client 26
    else
        skip "NO $client here: it did not subscribe to the feed (scripts/deps test)"
    fi
done
edition 27
for client in $here; do
    ok "$client looks again" "${client}_update" 9>&-
    ok "and has the next day's" has "$client" 27
done
exec 9>&-
wait
done_testing
