# The units: nothing that systemd does not understand, and little that they may do.
. tests/tap.sh
if ! command -v systemd-analyze >/dev/null; then
    skip "no systemd here"
    done_testing
    exit 0
fi
for unit in bantin bantin-watch bantin-failed; do
    for kind in service timer; do # the program is not installed here; nor is its page
        [ -e "scripts/systemd/$unit@.$kind" ] || continue
        sed -e 's,/usr/bin/bantin\|/etc/bantin/failed,/bin/true,' -e '/^Documentation=/d' "scripts/systemd/$unit@.$kind" >"$tmp/$unit@x.$kind"
    done
    is "$(systemd-analyze verify "$tmp/$unit"@x.* 2>&1)" "" "$unit: verified"
    exposure=$(systemd-analyze security --offline=yes "$tmp/$unit@x.service" 2>&1 |
        sed -n 's/.*exposure level.*: \([0-9.]*\) .*/\1/p')
    ok "$unit: an exposure of ${exposure:-nothing} is below 2.0" awk -v e="${exposure:-9}" 'BEGIN { exit !(e < 2) }'
done
done_testing
