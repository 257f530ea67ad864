# What listeners get of an edition, as a person finds it: page, feed, stories, the sheet to sign.
. tests/tap.sh
. tests/hostile.sh

voices=$tmp/voices
mkdir -p "$voices/vi" "$voices/t" "$tmp/in"
cp voices/vi/*.tsv "$voices/vi/"
printf 'title\tNữ thử\nengine\ttone\nhz\t300\nsyllable\t50\n' >"$voices/nu.voice"
programme() { # AS [URL]
    cat >"$voices/t/t.xml" <<X
<programme id="t" title="Bản tin thử" station="Đài &lt;thử&gt;" air="08:45" zone="+07:00">
  <source href="in/*.txt"/>
  <pick from="-1d 19:00" until="08:30" stories="1-6"/>
  <order>
    <say voice="nu">Kính chào quý vị. Giọng đọc tổng hợp.</say>
    <stories voice="nu"/>
  </order>
  <deliver to="out" as="$1" mix="clear" $2/>
</programme>
X
}
printf '%s\nThời gian: 25/11/2025 07:10\n\nSáng nay, UBND tỉnh họp.\n' 'Giá <b>xăng</b> & dầu' >"$tmp/in/a.txt"
printf '%s\nThời gian: 25/11/2025 06:10\n\nGieo 1.250 ha lúa. “Kịp vụ.” - “Mừng lắm!” (Theo báo.)Hết.\n' 'Vụ xuân' >"$tmp/in/b.txt"
make() { # DATE [OPTION]
    "$bantin" make "$voices/t/t.xml" --voices "$voices" --source "$tmp/in" --no-store --out "$tmp/out" \
        --state "$tmp/state" --date "$@"
}

programme "mp3 feed"
exits 3 "a feed without an address is refused" make 2025-11-25
like "$out" "*t.xml:8:*url*" "with file and line"
programme "wav stories"
exits 3 "stories without an MP3 too" make 2025-11-25
like "$out" "*t.xml:8:*mp3*" "with file and line"

programme "wav page"
for to in out out/ ./out; do
    sed "s,^</programme>,  <deliver to=\"$to\" as=\"wav page\"/>\n&," "$voices/t/t.xml" >"$voices/t/two.xml"
    exits 3 "two pages in one folder are refused, written $to" \
        "$bantin" make "$voices/t/two.xml" --voices "$voices" --source "$tmp/in" --date 2025-11-25
    like "$out" '*two.xml:9:*"page"*to="out"*8*to="out-2"*' "with file, line and what to write"
done
cat >"$voices/t/three.xml" <<X
$(sed '/<deliver/d; /<.programme>/d' "$voices/t/t.xml")
  <deliver to="out" as="wav"/>
  <deliver to="out/" as="wav page" mix="clear"/>
  <deliver to="./out" as="wav" mix="clear"/>
  <deliver to="nghe" as="wav page" mix="clear"/>
</programme>
X
three() { # [OPTION]
    "$bantin" make "$voices/t/three.xml" --voices "$voices" --source "$tmp/in" --date 2025-11-25 \
        --no-store --state "$tmp/state3" "$@"
}
sounds() { # FOLDER
    (cd "$1/t/2025-11-25" && echo *.wav)
}
n=t-2025-11-25
exits 0 "three renditions go to one folder" three
is "$(sounds "$voices/t/out")" "$n-nghe-2.wav $n-nghe.wav $n.wav" "under three names, in one edition"
is "$(sounds "$voices/t/nghe")" "$n.wav" "and the fourth to its own"
exits 0 "--out makes the folders one" three --out "$tmp/one"
is "$(sounds "$tmp/one")" "$n-nghe-2.wav $n-nghe-3.wav $n-nghe.wav $n.wav" "with four names"
like "$out" "*\"page\"*$n-nghe*$n-nghe-3*" "and says whose page it has"
ok "the first that asks has the page" grep -q "$n-nghe.wav" "$tmp/one/t/2025-11-25/index.html"
ok "and the other has not" test 0 = "$(grep -c "$n-nghe-3.wav" "$tmp/one/t/2025-11-25/index.html")"

sed "s,<deliver to=\"out\" .*,<deliver to=\"out\" as=\"wav page\"/>\n  <deliver to=\"$voices/t/out\" as=\"wav page\"/>," \
    "$voices/t/t.xml" >"$voices/t/absolute.xml"
rm -rf "$voices/t/out"
absolute() {
    (cd "$voices" && "$bantin" make t/absolute.xml --voices . --source "$tmp/in" --date 2025-11-25 --no-store \
        --state "$tmp/state3")
}
exits 0 "a folder named absolutely, and relatively" absolute
is "$(sounds "$voices/t/out")" "$n-2.wav $n.wav" "is one"
like "$out" "*\"page\"*$n*$n-2*" "with one page, of the first"

cp voices/thnm/bia.png "$voices/t/"
programme "page mp3 feed vtt chapters stories sheet epub daisy" 'cover="bia.png" url="https://dai.example/nghe"'
exits 0 "with all of them a bulletin is made" make 2025-11-25
e=$tmp/out/t/2025-11-25
for f in index.html feed.xml to-duyet.html tin/01-mo-dau.mp3 t-2025-11-25.vi.vtt t-2025-11-25.epub \
    t-2025-11-25.daisy.zip bia.png daisy/ncc.html daisy/master.smil daisy/003.mp3; do
    ok "the edition holds $f" test -s "$e/$f"
done
is "$(find "$e/tin" -name '*.mp3' | wc -l)" 3 "a piece for the opening and each story"
ok "the page has the text as written" grep -q 'Gieo 1.250 ha lúa.</span>' "$e/index.html"
ok "each sentence with the marks that open and close it" grep -q \
    'lúa.</span> <span[^>]*>“Kịp vụ.”</span> <span[^>]*>- “Mừng lắm!”</span> <span[^>]*>(Theo báo.)</span><span[^>]*>Hết.</span></p>' "$e/index.html"
is "$(sed -n 's/^<v Nữ thử>\(.*“.*\)/\1/p' "$e/t-2025-11-25.vi.vtt" | tr '\n' '|')" "“Kịp vụ.”|- “Mừng lắm!”|" "in the captions too, by the presenter's title"
ok "and a title's marks as text" grep -q '<h2 id="s2">.*Giá &lt;b&gt;xăng&lt;/b&gt; &amp; dầu' "$e/index.html"
ok "the sheet has its time" grep -q '<td>08:45:00</td>' "$e/to-duyet.html"
catalog=/usr/share/xml/w3c-sgml-lib/schema/dtd/catalog.xml
if command -v xmllint >/dev/null && [ -e "$catalog" ]; then
    for f in "$e"/daisy/*.html "$e"/daisy/*.smil; do
        ok "daisy/${f##*/} is valid" env XML_CATALOG_FILES="$catalog" xmllint --nonet --noout --valid "$f"
    done
