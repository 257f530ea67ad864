# Secrets: a morning with a key in the environment, in a file and in three addresses, with everything
# delivered and everything told; then every byte that it left is looked through. What is published
# names neither folders nor the machine.
. tests/tap.sh

tone_voices
mkdir -p "$voices/t/jingles" "$tmp/site/khoa" "$tmp/in" "$tmp/nha" "$tmp/log"
cp voices/thnm/jingles/*.flac "$voices/t/jingles/"
cp voices/thnm/bia.png "$voices/t/"
mkfifo "$tmp/stop" "$tmp/stop-2" "$tmp/port" "$tmp/port-2"
perl tests/stand-ins/site.pl "$tmp/site" <"$tmp/stop" >"$tmp/port" &
exec 8>"$tmp/stop"
read -r port <"$tmp/port"
perl tests/stand-ins/server.pl <"$tmp/stop-2" >"$tmp/port-2" &
exec 9>"$tmp/stop-2"
read -r speech _ <"$tmp/port-2"

# Two presenters by HTTP: one key is right, one is refused by a server that repeats it.
printf 'kH0a-TrOnG-TeP\n' >"$voices/khoa"
chmod 600 "$voices/khoa"
speaker() { # NAME PATH LINE
    printf 'title\tThử\nengine\thttp\nretries\t0\nurl\thttp://127.0.0.1:%s%s\nheader\tAuthorization: Bearer {key}\n%s\nbody\t{text}\nengine\ttone\nhz\t300\nsyllable\t180\n' \
        "$speech" "$2" "$3" >"$voices/$1.voice"
}
speaker nu '/as-long?key=kH0a-DiA-cHi' "$(printf 'key-env\tBANTIN_KHOA')"
speaker nam '/repeats?key=kH0a-DiA-cHi' "$(printf 'key-file\tkhoa')"

page() { # NAME TITLE BODY
    cat >"$tmp/site/$1.htm" <<X
<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>$2</title></head><body>
<h1 data-role="title">$2</h1><span data-role="publishdate">25/11/2025 06:10</span>
<h2 data-role="sapo">$2, bà con trong vùng cho biết.</h2><div data-role="content">
<p>$2. $3</p>
<p>Việc làm cho nhiều nhà cũng thêm, còn rơm thì đã có xưởng nấm ở huyện bên đặt mua hết từ trước vụ.</p>
</div></body></html>
X
}
page khoa/gat-lua-1000001 "Xã Hoằng Tân gặt xong lúa mùa" \
    "Đến hết tuần trước, bà con xã Hoằng Tân đã gặt xong ba trăm héc ta lúa mùa, sớm hơn năm ngoái mười ngày nhờ trời nắng và máy gặt."
page nuoc-sach-1000002 "Bản Khoang có nước sạch" \
    "Từ sáng nay, hơn bốn chục nhà ở bản Khoang mở vòi là có nước sạch, không ai phải ra suối gánh từng thùng như mấy chục năm qua; nước lấy từ khe núi cách bản hai cây số, qua ba bể lọc rồi theo ống về từng sân."
feed() { # FILE LINK TITLE
    cat >"$tmp/site/$1" <<X
<rss version="2.0"><channel><title>Báo Làng</title><link>http://127.0.0.1:$port/</link><item><title>$3</title><link>$2</link>
<description>$3, theo tin gửi về.</description><pubDate>Tue, 25 Nov 2025 06:10:00 +0700</pubDate></item></channel></rss>
X
}
feed khoa/rss /khoa/gat-lua-1000001.htm "Xã Hoằng Tân gặt xong lúa mùa"
feed rss "/nuoc-sach-1000002.htm?token=tH3-tOkEn&amp;trang=2" "Bản Khoang có nước sạch"
printf 'Mưa rào ở miền núi\nThời gian: 25/11/2025 07:00\n\nCác huyện miền núi có mưa.\n\nMưa còn hai ngày.\n' >"$tmp/in/mua.txt"
echo 'hỏng' >"$tmp/in/hong.docx"

programme() { # MORE-SOURCES
    cat >"$voices/t/t.xml" <<X
<programme id="t" title="Bản tin thử" station="Đài thử" air="08:45" zone="+07:00" evergreen="du-phong.wav" wait="4s"
           alarm="curl -fsS --data-binary @- http://127.0.0.1:1/hook/tH3-hOoK">
  <source href="http://ai:b%25m@127.0.0.1:$port/khoa/rss" rights="whole"/>
  <source href="http://127.0.0.1:$port/rss?token=tH3-tOkEn" rights="whole"/>
  <source href="$tmp/in/*"/>$1
  <pick from="-1d 19:00" until="08:30" stories="1-9"/>
  <order>
    <jingle src="jingles/open.flac" under="3s"/>
    <say voice="nu">Kính chào quý vị. Hôm nay {thứ}, {ngày}.</say>
    <headlines voice="nam nu"/>
    <stories voice="nu nam"/>
  </order>
  <deliver to="out" as="wav mp3 flac opus opus24 ogg m3u8 xspf rdlog sheet" cart="30001"/>
  <deliver to="nghe" as="mp3 page feed vtt chapters stories epub daisy" mix="clear" cover="bia.png" url="https://dai.example/nghe"/>
</programme>
X
}
# On a machine of another name, where that may be given.
machine=$(uname -n)
unshare -ru true 2>/dev/null && machine=tram-phat-thanh-so-7
cat >"$tmp/on" <<'X'
[ "$1" = "$(uname -n)" ] || hostname "$1"
shift
exec "$@"
X
on_station() { # COMMAND …
    set -- env HOME="$tmp/nha" BANTIN_KHOA=kH0a-MoI-tRuOnG BANTIN_NOW="$now" "$bantin" "$@"
    if [ "$machine" = "$(uname -n)" ]; then
        "$@"
    else
        unshare -ru sh "$tmp/on" "$machine" "$@"
    fi
}
tell() { # NAME COMMAND …: into log/NAME
    told=$1
    shift
    : >"$tmp/log/$told"
    JOURNAL_STREAM=$(stat -c %d:%i "$tmp/log/$told") on_station "$@" >"$tmp/log/$told.out" 2>"$tmp/log/$told"
}

now=2025-11-25T08:30:00+07:00
programme ''
tell run run "$voices/t/t.xml" --voices "$voices" --json
is "$?" 0 "a morning"
e=$voices/t/out/t/2025-11-25
is "$(grep '<story ' "$e/rundown.xml" | grep -vc 'state="[hd]')" 3 "a feed behind a password, one with a token, a text"
is "$(grep -c 'xưởng nấm' "$e/rundown.xml")" 2 "and their pages, behind it too"
tell again run "$voices/t/t.xml" --voices "$voices" --again
is "$?" 0 "made again, told to the journal"
tell news news "$voices/t/t.xml" --date 2025-11-25
tell json news "$voices/t/t.xml" --date 2025-11-25 --json
tell check check "$voices/t/t.xml" "$voices/nu.voice" "$e/t-2025-11-25.wav"
tell watch watch "$voices/t/t.xml"

# What goes wrong is told, too: other passwords, lost addresses, a server that is down.
exec 9>&-
programme "<source href=\"http://ai:tH3-pAsS@127.0.0.1:$port/khoa/rss\"/><source href=\"http://x:tH3-pAsS@127.0.0.1:1/rss?token=tH3-tOkEn\"/>
  <source href=\"http://127.0.0.1:$port/loi/500?token=tH3-tOkEn\"/><source href=\"http://x:tH3-pAsS@127.0.0.1:$port/loi/html?token=tH3-tOkEn\"/>
  <source href=\"http://127.0.0.1:$port/loi/bomb?token=tH3-tOkEn\"/>"
now=2025-11-25T08:32:00+07:00
tell faults run "$voices/t/t.xml" --voices "$voices" --again
is "$?" 0 "a morning with faults"
like "$(cat "$tmp/log/faults")" "*127.0.0.1:1/rss?…*/loi/500?…*" "that are told with their addresses"
exec 8>&-
wait
now=2025-11-27T08:30:00+07:00
rm "$tmp/in/mua.txt"
tell nothing run "$voices/t/t.xml" --voices "$voices" --no-store
tell status status "$voices/t/t.xml"
tell status-json status "$voices/t/t.xml" --json
tell prometheus status "$voices/t/t.xml" --prometheus
tell offline run "$voices/t/t.xml" --voices "$voices" --offline --again

