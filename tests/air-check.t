#!/bin/sh
# bantin check, as a producer uses it: sound, the proof.json beside it, programmes, tables.
BANTIN=${BUILD:-build}/bantin
LC_ALL=en_US
export LC_ALL
unset BANTIN_LANG
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
n=0

# ok WHAT: the last command's exit status decides.
ok() {
    status=$?
    n=$((n + 1))
    if [ $status -eq 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; fi
}

# exits CODE: run the rest; its words are in $out.
exits() {
    want=$1
    shift
    out=$("$@" 2>&1)
    got=$?
    [ $got -eq "$want" ] || { echo "# exit $got: $out"; false; }
}

says() { printf '%s\n' "$out" | grep -q -- "$1" || { echo "# $out"; false; }; }

sting=voices/thnm/jingles/sting.flac
exits 0 "$BANTIN" check --loudness -19 "$sting"; ok "a jingle at its own level is right"
says "sting.flac: right: loudness -19.0 LUFS, should be -19.0"; ok "and says so"
exits 6 "$BANTIN" check "$sting"; ok "at the station's level it is wrong: 6"
says "sting.flac: wrong: loudness"; ok "with the reason"
exits 2 "$BANTIN" check --loudness loud "$sting"; ok "a loudness that is no number: 2"
exits 2 "$BANTIN" check; ok "no file: 2"
exits 6 "$BANTIN" check "$top/none.wav"; ok "a missing file: 6"

cp "$sting" "$top/tin.flac"
cat >"$top/proof.json" <<'EOF'
{"files": [{"file": "tin.flac", "dual-mono": false, "lines": [
  {"what": "loudness", "want": -19}, {"what": "peak", "want": -1}, {"what": "length", "want": 105601}]}]}
EOF
exits 6 "$BANTIN" check "$top/tin.flac"; ok "against the proof.json beside it"
says "right: loudness -19.0 LUFS, should be -19.0"; ok "the level is the one that was asked"
says "wrong: 2.20 s long (105600 frames), should be 105601"; ok "and the length is not"
exits 6 "$BANTIN" check --json "$top/tin.flac"; ok "the same as JSON"
says '"verdict": "wrong"'; ok "holds the verdict"

exits 0 "$BANTIN" check voices/thnm/thnm-sang.xml voices/thnm/lexicon.tsv voices/nu.voice
ok "the station's own files load"
printf 'UBND\tỦy ban 15\n' >"$top/lexicon.tsv"
exits 6 "$BANTIN" check "$top/lexicon.tsv"; ok "a word that cannot be spoken: 6"
says "^$top/lexicon.tsv:1: "; ok "with file and line"
sed 's/open.flac/mất.flac/' voices/thnm/thnm-sang.xml >"$top/tin.xml"
cp -r voices/thnm/jingles "$top/"
exits 6 "$BANTIN" check "$top/tin.xml"; ok "a programme whose jingle is missing: 6"
says "^$top/tin.xml:[0-9]*: no sound file jingles/mất.flac"; ok "with file, line and name"
echo rubbish >"$top/jingles/mất.flac"
exits 6 "$BANTIN" check "$top/tin.xml"; ok "a jingle that is no sound: 6"
says "^$top/tin.xml:[0-9]*: jingles/mất.flac is of no use: .*WAV"; ok "with file, line and what to use"
sed 's/voice="nu nam"/voice="nữ nam"/' voices/thnm/thnm-sang.xml >"$top/tin.xml"
exits 6 "$BANTIN" check "$top/tin.xml"; ok "a presenter that nobody knows: 6"
says "^$top/tin.xml:[0-9]*: .*nữ"; ok "with file, line and name"
sed 's/voice="nu nam"/& quotes="nan"/' voices/thnm/thnm-sang.xml >"$top/tin.xml"
exits 6 "$BANTIN" check "$top/tin.xml"; ok "nor who says what is quoted: 6"
says "^$top/tin.xml:[0-9]*: .*nan .*: nam, "; ok "with those that there are, the nearest first"
sed 's/<pick/<pik/' voices/thnm/thnm-sang.xml >"$top/tin.xml"
exits 6 "$BANTIN" check "$top/tin.xml"; ok "a programme with a wrong element: 6"
says "^$top/tin.xml:[0-9]*: "; ok "with file and line, too"
# All that is wrong is told at once.
cat >"$top/tin.xml" <<'EOF'
<programme id="tin" title="Tin" station="Đài" air="8h45" days="1-7" colour="red">
  <source/>
  <pick stories="six"/>
  <order>
    <jingle src="jingles/khong.flac"/>
    <say voice="nu nam">Hôm nay {ngay}.</say>
    <say voice="nu">Hôm nay {ngay}.</say>
    <song/>
    lời thừa
    <stories voice="la"/>
    <stories voice="nu"/>
  </order>
  <deliver as="mp3 wax" channels="3"/>
</programme>
EOF
exits 6 "$BANTIN" check "$top/tin.xml"; ok "a programme with many faults: 6"
[ "$(printf '%s\n' "$out" | cut -d : -f 2 | tr '\n' ' ')" = "1 1 2 3 6 7 8 9 13 13 1 5 10 " ] ||
    { echo "# $out"; false; }; ok "tells each by its line"
for word in air colour href stories voice ngay song text to wax khong la; do
    says "$word"; ok "$word is among them"
done
sed -e 's/air="8h45"/air="8h45" date="x"/' -e 's/<programme/<rundown/' -e 's/programme>/rundown>/' \
    "$top/tin.xml" >"$top/r.xml"
exits 6 "$BANTIN" check "$top/r.xml"; ok "a rundown, too"
[ "$(printf '%s\n' "$out" | wc -l)" -ge 6 ] || { echo "# $out"; false; }; ok "is told in full"
echo "1..$n"
