# news: articles and pages as lines, as JSON, kept; what cannot be read is told.
. tests/tap.sh
tin=tests/fixtures/tin/05-ocop.txt
page=tests/fixtures/news/pages/boxes.html
refused=tests/fixtures/news/pages/refused-photos.html
head="decision	why	published	title	author	source	lead	body	url	id"

out=$("$bantin" news "$tin")
is "$(echo "$out" | head -n 1)" "$head" "lines for programs have a head"
is "$(echo "$out" | sed 1d | cut -f 3-6)" \
    "2025-11-25T05:55:00+07:00	Nước mắm Ba Làng lên kệ siêu thị, doanh thu tăng 1,5 lần	Hương Giang	Bản tin THNM sáng 25/11" \
    "time, title, author, source"
is "$(echo "$out" | sed 1d | cut -f 8 | grep -c ' ¶ ')" 1 "paragraphs on one line"
is "$("$bantin" news --source "$tin" | cut -f 4 | sed 1d)" "$(echo "$out" | sed 1d | cut -f 4)" "--source as well"
is "$("$bantin" news --json "$tin" | jq -r '.[0] | .author, (.body | length), .decision, .whole')" \
    "Hương Giang
2
null
true" "JSON"
exits 0 "--save" "$bantin" news --save "$tmp/kept" "$tin"
is "$(jq -r '.[0].title' "$tmp/kept/articles.json")" "$(echo "$out" | sed 1d | cut -f 4)" "keeps the articles"
: >"$tmp/file"
exits 5 "--save where no folder can be" "$bantin" news --save "$tmp/file/kept" "$tin"
like "$out" "*$tmp/file/kept*" "is named"

exits 2 "nothing to look at" "$bantin" news
exits 4 "a source that is not there" "$bantin" news "$tmp/none.txt"
like "$out" "*$tmp/none.txt*" "is named"
exits 0 "one of two that is not there" "$bantin" news "$tmp/none.txt" "$tin"
like "$out" "*cảnh báo*$tmp/none.txt*Nước mắm*" "is a warning"

# ---- with a programme: decisions -----------------------------------------------------------------

cat >"$tmp/p.xml" <<X
<programme id="p" title="Bản tin sáng" station="Đài" air="08:45" zone="+07:00">
  <source href="$(pwd)/$tin"/>
  <pick from="-1d 19:00" until="08:30" stories="1-10"/>
  <order><stories voice="nu"/></order>
  <deliver to="out/" as="wav"/>
</programme>
X
exits 0 "a programme" "$bantin" news "$tmp/p.xml" --date 2025-11-25
is "$(echo "$out" | sed 1d | cut -f 1)" hold "an article of another bulletin is held"
like "$(echo "$out" | sed 1d | cut -f 2)" "*THNM sáng*" "with the reason"
is "$("$bantin" news "$tmp/p.xml" --date 2025-11-25 --json | jq -r '.[0].decision')" hold "in JSON, too"
mkdir "$tmp/odd"
head -c 4000 /bin/sh >"$tmp/odd/anh.txt"
: >"$tmp/odd/trong.txt"
exits 0 "a binary file under a text's name, and an empty one" "$bantin" news "$tmp/odd"
like "$out" "*anh.txt không phải văn bản*" "the first is no text"
like "$out" "*các nguồn không có bài nào*" "no article at all is told"
is "$(echo "$out" | grep -c 'trong.txt.*trong.txt')" 0 "a file is named once"
exits 2 "a wrong date" "$bantin" news "$tmp/p.xml" --date 25-11
exits 4 "no source that can be read" "$bantin" news "$tmp/p.xml" --source "$tmp/none.txt"
sed -i 's/air=/ari=/' "$tmp/p.xml"
exits 3 "a wrong programme" "$bantin" news "$tmp/p.xml"
like "$out" "*p.xml:1: *air*" "is told with the line"

# on a terminal: a table, 60 letters of a title, a count
on_terminal() { script -qec "$bantin news $1" /dev/null </dev/null | tr -d '\r'; }
out=$(on_terminal tests/fixtures/tin/01-khong-khi-lanh.txt)
like "$out" "2025-11-25T07:40  Không khí lạnh tăng cường, vùng núi Thanh Hóa có nơi dưới 13  Minh Châu*1 bài*" \
    "people get a table"

# ---- one page ------------------------------------------------------------------------------------

out=$("$bantin" news --page "$page")
like "$out" "Xã Cẩm Sơn*2025-03-05T07:15:00+07:00 · Lê Mai · 0,[0-9]*" "a page: title, time, author, confidence"
like "$out" "*# hộp ngoài bài: Bể lọc*" "and what was left out, with the reason"
is "$("$bantin" news --page "$page" --json | jq -r '.title, .authors[0], .refused, .dropped[0].why')" \
    "Xã Cẩm Sơn đưa nước sạch về bản vùng cao
Lê Mai
null
hộp ngoài bài" "in JSON"
is "$("$bantin" news --page "$refused" --json | jq -r '.refused')" "quá ít chữ" "a page that is no article"
like "$("$bantin" news --page "$refused")" "*· quá ít chữ*" "says so"
is "$("$bantin" news --page "$page" --url "https://x.vn/a.html" --json | jq -r '.title')" \
    "Xã Cẩm Sơn đưa nước sạch về bản vùng cao" "with its address"
exits 1 "a page that is not there" "$bantin" news --page "$tmp/none.html"
: >"$tmp/empty.html"
"$bantin" news --page "$tmp/empty.html" >/dev/null 2>"$tmp/told"
like "$? $(cat "$tmp/told")" "[1-9] bantin: ?*" "an empty page is told"

out=$("$bantin" news --profile-check "$page")
is "$(echo "$out" | head -n 1)" "page	profile	field	hits	rule" "the rules of profiles"
like "$out" "*$page	vccorp	title	1	//*" "and what each finds"
exits 1 "of a page that is not there" "$bantin" news --profile-check "$tmp/none.html"
done_testing
