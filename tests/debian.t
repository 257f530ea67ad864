# The Debian package: made, without an error of lintian's, installed, upgraded and purged on a copy of
# this system that is thrown away (an overlay in a mount namespace); a station's files stay its own.
. tests/tap.sh
if [ -n "$BT_UNDER" ] || nm "$bantin" 2>/dev/null | grep -qE '__(asan|tsan)_init|__llvm_gcov' || ! command -v dpkg-shlibdeps >/dev/null; then
    skip "no dpkg-dev here, or a watched build"
    done_testing
    exit 0
fi
exits 0 "a package is made" make -s deb
deb=$(find build/package -maxdepth 1 -name 'bantin_*.deb')
ok "with the program, voices, units, the page" sh -c '
    dpkg-deb -c "$1" >"$2" && for f in usr/bin/bantin usr/share/bantin/voices/vi/units.tsv lib/systemd/system/bantin@.timer \
        lib/systemd/system/bantin-watch@.service usr/share/man/man1/bantin.1.gz etc/bantin/; do grep -q " ./$f\$" "$2" || exit 1; done' \
    sh "$deb" "$tmp/list"
if command -v lintian >/dev/null; then
    is "$(lintian --allow-root --fail-on error "$deb" 2>&1 | grep '^E:')" "" "lintian finds no error"
else
    skip "no lintian"
fi

cat >"$tmp/inside" <<'X'
set -e
mkdir -p "$1/top" && mount -t tmpfs none "$1/top" && mkdir "$1/top/up" "$1/top/work" "$1/top/sys"
mount -t overlay -o "lowerdir=/,upperdir=$1/top/up,workdir=$1/top/work" none "$1/top/sys"
mount -t tmpfs none "$1/top/sys/tmp" && mount -t proc none "$1/top/sys/proc"
cp "$2" "$1/top/sys/tmp/a.deb" && cp "$3" "$1/top/sys/tmp/b.deb"
exec chroot "$1/top/sys" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive sh -e /tmp/steps
X
cat >"$tmp/steps" <<'X'
dpkg -i --force-depends /tmp/a.deb >/tmp/said 2>&1 || { cat /tmp/said; exit 1; }
id bantin >/dev/null && echo "a system user of uid $(( $(id -u bantin) < 1000 ))"
echo 24/11 | bantin read
mkdir -p /etc/bantin/dai
echo "của đài" >/etc/bantin/dai/lexicon.tsv
rm /etc/bantin/nu.voice
echo "của đài" >/etc/bantin/nu.voice
echo "KHOA=x" >/etc/bantin/dai-sang.env
chmod 600 /etc/bantin/dai-sang.env
mkdir -p /var/lib/bantin/out && echo x >/var/lib/bantin/out/ban-tin
(cd /etc/bantin && find . -type f -exec stat -c '%n %a %U %Y' '{}' + -exec sha256sum '{}' + | sort) >/tmp/before
dpkg -i --force-depends /tmp/b.deb >/tmp/said 2>&1 || { cat /tmp/said; exit 1; }
dpkg-query -W -f 'now ${Version}\n' bantin
(cd /etc/bantin && find . -type f -exec stat -c '%n %a %U %Y' '{}' + -exec sha256sum '{}' + | sort) | cmp - /tmp/before && echo "the station's files are as before"
[ -L /etc/bantin/nam.voice ] && echo "ours are links"
dpkg --purge bantin >/tmp/said 2>&1 || { cat /tmp/said; exit 1; }
[ ! -e /usr/bin/bantin ] && [ ! -e /usr/share/bantin ] && echo gone
(cd /etc/bantin && find . -type f | sort | tr '\n' ' ')
echo
find /etc/bantin -type l
cat /var/lib/bantin/out/ban-tin
X
if [ "$(id -u)" != 0 ] || ! unshare -m sh -c 'mkdir -p "$1" && mount -t tmpfs none "$1" && mkdir "$1/u" "$1/w" "$1/r" &&
    mount -t overlay -o "lowerdir=/,upperdir=$1/u,workdir=$1/w" none "$1/r"' sh "$tmp/try" 2>/dev/null; then
    skip "no root here, or no overlay: not installed"
    done_testing
    exit 0
fi
rm -rf "$tmp/newer" && dpkg-deb -R "$deb" "$tmp/newer"
sed -i 's/^Version: .*/Version: 9.0-1/' "$tmp/newer/DEBIAN/control"
dpkg-deb --root-owner-group -b "$tmp/newer" "$tmp/newer.deb" >/dev/null
cat >"$tmp/with" <<'X'
sed "s,exec chroot,cp '$4' '$1/top/sys/tmp/steps'; &," "$5" >"$5.now"
exec sh "$5.now" "$1" "$2" "$3"
X
exits 0 "installed, upgraded and purged" unshare -m sh "$tmp/with" "$tmp" "$deb" "$tmp/newer.deb" "$tmp/steps" "$tmp/inside"
is "$out" "a system user of uid 1
ngày hai mươi tư tháng mười một.
now 9.0-1
the station's files are as before
ours are links
gone
./dai-sang.env ./dai/lexicon.tsv ./nu.voice 
x" "user, reading, upgrade without a touch of the station's files, purge without its bulletins"
done_testing
