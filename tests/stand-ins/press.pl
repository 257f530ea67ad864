#!/usr/bin/perl
# Somebody before a screen: press.pl WORD KEY COMMAND … runs the command on a terminal of its own and
# presses the KEY whenever it shows the WORD (a pattern) anew, until the command ends. Prints all that
# was shown; fails as the command does, or after a minute.
use strict;
use warnings;
use IPC::Open2;

my ($word, $key, @command) = @ARGV;
$ENV{TERM} = 'vt100';
my $pid = open2(my $screen, my $keys, 'script', '-qefc', "@command", '/dev/null');
my ($shown, $looked) = ('', 0);
local $SIG{ALRM} = sub { kill 'KILL', $pid; die "$shown\nit did not end\n" };
alarm 60;
while (sysread $screen, my $bytes, 4096) {
    $shown .= $bytes;
    next if substr($shown, $looked) !~ /$word/;
    $looked = length $shown;
    syswrite $keys, $key;
}
print $shown;
waitpid $pid, 0;
exit($? >> 8);
