# The program as a person meets it: help, wrong words, wrong files.
. tests/tap.sh

exits 2 "no command is a wrong command line" "$bantin"
exits 0 "help" "$bantin" help
exits 0 "--version" "$bantin" --version
like "$out" "bantin [0-9]*" "names the version"
exits 2 "an unknown command" "$bantin" mkae
like "$out" "*mkae*make*" "is told with the nearest"
exits 2 "an unknown option" "$bantin" make --agian x.xml
like "$out" "*--again*" "is told with the nearest"
exits 2 "an option without its value" "$bantin" make x.xml --date
exits 2 "a wrong date" "$bantin" make voices/thnm/thnm-sang.xml --date 25/11
like "$out" "*2025-11-25*" "is told with the right form"
out=$(BANTIN_LANG=en "$bantin" mkae 2>&1)
like "$out" "*did you mean*" "English by language"

printf '<programme id="p" title="T" station="S" air="8h45">\n</programme>\n' >"$tmp/p.xml"
exits 3 "a wrong programme" "$bantin" make "$tmp/p.xml"
like "$out" "*p.xml:1: *air*08:45*" "is told with its line and what to write"
exits 3 "a programme that is not there" "$bantin" make "$tmp/none.xml"

like "$out" "*none.xml: không có tệp*" "with the system's words in Vietnamese"
out=$(BANTIN_LANG=en "$bantin" make "$tmp/none.xml" 2>&1)
like "$out" "*none.xml: no such file*" "or in English"
exits 2 "an argument too many" "$bantin" make p.xml q.xml
like "$out" "*q.xml*PROGRAMME*" "is named, with what to write"
exits 2 "an argument too few" "$bantin" make
like "$out" "*bantin make PROGRAMME*" "is told what to write"
exits 2 "an option of one letter without its value" "$bantin" say x -o
like "$out" "*: -o *WAV*" "is told as it was written"


# ---- what would be passed over is refused ----

only() { # COMMAND … : it has an option that is of use only with something else
    exits 2 "$*" "$bantin" "$@"
    like "$out" "*--*chỉ có nghĩa với*" "is told where it belongs"
}
only air r.xml --date 2025-11-25
only air r.xml --source x.txt
only air r.xml --offline
only script p.xml --out "$tmp"
only script p.xml --again
only news x.txt --date 2025-11-25
only news x.txt --url http://127.0.0.1/
only say xin --story s-1 -o "$tmp/x.wav"
only store stat --bytes 1
only lexicon list --rundown r.xml
exits 2 "an option of one letter, too" "$bantin" lexicon list -o "$tmp/x.wav"
like "$out" "*: -o chỉ có nghĩa với try" "is told where it belongs"

done_testing
