#!/usr/bin/perl
# A news site: site.pl FOLDER serves its files, compressed where the client can (sound is not); under /loi/
# it does each thing wrong that sites do, under /khoa/ it wants a name and a password (ai:b%m). Prints its
# port; ends when its standard input closes. Each request is a line of FOLDER/.log.
use strict;
use warnings;
use Compress::Zlib qw(memGzip);
use IO::Select;
use IO::Socket::INET;
use MIME::Base64 qw(decode_base64);

my ($folder) = @ARGV;
$SIG{PIPE} = $SIG{CHLD} = 'IGNORE';
$| = 1;
my $listen = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 16, Proto => 'tcp') or die $@;
print $listen->sockport, "\n";

sub answer {
    my ($c, $status, $body, @headers) = @_;
    print $c join("\r\n", "HTTP/1.1 $status", 'Content-Length: ' . length $body, @headers,
        'Connection: close', '', $body);
}

sub file {
    my ($c, $path, $head) = @_;
    open my $f, '<:raw', "$folder/$path" or return answer($c, '404 Not Found', '');
    local $/;
    my $body = <$f>;
    my $tag = sprintf '"%x-%d"', unpack('%32C*', $body), length $body;
    return answer($c, '304 Not Modified', '') if $head =~ /^If-None-Match: \Q$tag\E/mi;
    return answer($c, '200 OK', $body, "ETag: $tag") if $path =~ /\.mp3$/ || $head !~ /^Accept-Encoding:.*gzip/mi;
    answer($c, '200 OK', memGzip($body), "ETag: $tag", 'Content-Encoding: gzip');
}

# To the end of the connection, every tenth of a second.
sub slowly {
    my ($c, $bytes) = @_;
    return if fork;
    close $_ for $listen, \*STDIN, \*STDOUT;
    my $patient = IO::Select->new($c);
    1 while !$patient->can_read(0.1) && (!$bytes || syswrite $c, $bytes);
    exit;
}

my %wrong = (
    hang => sub { slowly($_[0], '') },
    drip => sub { my $c = $_[0]; $c->autoflush(1); print $c "HTTP/1.1 200 OK\r\n\r\n<rss>"; slowly($c, ' ') },
    bomb => sub { answer($_[0], '200 OK', memGzip('<rss>' . 'x' x (64 << 20)), 'Content-Encoding: gzip') },
    liar => sub { my $c = $_[0]; print $c "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss><channel>" },
    500 => sub { answer($_[0], '500 Internal Server Error', 'hỏng') },
    bye => sub { },
    html => sub { answer($_[0], '200 OK', '<!DOCTYPE html><html><body><h1>Bảo trì</h1></body></html>') },
    away => sub { answer($_[0], '302 Found', '', 'Location: http://169.254.169.254/latest') },
);

my $wait = IO::Select->new(\*STDIN, $listen);
while (1) {
    my ($ready) = $wait->can_read;
    last if $ready == \*STDIN && !sysread STDIN, my $rest, 512;
    my $c = $ready == $listen ? $listen->accept : next;
    my $head = '';
    1 while $head !~ /\r\n\r\n/ && sysread $c, $head, 4096, length $head;
    my ($path) = $head =~ m{^GET /(\S*)} or next;
    my ($login) = $head =~ /^Authorization: Basic (\S+)/mi;
    my $known = decode_base64($login // '') eq 'ai:b%m';
    open my $log, '>>', "$folder/.log" or die;
    print $log "$path\n";
    close $log;
    if ($path =~ m{^loi/(\w+)} && $wrong{$1}) { $wrong{$1}->($c) }
    elsif ($path =~ m{^khoa/} && !$known) { answer($c, '401 Unauthorized', '') }
    else { file($c, $path =~ s/\?.*//r, $head) }
    close $c;
}