else
    skip "NO xmllint or DTDs here: DAISY was not validated (apt-get install libxml2-utils w3c-sgml-lib)"
fi
for n in 1 2 3; do
    name=$(sed -n "s,.*href=\"\(tin/0$n-[^\"]*\)\" download id=\"m$n\".*,\1,p" "$e/index.html")
    ok "each part has its own MP3, $name" test -s "$e/$name"
done
ok "the sheet says what it is" grep -q '<h1>Tờ duyệt: Bản tin thử, 25/11/2025</h1>' "$e/to-duyet.html"
ok "the page leads to the feed" grep -q '<link rel="alternate" type="application/rss+xml" href="../feed.xml">' "$e/index.html"
ok "so does the index" grep -q '<link rel="alternate" type="application/rss+xml" href="feed.xml">' "$tmp/out/t/index.html"
ok "which says whose editions they are" grep -q '<h1>Các bản tin: Bản tin thử</h1>' "$tmp/out/t/index.html"
size=$(wc -c <"$e/t-2025-11-25.mp3")
feed=$tmp/out/t/feed.xml
ok "the feed has the true length of its sound" grep -q "/2025-11-25/t-2025-11-25.mp3\" length=\"$size\"" "$feed"
ok "at its address" grep -q '<enclosure url="https://dai.example/nghe/t/2025-11-25/' "$feed"
ok "a picture" grep -q '<itunes:image href="https://dai.example/nghe/t/2025-11-25/bia.png"/>' "$feed"
ok "and whose voice it is" grep -q 'role="narrator">Giọng đọc tổng hợp<' "$feed"
for f in vi.vtt epub daisy.zip; do
    ok "the page has .$f, with its size" grep -qE "t-2025-11-25.$f\" download>.*, [0-9]+ kB<" "$e/index.html"
