# shellcheck shell=sh
# A programme and stories that mean harm to whatever shows them as text: . tests/hostile.sh

# hostile_pack FOLDER AS: FOLDER/t.xml, its stories in FOLDER/in
hostile_pack() {
    mkdir -p "$1/in"
    cp voices/thnm/bia.png "$1/"
    cat >"$1/t.xml" <<X
<programme id="t" title="Bản tin &lt;script>alert(0)&lt;/script> &amp; ]]&gt; -->"
           station="Đài &lt;b>thử&lt;/b> &amp; --> ]]&gt;" air="08:45" zone="+07:00">
  <source href="in/*.txt"/>
  <pick from="-1d 19:00" until="08:30" stories="1-6"/>
  <order>
    <say voice="nu">Kính chào quý vị. Giọng đọc tổng hợp.</say>
    <headlines voice="nu nam"/>
    <stories voice="nu nam"/>
  </order>
  <deliver to="out" as="$2" mix="clear" cover="bia.png" url="https://dai.example/nghe"/>
</programme>
X
    {
        # Marks that turn the line (U+202E … U+202C), controls, and what would end a tag, a comment, a cue.
        printf 'Tin </title><script>alert(1)</script> & ]]> --> \342\200\256đảo\342\200\254 \001\002"hết'\''\n'
        printf 'Thời gian: 25/11/2025 07:10\n\n'
        printf 'Mở <!-- đầu --> <img src=x onerror=alert(2)> &amp; &lt;b&gt; ]]> --> câu.\n\nWEBVTT\n\n'
        printf '00:00:01.000 --> 00:00:02.000\n\n%%s </script></style><style>*{display:none}</style>\n'
    } >"$1/in/a.txt"
    perl -CS -e 'print "D\x{e0}i ", "ti\x{1ebf}ng Vi\x{1ec7}t " x 416, "xong\n"' >"$1/in/b.txt"
    perl -e 'print "Nguy", "n" x 300, "\n"' >"$1/in/c.txt"
    for hostile_file in b c; do
        printf 'Thời gian: 25/11/2025 06:10\n\nHết.\n' >>"$1/in/$hostile_file.txt"
    done
}
