#!/bin/sh
# The reading cases: their form, and that the check sees what is wrong in one.
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
echo 1..3

if tests/text/check >"$top/out"; then echo "ok 1 - the cases are in form"
else grep : "$top/out" | sed 's/^/# /'; echo "not ok 1 - the cases are in form"; fi

printf '= unit\n\nCao 5 m.\n> Cao 5 mét.\n' >"$top/digit.case"
if tests/text/check "$top/digit.case" >"$top/out"; then echo "not ok 2 - a digit in a reading"
else echo "ok 2 - a digit in a reading"; fi

printf '= unit\n\nCao 5 m.\n\nNặng.\n> Nặng.\n' >"$top/none.case"
if tests/text/check "$top/none.case" >"$top/out"; then echo "not ok 3 - a line without a reading"
else echo "ok 3 - a line without a reading"; fi
