# read: the reading, its reasons, its doubts, its styles; a rundown, cue by cue.
. tests/tap.sh
read_as() { echo "$1" | "$bantin" read --lines --style "$2"; }

say="Có 104 người, 5.024 tấn."
is "$(read_as "$say" bắc)" "Có một trăm linh bốn người, năm nghìn không trăm hai mươi tư tấn." "the north"
is "$(read_as "$say" nam)" "Có một trăm lẻ bốn người, năm ngàn không trăm hai mươi tư tấn." "the south"
is "$(read_as "$say" trung,bốn)" "Có một trăm linh bốn người, năm nghìn không trăm hai mươi bốn tấn." "two at once"
is "$(read_as "$say" "ngàn, lẻ")" "$(read_as "$say" nam)" "the south by its parts"
exits 2 "a style that is none" "$bantin" read --style tây "$tmp/none"
like "$out" "*tây*bắc, trung, nam*" "is told with those that are"
exits 1 "a text that is not there" "$bantin" read "$tmp/none"
like "$out" "*$tmp/none*" "is named"
exits 3 "a pack with a wrong lexicon" sh -c "mkdir '$tmp/pack' && echo x >'$tmp/pack/lexicon.tsv' && echo a | '$bantin' read --pack '$tmp/pack'"
like "$out" "*lexicon.tsv:1: *" "is told with the line"
exits 1 "voices that are not there" sh -c "echo a | '$bantin' read --voices '$tmp/none'"

is "$(printf 'Một câu. Hai câu.\n\nBa câu.\n' | "$bantin" read)" "Một câu.
Hai câu.
Ba câu." "a sentence a line"

out=$(echo "Ngày 24/11, UBND họp." | "$bantin" read --explain)
like "$out" "*24/11*= date*" "explain names the class that won"
like "$out" "*cues.tsv:[0-9]*" "the line of the table that weighed"
like "$out" "*UBND -> *core.tsv:[0-9]*= lexicon*" "the line of the word"
like "$out" "*> Ngày hai mươi tư tháng mười một, *họp." "and ends with the reading"
foreign=$(echo "Xem baothanhhoa.vn, ông Blorvak, ông Zhengfu và ông Gong Tae Joon, VTQ9." | "$bantin" read --explain)
like "$foreign" "*web.tsv:*letters.tsv:*" "explain tells the row of an address and of a letter"
like "$foreign" "*sounds.tsv:*pinyin.tsv:*korean.tsv:*" "explain tells the rows of foreign spelling"
like "$foreign" "*rule word: *" "explain names a rule whose weight is its own"

fold() { perl -CSD -ne 's/[^\w]+/ /g; print lc, "\n"'; }
for t in core abbreviations names words places docs units web; do
	grep -v '^#' voices/vi/"$t".tsv | cut -f2 | sed '/^$/d;s/^/Nghe thấy /;s/$/ ở đây./'
done >"$tmp/spoken"
fold <"$tmp/spoken" >"$tmp/first"
"$bantin" read --lines "$tmp/spoken" | fold >"$tmp/second"
is "$(diff "$tmp/first" "$tmp/second" | grep -c '^>')" 0 "what a table says is read as it is said"

out=$(printf 'Zyxw và Zyxw.\nQwtk đến.\n' | "$bantin" read --audit)
like "$out" "2	Zyxw	*" "audit: the most frequent doubt first"
like "$out" "*
1	Qwtk	*" "then the others"
out=$(echo "Tệp bang.pptx của ông Blorvak và sanxuat." | "$bantin" read --audit)
like "$out" "*joined.tsv	0*" "audit: a split of an address names the table that wants a line"
like "$out" "*Blorvak	*	sounds.tsv:[0-9]*" "a foreign guess names the row of its spelling"
like "$out" "*sanxuat	sản xuất	joined.tsv:[0-9]*" "words written together name their row"
is "$(echo "Xin chào các bạn." | "$bantin" read --audit)" "" "what is plain is no doubt"

cat >"$tmp/r.xml" <<'X'
<rundown programme="p" date="2025-11-25" air="2025-11-25T08:45:00+07:00">
  <say id="c1" voice="nu">Xin chào.</say>
  <story id="s-1" voice="nam"><title>Tin 1</title><p>Câu 2.</p></story>
</rundown>
X
out=$("$bantin" read "$tmp/r.xml")
like "$out" "c1	-2	nu	Xin chào.*" "a rundown: cue, part, voice, words"
like "$out" "*
s-1	*	nam	Câu hai." "of each story"
echo '<rundown programme="p"><sya/></rundown>' >"$tmp/r.xml"
exits 3 "a wrong rundown" "$bantin" read "$tmp/r.xml"
like "$out" "*r.xml:1: *" "is told with the line"
done_testing
