#!/usr/bin/perl
# Piper, piper1 and sherpa-onnx-offline-tts as their documentation has them: takes the options that
# it names, needs those that it needs, and writes a WAV. Which one it is, its name says.
use strict;
use warnings;

my %options = (    # option => takes a value
    piper => { '--quiet' => 0, '--model' => 1, '--length_scale' => 1, '--output_file' => 1 },
    python3 => { '-m' => 1, '--data-dir' => 1, '--length-scale' => 1, '-f' => 1 },
    'sherpa-onnx-offline-tts' => {
        map { $_ => 1 } qw(--vits-model --vits-tokens --vits-data-dir --vits-length-scale
          --output-filename)
    },
);
my ($name) = $0 =~ m{([^/]+)$};
my $known = $options{$name} // die "$name is not known\n";
shift @ARGV, shift @ARGV if $name eq 'python3' && "@ARGV[0, 1]" eq '-m piper';

my (%got, @words);
while (defined(my $arg = shift @ARGV)) {
    if ($arg eq '--') { push @words, splice @ARGV }
    elsif ($arg !~ /^-/) { push @words, $arg }
    else {
        my ($option, $value) = split /=/, $arg, 2;
        die "no option $option\n" unless exists $known->{$option};
        $got{$option} = $known->{$option} ? $value // shift @ARGV : 1;
    }
}
exists $got{$_} or die "$_ is missing\n" for grep { $known->{$_} } keys %$known;
my $scale = $got{'--length_scale'} // $got{'--length-scale'} // $got{'--vits-length-scale'};
my $text = $name eq 'piper' ? <STDIN> : "@words";
die "nothing to say\n" unless $text =~ /\w/;

my $pcm = pack 's<*', map { 3000 * sin($_ / 22050 * 2765) } 1 .. 22050 * $scale * 0.05 * length $text;
open my $out, '>', $got{'--output_file'} // $got{'-f'} // $got{'--output-filename'} or die $!;
print $out 'RIFF', pack('V', 36 + length $pcm), 'WAVEfmt ',
  pack('VvvVVvv', 16, 1, 1, 22050, 44100, 2, 16), 'data', pack('V', length $pcm), $pcm;