done
for f in $(sed -n 's,.*url="https://dai.example/nghe/\([^"]*\)".*,\1,p' "$feed"); do
    ok "$f is there" test -s "$tmp/out/$f"
done

# ---- do the files agree? ---------------------------------------------------------------------------

ok "sound, timing table, script and all companions agree" "$BUILD/agree" "$e" 'Giá <b>xăng</b> & dầu'
change() { # FILE CHANGE: as Perl has it; does it make a difference?
    cp "$1" "$tmp/before"
    perl -CSD -Mutf8 -MUnicode::Normalize=NFD -0pi -e "$2" "$1" 2>/dev/null
    ! cmp -s "$tmp/before" "$1"
}
change_in() { # ZIP ENTRY CHANGE
    rm -rf "$tmp/open"
    python3 -m zipfile -e "$1" "$tmp/open" && change "$tmp/open/$2" "$3" &&
        (cd "$tmp/open" && python3 -m zipfile -c "$1" ./*)
}
# Each fault that no validator sees is found: what is wrong, the file or the zip's entry, how it is made so.
while IFS='|' read -r what file change; do
    rm -rf "$tmp/wrong"
    mkdir -p "$tmp/wrong"
    cp -r "$tmp/out/t" "$tmp/wrong/"
    wrong=$tmp/wrong/t/2025-11-25
    case $file in
    *:*) ok "$file is changed" change_in "$wrong/${file%%:*}" "${file#*:}" "$change" ;;
    *) ok "$file is changed" change "$wrong/$file" "$change" ;;
    esac
    exits 1 "found: $what" "$BUILD/agree" "$wrong"
done <<'X'
an MP3 that is not audio|t-2025-11-25.mp3|s/./a/gs
a word that the script has not|index.html|s/Gieo/Gặt/
a sentence that is missing|index.html|s/<span data-from[^>]*>Gieo.*?<.span>//
a sentence that begins too late|index.html|s/data-from="([0-9.]*)" (data-to="[0-9.]*">Gieo)/sprintf "data-from=\"%.3f\" %s", $1 + 0.1, $2/e
a part with a gap|index.html|s/(<section[^>]*data-to=")[0-9.]*/${1}1.000/
a caption that is late|t-2025-11-25.vi.vtt|s/\.(\d\d\d) -->/sprintf ".%03d -->", ($1 + 50) % 1000/e
another text in a caption|t-2025-11-25.vi.vtt|s/lúa/cỏ/
a chapter that ends elsewhere|t-2025-11-25.chapters.json|s/("endTime": \d+)/${1}9/
a book's clip beyond the end|t-2025-11-25.epub:EPUB/s03.smil|s/(.*clipEnd=")\d+/${1}999/s
a book's clip that begins before the last one ends|t-2025-11-25.epub:EPUB/s02.smil|s/(.*clipBegin="\d+\.)\d/${1}0/s
a book's clip that leaves a gap|t-2025-11-25.epub:EPUB/s03.smil|s/(.*clipBegin=")(\d+)/$1 . ($2 + 1)/se
a book's clip without length|t-2025-11-25.epub:EPUB/s02.smil|s/clipBegin="[^"]*" clipEnd="([^"]*)"/clipBegin="$1" clipEnd="$1"/
a book's sentence that is not heard|t-2025-11-25.epub:EPUB/s03.smil|s/.*<par.*?<.par>//s
a book's sentence that is not read|t-2025-11-25.epub:EPUB/s03.xhtml|s/Gieo/Gặt/
a book's text that is not NFC|t-2025-11-25.epub:EPUB/s02.xhtml|$_ = NFD $_
a book's part that is too long|t-2025-11-25.epub:EPUB/package.opf|s/(refines="#o2">\d+:\d+:)\d/${1}5/
a book that is too long|t-2025-11-25.epub:EPUB/package.opf|s/(media:duration">\d+:\d+:)\d/${1}5/
a book with another sound|t-2025-11-25.epub:EPUB/audio.mp3|$_ = "x"
a document without an overlay|t-2025-11-25.epub:EPUB/package.opf|s/ media-overlay="o2"//
an overlay of another document|t-2025-11-25.epub:EPUB/package.opf|s/media-overlay="o2"/media-overlay="o3"/
a document that is not read|t-2025-11-25.epub:EPUB/package.opf|s/<itemref idref="s2".*?>//
a zip that is not its folder|t-2025-11-25.daisy.zip:002.html|s/UBND/HĐND/
a sound in the zip that is none|t-2025-11-25.daisy.zip:002.mp3|$_ = "x"
a part's MP3 that is none|tin/01-mo-dau.mp3|$_ = "x"
a clip beyond the end|daisy/002.smil|s/(.*clip-end="npt=)\d+/${1}999/s
a gap between clips|daisy/003.smil|s/(.*clip-begin="npt=)(\d+)/$1 . ($2 + 1)/se
a total that is none|daisy/ncc.html|s/(totalTime" content=")[0-9:]*/${1}00:59:59/
a file that is not counted|daisy/ncc.html|s/(ncc:files" content=")\d+/${1}3/
a part that begins elsewhere|daisy/003.smil|s/(totalElapsedTime" content=")[0-9:]*/${1}00:59:59/
a part of another length|daisy/002.smil|s/(timeInThisSmil" content=")[0-9:]*/${1}00:59:59/
a caption with another sentence's end|t-2025-11-25.vi.vtt|s/--> (\d\d:\d\d:\d\d)\.(\d\d\d)/sprintf "--> %s.%03d", $1, ($2 + 50) % 1000/e
a chapter that begins elsewhere|t-2025-11-25.chapters.vtt|s/\n(\d\d:\d\d:\d\d)\.\d(\d\d -->.*)$/\n$1.9$2/s
a chapter of another name|t-2025-11-25.chapters.json|s/Vụ xuân/Vụ hè/
a feed with another length|feed.xml|s/length="\d/length="9/
the programme's feed with another length|../feed.xml|s/length="\d/length="9/
the programme's feed with an item without sound|../feed.xml|s/<enclosure.*?>//
a feed with another duration|feed.xml|s/(<itunes:duration>)\d+/${1}99/
an address where nothing is|feed.xml|s/\.vi\.vtt/.en.vtt/
text that is not NFC|to-duyet.html|$_ = NFD $_
a script that is not ours|index.html|s/<h1>/<script>0<\/script><h1>/
X

printf '%s\nThời gian: 26/11/2025 06:10\n\nTrời nắng.\n' 'Thời tiết' >"$tmp/in/c.txt"
exits 0 "the next day's" make 2025-11-26
is "$(grep -c '<item>' "$feed")" 2 "joins the feed"
is "$(sed -n 's,.*<guid.*>\(.*\)</guid>,\1,p' "$feed" | tr '\n' ' ')" "t-2025-11-26 t-2025-11-25 " \
    "newest first"
is "$(sed -n 's,.*<a href="\(.*\)/index.html">.*,\1,p' "$tmp/out/t/index.html" | tr '\n' ' ')" \
    "2025-11-26 2025-11-25 " "and the index of the editions"
is "$(sed -n 's,.*/index.html">\(.*\)</a></li>,\1,p' "$tmp/out/t/index.html" | tr '\n' ' ')" "26/11/2025 25/11/2025 " \
    "by their dates"

guids() { sed -n 's,.*guid[^>]*>\(.*\)</.*guid>,\1,p' "$feed"; }
before=$(guids)
exits 0 "made again" make 2025-11-26 --again
is "$(guids)" "$before" "it is the same item of the same feed"
is "$(sed -n 's,.*<enclosure url=".*/\(2025[^/]*\)/.*,\1,p' "$feed" | tr '\n' ' ')" "2025-11-26.2 2025-11-25 " \
    "with the new sound"
for d in $(seq 112); do
    mkdir "$tmp/out/t/$(date -u -d "2024-01-01 + $((d - 1)) days" +%F)"
done
for d in "$tmp"/out/t/2024-*; do
    sed "s/t-2025-11-25</t-${d##*/}</" "$e/feed.xml" >"$d/feed.xml"
done
exits 0 "after 112 older ones" make 2025-11-26 --again
is "$(grep -c '<item>' "$feed")" 100 "the feed has a hundred items"
is "$(guids | sed -n '2,3p;$p' | tr '\n' ' ')" "t-2025-11-26 t-2025-11-25 t-2024-01-15 " "the newest"
rm -r "$tmp"/out/t/2024-*

# ---- what stands ready in the station's programme -----------------------------------------------------

cp -r voices/thnm "$voices/thnm"
sed -i '/<!-- Cho người nghe/d; /^  -->$/d' "$voices/thnm/thnm-sang.xml"
is "$(sed -n '/<deliver to="nghe"/,/>/p' "$voices/thnm/thnm-sang.xml" | sed 's/^  //')" \
    "$(sed -n '/<deliver to="nghe"/,/>/p' README.md)" "it is the README's"
printf 'title\tNam thử\nengine\ttone\nhz\t200\nsyllable\t50\n' >"$voices/nam.voice"
exits 0 "without its comment a bulletin is made" "$bantin" make "$voices/thnm/thnm-sang.xml" --voices "$voices" \
    --source "$tmp/in" --date 2025-11-26 --no-store --state "$tmp/state8"
s=$voices/thnm/out/thnm-sang/2025-11-26
ok "the sheet is with what airs" test -s "$s/to-duyet.html"
s=$voices/thnm/nghe/thnm-sang/2025-11-26
for f in index.html ../index.html ../feed.xml thnm-sang-2025-11-26.epub thnm-sang-2025-11-26.daisy.zip tin/01-mo-dau.mp3; do
    ok "listeners have $f" test -s "$s/$f"
done

# ---- text that means harm --------------------------------------------------------------------------

hostile_pack "$voices/h" "mp3 page feed vtt chapters stories sheet epub daisy"
exits 0 "stories that mean harm are read" "$bantin" make "$voices/h/t.xml" --voices voices \
    --source "$voices/h/in" --date 2025-11-25 --no-store --out "$tmp/harm" --state "$tmp/state5"
ok "as text, everywhere" "$BUILD/agree" "$tmp/harm/t/2025-11-25" \
    'Tin </title><script>alert(1)</script> & ]]> --> đảo "hết'\' "Nguy$(printf '%0300d' 0 | tr 0 n)" \
    "Dài $(yes 'tiếng Việt' | head -n 416 | tr '\n' ' ')xong"
ok "in the index too" grep -qF 'index.html">25/11/2025</a>' "$tmp/harm/t/index.html"
ok "and its heading" grep -qF '<h1>Các bản tin: Bản tin &lt;script&gt;alert(0)&lt;/script&gt; &amp; ]]&gt; --&gt;</h1>' \
    "$tmp/harm/t/index.html"

# ---- what nobody approved --------------------------------------------------------------------------

programme "wav sheet"
sed -i 's/<programme /&approve="required" /' "$voices/t/t.xml"
news() {
    "$bantin" news "$voices/t/t.xml" --voices "$voices" --source "$1" --date 2025-11-27 --state "$tmp/state4"
}
air() {
    "$bantin" air "$1" --voices "$voices" --no-store --out "$tmp/$2"
}
rm "$tmp/in"/*
printf 'Giá lúa\nThời gian: 27/11/2025 06:10\nDuyệt: Lê <An>, 07:00\n\nGiá lúa tăng.\n' >"$tmp/in/a.txt"
printf 'Giá cá\nThời gian: 27/11/2025 06:20\n\nGiá cá giảm.\n' >"$tmp/in/b.txt"
exits 0 "with approve, what is approved airs" make 2025-11-27
e=$tmp/out/t/2025-11-27
is "$(grep -c '"aired":false.*"title":"Giá cá".*"why":"chưa duyệt"\|"title":"Giá cá".*"aired":false.*"why":"chưa duyệt"' "$e/asrun.jsonl")" 1 "the other is held, with the reason"
ok "the sheet says who approved" grep -q 'Duyệt: Lê &lt;An&gt;, 07:00' "$e/to-duyet.html"
exits 0 "news" news "$tmp/in"
like "$out" "*chưa duyệt*" "tells it too"
mkdir "$tmp/outside"
cp "$tmp/in/a.txt" "$tmp/outside/a.html"
exits 0 "text that is no local .txt" news "$tmp/outside"
like "$out" "*chưa duyệt*" "approves nothing"
exits 0 "piped in" news - <"$tmp/in/a.txt"
like "$out" "*chưa duyệt*" "it approves nothing either"
mkfifo "$tmp/stop2" "$tmp/port2"
perl tests/stand-ins/site.pl "$tmp/in" <"$tmp/stop2" >"$tmp/port2" &
exec 9>"$tmp/stop2"
read -r port <"$tmp/port2"
for address in "http://127.0.0.1:$port/a.txt" "HTTP://127.0.0.1:$port/a.txt?x=/in/a.txt"; do
    exits 0 "fetched, $(echo "$address" | tr -dc a-zA-Z.?=/)" news "$address"
    like "$out" "*chưa duyệt*Giá lúa*" "approves nothing"
done
exec 9>&-
wait
for named in "$tmp/in" "$(realpath --relative-to=. "$tmp/in")" "$tmp/in/a.txt" "$(realpath --relative-to=. "$tmp/in/a.txt")"; do
    exits 0 "named $(echo "$named" | sed 's,.*/build/,/…/,')" news "$named"
    is "$(printf '%s\n' "$out" | grep -c '^air.*Giá lúa')" 1 "it is approved"
done
rm "$tmp/in/a.txt"
sed 's/days="[^"]*"//; s/air="08:45"/air="08:45" deadline="08:40" last-good="26h"/' "$voices/t/t.xml" >"$voices/t/run.xml"
BANTIN_NOW=2025-11-27T08:00:00+07:00
export BANTIN_NOW
exits 4 "a run with nothing approved" "$bantin" run "$voices/t/run.xml" --voices "$voices" --source "$tmp/in" \
    --no-store --out "$tmp/nothing" --state "$tmp/state7"
is "$(find "$tmp/nothing" -name '*.wav' 2>/dev/null)" "" "airs nothing"
unset BANTIN_NOW
cp "$tmp/outside/a.html" "$tmp/in/a.txt"
"$bantin" script "$voices/t/t.xml" --voices "$voices" --source "$tmp/in" --date 2025-11-27 \
    --state "$tmp/state4" | sed 's/approved="[^"]*"//' >"$tmp/r.xml"
exits 4 "a rundown without an approval does not air" air "$tmp/r.xml" none
like "$out" '*approved=*' "and says what to write"
sed 's/<story /&approved="Bình, 08:00" /' "$tmp/r.xml" >"$tmp/r2.xml"
exits 0 "approved in the rundown it does" air "$tmp/r2.xml" both
is "$(grep -c '"aired":true.*"kind":"story"\|"kind":"story".*"aired":true' "$tmp/both/t/2025-11-27/asrun.jsonl")" 2 "both stories"
done_testing
