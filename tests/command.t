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
exits 1 "a programme that is not there" "$bantin" make "$tmp/none.xml"

done_testing
