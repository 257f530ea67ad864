# Sources: a site over HTTP on loopback and what it does wrong, the evidence that is kept, folders,
# patterns, standard input.
. tests/tap.sh

site=$tmp/site
mkdir -p "$site/tin" "$tmp/in"
page() { # page NAME TITLE PARAGRAPH PARAGRAPH
    cat >"$site/$1.htm" <<X
<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>$2 - Báo Làng</title></head><body>
<h1 data-role="title">$2</h1><span data-role="publishdate">05/03/2025 06:10</span>
<h2 data-role="sapo">$2, bà con trong vùng cho biết.</h2>
<div data-role="content">
<p>$3</p>
<figure><img src="a.jpg"><figcaption>Chú thích của ảnh</figcaption></figure>
<p>$4</p>
</div></body></html>
X
}
item() { # item PATH TITLE
    printf '<item><title>%s</title><link>%s</link><description>%s, theo tin gửi về.</description>' \
        "$2" "$1" "$2"
    printf '<pubDate>Wed, 05 Mar 2025 06:10:00 +0700</pubDate></item>\n'
}
page gat-lua-1000001 "Xã Hoằng Tân gặt xong lúa mùa" \
    "Đến hết tuần trước, bà con xã Hoằng Tân đã gặt xong ba trăm héc ta lúa mùa, sớm hơn năm ngoái mười ngày nhờ trời nắng và nhờ máy gặt của hợp tác xã làm cả ban đêm." \
    "Chủ nhiệm hợp tác xã nói rằng vụ lúa mùa bội thu, việc làm cho nhiều nhà cũng thêm, còn rơm thì đã có xưởng nấm ở huyện bên đặt mua hết từ trước."
page nuoc-sach-1000002 "Bản Khoang có nước sạch" \
    "Từ sáng nay, hơn bốn chục nhà ở bản Khoang mở vòi là có nước sạch, không ai phải ra suối gánh từng thùng như suốt mấy chục năm qua nữa." \
    "Nước lấy từ khe núi cách bản hai cây số, qua ba bể lọc rồi theo ống về từng sân; trưởng bản cử bốn thanh niên trông coi đường ống và rửa bể mỗi tháng một lần."
{
    echo '<rss version="2.0"><channel><title>Báo Làng</title>'
    item /gat-lua-1000001.htm "Xã Hoằng Tân gặt xong lúa mùa"
    item /nuoc-sach-1000002.htm "Bản Khoang có nước sạch"
    item /loi/500?1000003 "Chợ phiên vùng cao họp lại"
    echo '</channel></rss>'
} >"$site/rss"

mkfifo "$tmp/stop" "$tmp/port"
perl tests/stand-ins/site.pl "$site" <"$tmp/stop" >"$tmp/port" &
exec 9>"$tmp/stop"
read -r port <"$tmp/port"
at=http://127.0.0.1:$port
news() { "$bantin" news "$@" 2>"$tmp/err"; }
titles() { cut -f4 | sed 1d | sort; }

# ---- a site ----
cat >"$tmp/p.xml" <<X
<programme id="p" title="T" station="S" air="08:45">
  <source href="$at/rss" rights="whole"/>
  <pick from="-1d 19:00" until="08:30" stories="1-9"/>
  <order><stories voice="nu"/></order>
  <deliver to="out/" as="wav"/>
</programme>
X
out=$(news "$tmp/p.xml" --date 2025-03-05 --save "$tmp/bang-chung")
is "$(printf '%s\n' "$out" | grep -c '^air')" 3 "a feed and its pages, compressed"
like "$out" "*việc làm cho nhiều nhà*" "a page gives the body"
is "$(printf '%s\n' "$out" | grep -c 'Chú thích')" 0 "without its caption"
like "$out" "*Chợ phiên vùng cao họp lại, theo tin gửi về.*" "a page that is lost leaves the lead"
like "$(cat "$tmp/err")" "*/loi/500*" "and a warning with its address"
ok "what was decided is kept" grep -q '"decision": "air"' "$tmp/bang-chung/articles.json"
ok "and what was fetched" grep -rq 'vụ lúa mùa bội thu' "$tmp/bang-chung/http"
: >"$site/.log"
again=$(news "$tmp/p.xml" --date 2025-03-05 --offline --cache "$tmp/bang-chung")
is "$again" "$out" "the evidence gives the same list again, offline"
is "$(cat "$site/.log")" "" "and nobody is asked"
news "$tmp/p.xml" --date 2025-03-05 --cache "$tmp/bang-chung" >/dev/null
is "$(grep -c robots.txt "$site/.log")" 1 "robots.txt is asked once for a host"
cat >"$site/p-1000009.htm" <<X
<html><head><title>Họp dân bản Khoang</title></head><body><h1>Họp dân bản Khoang</h1><p>Ảnh 1</p></body></html>
X
{
    echo '<rss version="2.0"><channel><title>Báo Làng</title>'
    item /p-1000009.htm "Họp dân bản Khoang"
    echo '</channel></rss>'
} >"$site/rss-2"
sed "s,/rss,/rss-2," "$tmp/p.xml" >"$tmp/p2.xml"
like "$(news "$tmp/p2.xml" --date 2025-03-05)" "*Họp dân bản Khoang, theo tin gửi về.*" \
    "a page that is no article leaves the lead"
like "$(cat "$tmp/err")" "*p-1000009.htm*quá ít chữ*" "and the reason is told"
for fault in bomb liar 500 bye html away khong-co; do
    exits 4 "a feed that does it wrong: $fault" "$bantin" news "$at/loi/$fault"
    like "$out" "*$at/loi/$fault*" "is told with its address"
done
like "$out" "*404*" "and with the answer's number"
exec 9>&-
wait

# ---- folders, patterns, standard input ----
cp "$site/gat-lua-1000001.htm" "$tmp/in/trang.html"
cp "$site/rss" "$tmp/in/tin.xml"
cp tests/fixtures/news/bai.docx "$tmp/in/bai.docx"
printf 'Mưa rào ở miền núi\nThời gian: 05/03/2025 07:00\n\nCác huyện miền núi có mưa.\n' \
    >"$tmp/in/mua.txt"
is "$(news "$tmp/in/" | titles | wc -l)" 6 "a folder of pages, feeds, documents and texts"
is "$(news "$tmp/in/*.txt" | titles)" "Mưa rào ở miền núi" "a pattern"
is "$(news - <"$tmp/in/mua.txt" | titles)" "Mưa rào ở miền núi" "standard input"
exits 4 "nothing to read" "$bantin" news "$tmp/khong-co/"

done_testing
