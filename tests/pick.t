# The pick as a newsroom writes it: sections with quotas, a list of wishes, a length.
. tests/tap.sh

programme() {
    cat >"$tmp/p.xml" <<X
<programme id="p" title="T" station="S" air="08:45">
  <source href="the-thao/" section="the-thao" dates="dmy"/>
  <source href="kinh-te/" section="kinh-te"/>
  <pick from="-1d 19:00" until="08:30" stories="1-9" $1/>
  <order><stories voice="nu"/></order>
  <deliver to="out/" as="wav"/>
</programme>
X
}
story() {
    mkdir -p "$tmp/$1"
    printf '%s\nThời gian: 05/03/2025 07:%s\n\nBà con kể về %s ở bản trên.\n' "$3" "$2" "$3" \
        >"$tmp/$1/$2.txt"
}
aired() { "$bantin" news "$tmp/p.xml" --date 2025-03-05 | grep -c "^air"; }

story the-thao 50 "Hội vật đầu xuân"
story the-thao 40 "Giải cờ tướng mở màn"
story kinh-te 30 "Giá lúa mùa nhích lên"
programme ""
is "$(aired)" 3 "no quota: all of them"
programme 'quota="the-thao:1 kinh-te:1-3"'
is "$(aired)" 2 "one of sports"
like "$("$bantin" news "$tmp/p.xml" --date 2025-03-05)" "*đã đủ 1 tin mục the-thao*" "says why"
printf 'hoãn\tgiá lúa\tchờ số liệu\n' >"$tmp/chon.tsv"
programme 'list="chon.tsv"'
like "$("$bantin" news "$tmp/p.xml" --date 2025-03-05)" "*tòa soạn cho hoãn*" "a wish"
printf 'ném\tgiá lúa\n' >"$tmp/chon.tsv"
exits 3 "a wrong list" "$bantin" news "$tmp/p.xml" --date 2025-03-05
like "$out" "*chon.tsv:1: *giữ*" "is told with its line"
programme 'length="0:05" pace="200"'
is "$(aired)" 1 "no more than the length"
programme 'quota="the-thao"'
exits 3 "a wrong quota" "$bantin" news "$tmp/p.xml"
like "$out" "*p.xml:4: *kinh-te:1-3*" "is told with an example"

done_testing
