#!/usr/bin/perl
# A speech program that does each thing wrong, by its first argument. stay: it stays, and for each
# line writes a WAV and its path, as Piper does with --output_dir.
use strict;
use warnings;

my ($how, @rest) = @ARGV;
$| = 1;

sub wav {
    my ($ms, $loud) = @_;
    my $pcm = pack 's<*', map { ($loud // 3000) * sin($_ / 16000 * 6.2832 * 440) } 0 .. 16 * $ms - 1;
    return 'RIFF' . pack('V', 36 + length $pcm) . 'WAVEfmt '
      . pack('VvvVVvv', 16, 1, 1, 16000, 32000, 2, 16) . 'data' . pack('V', length $pcm) . $pcm;
}

my %how = (
    wav => sub { my $text = <STDIN>; print wav(10 * length $text) },
    raw => sub { my $text = <STDIN>; print substr wav(10 * length $text), 44 },
    two => sub { print 'RIFF', pack('V', 64036), 'WAVEfmt ', pack('VvvVVvv', 16, 1, 2, 48000, 192000, 4, 16), 'data', pack('V', 64000), pack('s<*', map { 3000 * sin($_ / 40) } 0 .. 31999) },
    alone => sub { mkdir $rest[0] or exit 3; select undef, undef, undef, 0.02; print wav(300); rmdir $rest[0] },
    deaf => sub { print wav(500) },
    file => sub {
        open my $in, '<', $rest[0] or die;
        my $text = <$in>;
        open my $out, '>', $rest[1] or die;
        print $out wav(10 * length $text);
    },
    fail => sub { print STDERR "no model\n"; exit 3 },
    html => sub { print "<html>" },
    cut => sub { print substr wav(500), 0, 3000 },
    none => sub { },
    silence => sub { print substr(wav(0), 0, 40), pack('V', 19_200_000), "\0" x 19_200_000 },
    quiet => sub { print wav(1000, 0) },
    hang => sub { sleep 1 while 1 },
    half => sub { print substr wav(500), 0, 3000; sleep 1 while 1 },
    slow => sub { select undef, undef, undef, 0.2; print wav(500) },
    'never-the-same' => sub { my $text = <STDIN>; print wav(10 * length $text, 2000 + rand 2000) },
    flood => sub { my $block = "RIFF" . "\0" x 65532; print $block while 1 },
    stay => sub {
        my $n = 0;
        while (my $text = <STDIN>) {
            exit 1 if $text =~ /chết/;
            sleep 1 while $text =~ /treo/;
            my $path = "$rest[0]/bt-stay-$$-" . $n++ . '.wav';
            open my $out, '>', $path or die;
            print $out wav(10 * length $text);
            close $out;
            print "$path\n";
        }
    },
);
$how{$how}->();