cat >"$tmp/find" <<'X'
use strict;
use warnings;
use File::Find;
use IO::Uncompress::Unzip qw($UnzipError);
my ($words, @dirs) = @ARGV;
my ($files, $inside) = (0, 0);
sub look {
    my ($name, $bytes) = @_;
    for my $word (split /\n/, $words) {
        my $at = index $bytes, $word;
        print "$name: $word: ...", substr($bytes, $at > 60 ? $at - 60 : 0, 140), "...\n" if $at >= 0;
    }
}
sub file {
    return unless -f;
    $files++;
    open my $f, '<:raw', $_ or die "$_: $!";
    my $bytes = do { local $/; <$f> } // '';
    look($File::Find::name, $bytes);
    look("the name of $File::Find::name", $_);
    return unless $bytes =~ /^PK\x03\x04/;
    my $z = IO::Uncompress::Unzip->new(\$bytes) or die $UnzipError;
    do { $inside++; local $/; look("$File::Find::name: " . $z->getHeaderInfo->{Name}, scalar(<$z>) // '') } while $z->nextStream > 0;
}
find(\&file, @dirs);
print "in $files files and $inside inside of them\n";
X
looked() { perl "$tmp/find" "$@"; }
secret="kH0a-
tH3-
b%m
b%25m
ai:b
$(printf 'ai:b%%m' | base64)"
out=$(looked "$secret" "$tmp/log" "$tmp/state" "$voices/t/out" "$voices/t/nghe")
is "$(printf '%s\n' "$out" | sed 's/^in [0-9]* files and [0-9]* inside of them$/all/')" all "no secret in logs, state and what is published"
n=${out##*in }
ok "in $n" test "${n%% *}" -gt 60
out=$(looked "$(pwd)
$tmp/nha
$machine" "$voices/t/out" "$voices/t/nghe")
is "$(printf '%s\n' "$out" | sed 's/^in [0-9]* files and [0-9]* inside of them$/all/')" all "no folder and no machine in what is published"
like "$(looked t-2025-11-25.wav "$tmp/log")" "*t-2025-11-25.wav: *" "what is there is found"

done_testing
