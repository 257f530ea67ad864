# The README and the man page keep their word: their examples run, and the page knows every command,
# option, element, attribute and exit code that the program has.
. tests/tap.sh
root=$(pwd)
mkdir -p "$tmp/here"
ln -s "$root/voices" "$root/tests" "$tmp/here/"
PATH=$(dirname "$bantin"):$PATH
export PATH BANTIN_VOICES="$root/voices"

# ---- examples: "$ command", then what it prints when that is shown ---------------------------------

sed -n '/^```sh$/,/^```$/p' README.md | grep -v '^```' >"$tmp/readme"
sed -n 's/^\.Dl //p' src/bantin.1 >"$tmp/man"

example() { # COMMAND WANTED
    out=$(cd "$tmp/here" && sh -c "$1" 2>"$tmp/err")
    is "$?" 0 "$(printf '%s' "$1" | tr '\\' '/')"
    sed 's/^/# /' "$tmp/err"
    [ -z "$2" ] || is "$out" "$2" "prints what is shown"
}

for page in readme man; do
    command='' wanted=''
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        '$ '*)
            [ -z "$command" ] || example "$command" "$wanted"
            command=${line#??} wanted=''
            ;;
        *) wanted=$wanted${wanted:+
}$line ;;
        esac
    done <"$tmp/$page"
    example "$command" "$wanted"
    rm -rf "$tmp/here/out"
done
is "$(grep -c '^\$ ' "$tmp/readme")" 10 "the README's examples were all seen"
is "$(grep -c '^\$ ' "$tmp/man")" 4 "and the man page's"

# ---- the man page against the program's tables -----------------------------------------------------

mentions() { # PATTERN WHAT
    ok "bantin(1) has $2" grep -qE -- "$1" src/bantin.1
}
commands=$("$bantin" help | sed -n 's/^  bantin \([a-z]*\) .*/\1/p')
like "$commands" "*make*check*" "commands are found"
for command in $commands; do
    mentions "^\.It Cm $command\$" "command $command"
done
options=$(for command in $commands; do
    "$bantin" "$command" --help | sed -n 's/^  --\([a-z-]*\).*/\1/p'
done | sort -u)
like "$options" "*date*voices*" "options are found"
for option in $options; do
    mentions "Fl -$option( |\$)" "option --$option"
done
sed -n 's/^    {"\([a-z\/]*\)", "\([a-z-]*\)", \(&bt_type\|TEXT\).*/\1 \2/p' src/script/schema.c |
    sed 's,^story/,,' | sort -u >"$tmp/fields"
ok "elements are found" grep -q "^deliver loudness$" "$tmp/fields"
while read -r element field; do
    ok "bantin(1) has $field of $element" awk -v e="$element" -v f="$field" '
        $0 ~ "^(\\.It|and|\\.Ic).*Ic " e "( |$)" || $0 ~ "^\\.Ic " e "( |$)" { for (i = 1; i <= NF; i++) if ($i == f) found = 1 }
        END { exit !found }' src/bantin.1
done <"$tmp/fields"
for code in $(sed -n 's/^    BT_E*[A-Z]* = \([0-9]*\),.*/\1/p; s/^    BT_[A-Z]* = \([0-9]*\)$/\1/p' src/base/base.h); do
    mentions "^\.It ([0-9]+ , )*$code( |\$)" "exit code $code"
done
done_testing
