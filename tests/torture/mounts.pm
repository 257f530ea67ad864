# Folders that are file systems of their own, so that a disk can be full, read-only or gone. Knows
# mount(8); knows nothing of bantin.
package mounts;
use strict;
use warnings;
use File::Path qw(remove_tree);

my $may = $ENV{TORTURE_MOUNTS} // '';

# The caller again, in a namespace whose mounts nobody else sees; is it allowed here?
sub enter {
    my ($dir, @again) = @_;
    if ($may eq '') {
        my @own = ('unshare', $> ? '-rm' : '-m');
        my $try = 'mount -t tmpfs none "$1" && mount -o remount,ro "$1"';
        $may = system("@own sh -c '$try' sh '$dir' >'$dir/.mounts' 2>&1") == 0 ? 1 : 0;
        unlink "$dir/.mounts";
        $ENV{TORTURE_MOUNTS} = $may;
        exec @own, @again if $may;
    }
    return $may;
}

sub may { return $may }

sub quiet { open my $said, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', @_ or die; my @l = <$said>; return close $said }
sub must { quiet(@_) or die "@_: $?\n" }

sub closed {
    my ($dir) = @_;
    must('mount', '-t', 'tmpfs', '-o', 'size=4k', 'none', $dir);
    must('mount', '-o', 'remount,ro', $dir);
}

# A file system of its own in `dir`, below it an empty one that takes nothing, and one more name for
# it, so that it can come back.
sub on {
    my ($dir) = @_;
    mkdir "$dir.kept";
    closed($dir);
    must('mount', '-t', 'tmpfs', '-o', 'size=256m,nr_inodes=100000,mode=755', 'none', $dir);
    must('mount', '--bind', $dir, "$dir.kept");
}

# (bytes, files) in it
sub used {
    my ($dir) = @_;
    my (undef, $line) = split /\n/, `df -B1 --output=used,iused '$dir'`;
    return split ' ', $line;
}

# Room for so many more bytes and files; none given: enough.
sub room {
    my ($dir, $bytes, $files) = @_;
    my ($b, $f) = used($dir);
    my $size = defined $bytes ? $b + $bytes || 4096 : 256 << 20;
    my $most = defined $files ? $f + $files : 1e5;
    must('mount', '-o', "remount,size=$size,nr_inodes=$most", $dir);
}

# Its paths take nothing more; what is open may still be written, so nobody can say no.
my (%gone, %over);
sub readonly {
    my ($dir) = @_;
    must('mount', '--bind', "$dir.kept", $dir);
    must('mount', '-o', 'remount,ro,bind', $dir);
    $over{$dir} = 1;
}

# Off it goes, whoever uses it; what is below shows: what takes nothing, or when `bare` a plain folder.
sub gone {
    my ($dir, $bare) = @_;
    must('umount', '-l', $dir) for 0 .. $bare;
    $gone{$dir} = 1 + $bare;
}

sub is_gone { return $gone{ $_[0] } }

sub back {
    my ($dir) = @_;
    my $was = delete $gone{$dir} // 0;
    must('umount', '-l', $dir) if delete $over{$dir};
    if ($was == 2) {
        remove_tree($dir, { keep_root => 1 });
        closed($dir);
    }
    must('mount', '--bind', "$dir.kept", $dir) if $was;
    room($dir);
}

sub off {
    my ($dir) = @_;
    quiet('umount', '-l', $_) for "$dir.kept", $dir, $dir;
}

1;
