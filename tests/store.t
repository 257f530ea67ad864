# The speech store as a person meets it.
. tests/tap.sh

exits 0 "say fills the store" "$bantin" say "Xin chào các bạn." -o "$tmp/a.wav" --cache "$tmp/cache"
exits 0 "say again" "$bantin" say "Xin chào các bạn." -o "$tmp/b.wav" --cache "$tmp/cache"
exits 0 "the same bytes from the store" cmp "$tmp/a.wav" "$tmp/b.wav"
exits 0 "store stat" "$bantin" store stat --cache "$tmp/cache"
like "$out" "*files: 1*" "counts one sentence"
exits 0 "store verify" "$bantin" store verify --cache "$tmp/cache"
like "$out" "*damaged: 0*" "finds it sound"
exits 0 "store prune" "$bantin" store prune --bytes 0 --cache "$tmp/cache"
like "$out" "*files: 0*" "lets what is younger than a day stay"
exits 2 "store of something else" "$bantin" store clean --cache "$tmp/cache"
exits 2 "a ceiling that is no number" "$bantin" store prune --bytes viele --cache "$tmp/cache"

done_testing
