#!/usr/bin/perl
# A webhook: hook.pl FILE appends each request to FILE and answers 200. Prints its port; ends when its
# standard input closes.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

my ($file) = @ARGV;
$SIG{PIPE} = 'IGNORE';
$| = 1;
my $listen = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 4, Proto => 'tcp') or die $@;
print $listen->sockport, "\n";
close STDOUT;
my $wait = IO::Select->new(\*STDIN, $listen);
while (1) {
    my ($ready) = $wait->can_read;
    last if $ready == \*STDIN && !sysread STDIN, my $rest, 512;
    my $c = $ready == $listen ? $listen->accept : next;
    my $said = '';
    1 while $said !~ /\r\n\r\n/ && sysread $c, $said, 4096, length $said;
    my ($head, $body) = split /\r\n\r\n/, $said, 2;
    my ($n) = $head =~ /^Content-Length: (\d+)/mi;
    1 while length $body < $n && sysread $c, $body, $n - length $body, length $body;
    open my $f, '>>', $file or die;
    print $f "$head\n\n$body";
    close $f;
    print $c "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    close $c;
}
