#!/usr/bin/perl
# A speech server that does each thing wrong, by its path, over HTTP and over wyoming's protocol.
# server.pl SOUND…: serves these files. Prints its two ports; ends when its standard input closes.
use strict;
use warnings;
use IO::Socket::INET;
use IO::Select;

$SIG{PIPE} = 'IGNORE';
$SIG{CHLD} = 'IGNORE';
my %file = map { /\.(\w+)$/ ? ($1 => $_) : () } @ARGV;
my ($http, $wyoming) = map {
    IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 16, Proto => 'tcp') or die $@
} 1 .. 2;
$| = 1;
print $http->sockport, ' ', $wyoming->sockport, "\n";
my $wait = IO::Select->new(\*STDIN, $http, $wyoming);
my %asked;

sub pcm {    # a tone of so many ms at 16 kHz
    my ($ms) = @_;
    return pack 's<*', map { 3000 * sin($_ / 16000 * 6.2832 * 440) } 0 .. 16 * $ms - 1;
}

sub wav {
    my ($pcm, $says) = @_;
    $says //= length $pcm;
    return 'RIFF' . pack('V', $says + 36) . 'WAVEfmt ' . pack('VvvVVvv', 16, 1, 1, 16000, 32000, 2, 16)
      . 'data' . pack('V', $says) . $pcm;
}

sub slurp {
    open my $f, '<:raw', $file{ $_[0] } or die;
    local $/;
    return <$f>;
}

sub answer {
    my ($c, $status, $body, @headers) = @_;
    my $head = join "\r\n", "HTTP/1.1 $status", 'Content-Length: ' . length $body, @headers;
    print $c "$head\r\nConnection: close\r\n\r\n$body";
}

sub stall {    # hold the line, say nothing more
    my ($c) = @_;
    return if fork;
    close $_ for $http, $wyoming, \*STDOUT;
    IO::Select->new(\*STDIN, $c)->can_read;
    sleep 1 while IO::Select->new($c)->can_read(0) && sysread $c, my $rest, 4096;
    exit;
}

my %http = (
    '/wav' => sub { answer($_[0], '200 OK', wav(pcm(500))) },
    '/flac' => sub { answer($_[0], '200 OK', slurp('flac')) },
    '/mp3' => sub { answer($_[0], '200 OK', slurp('mp3')) },
    '/ogg' => sub { answer($_[0], '200 OK', slurp('ogg')) },
    '/s16' => sub { answer($_[0], '200 OK', pcm(500)) },
    '/stream' => sub { answer($_[0], '200 OK', wav(pcm(500), 0xFFFFFFFF)) },
    '/html' => sub { answer($_[0], '200 OK', "<html>\n<h1>It works!</h1>") },
    '/401' => sub { answer($_[0], '401 Unauthorized', '{"error":"bad key s3cret"}') },
    '/as-long' => sub { answer($_[0], '200 OK', wav(pcm(30 * length $_[1]))) },
    '/repeats' => sub { answer($_[0], '400 Bad Request', $_[2] =~ /^Authorization: (.*)\r$/m) },
    '/404' => sub { answer($_[0], '404 Not Found', 'no such voice') },
    '/500' => sub { answer($_[0], '500 Internal Server Error', 'out of memory') },
    '/cut' => sub { answer($_[0], '200 OK', substr wav(pcm(500)), 0, 5000) },
    '/short' => sub { my $c = $_[0]; print $c "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nRIFF" },
    '/empty' => sub { answer($_[0], '200 OK', '') },
    '/bye' => sub { },
    '/stall' => sub { stall($_[0]) },
    '/silence' => sub { answer($_[0], '200 OK', wav("\0" x (16000 * 2 * 600))) },
    '/quiet' => sub { answer($_[0], '200 OK', wav("\0" x 32000)) },
    '/away' => sub { answer($_[0], '302 Found', '', 'Location: /wav') },
    '/busy' => sub {
        $asked{busy}++
          ? answer($_[0], '200 OK', wav(pcm(500)))
          : answer($_[0], '429 Too Many Requests', 'slow down', 'Retry-After: 0');
    },
    '/full' => sub { answer($_[0], '429 Too Many Requests', 'come back', 'Retry-After: 3600') },
    '/v1/audio/speech' => sub {    # as OpenAI's reference has it
        my ($c, $body, $head) = @_;
        my $good = $head =~ /^Authorization: Bearer s3cret\r$/m && $head =~ m{^Content-Type: application/json}mi
          && $body =~ /"model":".+","voice":".+","input":".+","response_format":"wav","speed":1\.00/;
        $good ? answer($c, '200 OK', wav(pcm(500))) : answer($c, '400 Bad Request', $body);
    },
    '/' => sub {                   # as Piper's server has it
        my ($c, $body) = @_;
        my $good = $body =~ /^\{"text":".+","length_scale":1\.00\}$/;
        $good ? answer($c, '200 OK', wav(pcm(500))) : answer($c, '400 Bad Request', $body);
    },
    '/echo' => sub {    # speaks only when body and key are as they should be
        my ($c, $body, $head) = @_;
        my $good = $body eq $ENV{BT_WANT_BODY} && $head =~ /^Authorization: Bearer s3cret\r$/m;
        $good ? answer($c, '200 OK', wav(pcm(500))) : answer($c, '400 Bad Request', $body);
    },
);

