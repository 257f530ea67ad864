#!/usr/bin/perl
# Prometheus's text format 0.0.4, strictly: prints what is wrong on standard input, and nothing else.
use strict;
use warnings;

my $name  = qr/[a-zA-Z_:][a-zA-Z0-9_:]*/;
my $label = qr/[a-zA-Z_][a-zA-Z0-9_]*/;
my $value = qr/"(?:[^"\\\n]|\\["\\n])*"/;
my $float = qr/[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?Inf|NaN/;
my ($of, %seen, %sample) = ('');

sub wrong { print "$.: $_[0]: $_\n" }

my $last = '';
while (<STDIN>) {
    $last = $_;
    chomp;
    next if !length;
    if (/^# (HELP|TYPE) ($name) (.*)$/) {
        my ($what, $metric, $rest) = ($1, $2, $3);
        wrong("a second $what") if $seen{$metric}{$what}++;
        wrong('after its samples, or apart from them') if $seen{$metric}{samples};
        wrong('no type') if $what eq 'TYPE' && $rest !~ /^(counter|gauge|histogram|summary|untyped)$/;
        wrong('a help with a bad escape') if $what eq 'HELP' && $rest =~ /\\(?![\\n])/;
        $of = $metric;
    }
    elsif (/^#/) { next }
    elsif (/^($name)(?:\{((?:$label=$value)(?:,$label=$value)*),?\})? ($float)(?: -?\d+)?$/) {
        my ($metric, $labels) = ($1, $2 // '');
        wrong('not below its TYPE') if $metric ne $of || !$seen{$metric}{TYPE};
        wrong('a second sample of the same labels') if $sample{"$metric $labels"}++;
        my %of_line;
        $of_line{$_}++ && wrong("a second label $_") for $labels =~ /($label)=$value/g;
        $seen{$metric}{samples}++;
    }
    else { wrong('no sample') }
}
print "the last line does not end\n" if $last !~ /\n\z/;
print "no sample at all\n" if !%sample;