sub serve_http {
    my ($c) = @_;
    my ($head, $body) = ('', '');
    while ($head !~ /\r\n\r\n/) { sysread($c, $head, 4096, length $head) or return }
    ($head, $body) = split /\r\n\r\n/, $head, 2;
    my ($n) = $head =~ /^Content-Length: (\d+)/mi;
    while (length $body < ($n // 0)) { sysread($c, $body, 4096, length $body) or return }
    my ($path) = $head =~ m{^POST ([^ ?]+)};
    ($http{ $path // '' } // $http{'/404'})->($c, $body, "$head\r");
}

sub event {
    my ($c, $type, $data, $payload) = @_;
    $payload //= '';
    print $c qq({"type":"$type","data_length":), length $data, ',"payload_length":', length $payload,
      "}\n$data$payload";
}

# What is said decides what goes wrong.
sub serve_wyoming {
    my ($c) = @_;
    my $ask = <$c> // return;
    my $start = '{"rate":16000,"width":2,"channels":1}';
    if ($ask !~ /"type":"synthesize"/) { event($c, 'error', '{"text":"what?"}') }
    elsif ($ask =~ /hỏng/) { event($c, 'error', '{"text":"no voice"}') }
    elsif ($ask =~ /lạ/) { print $c "HTTP/1.1 400 Bad Request\r\n\r\n" }
    elsif ($ask =~ /cụt/) { event($c, 'audio-start', $start); event($c, 'audio-chunk', $start, pcm(100)) }
    elsif ($ask =~ /treo/) { event($c, 'audio-start', $start); stall($c) }
    elsif ($ask =~ /to/) { print $c qq({"type":"audio-chunk","payload_length":99999999999}\n) }
    elsif ($ask =~ /sớm/) { event($c, 'audio-chunk', '{}', pcm(100)) }
    elsif ($ask =~ /lặng|im/) {
        event($c, 'audio-start', $start);
        event($c, 'audio-chunk', $start, "\0" x 32000) for 1 .. ($ask =~ /lặng/ ? 600 : 1);
        event($c, 'audio-stop', '{}');
    }
    elsif ($ask =~ /rộng/) { event($c, 'audio-start', '{"rate":16000,"width":4,"channels":1}') }
    else {
        print $c qq({"type":"audio-start","data":$start}\n);    # the older form, data in the line
        event($c, 'news', '{}');
        event($c, 'audio-chunk', $start, pcm(250)) for 1 .. 2;
        event($c, 'audio-stop', '{}');
    }
}

while (my @ready = $wait->can_read) {
    for my $s (@ready) {
        exit if $s == \*STDIN || fileno $s == 0;
        my $c = $s->accept or next;
        $c->autoflush(1);
        binmode $c;
        $s == $http ? serve_http($c) : serve_wyoming($c);
        close $c;
    }
}
