#!/bin/sh
# Written lines and their accepted readings: tests/text/*.case through `bantin read --lines`.
# Words only: case and punctuation are folded.
exec perl - "$@" <<'PERL'
use strict;
use warnings;
use utf8;
use Unicode::Normalize qw(NFC NFD);
use File::Temp qw(tempfile);
binmode STDOUT, ':encoding(UTF-8)';

my $build = $ENV{BUILD} || 'build';
my (@written, @category, @accepted, @at);

sub fold {
    my $s = lc NFC($_[0]);
    $s =~ s/[^\w\s]|_/ /g;
    return join ' ', split ' ', $s;
}

# A foreign word as it sounds, roughly: two letters without their marks may differ.
sub sound {
    my $s = NFD($_[0]);
    $s =~ s/\pM//g;
    $s =~ tr/đsyk/dxic/;
    $s =~ s/ph/f/g;
    $s =~ s/ //g;
    return $s;
}

sub distance {
    my ($one, $two) = @_;
    my @row = 0 .. length $two;
    for my $i (1 .. length $one) {
        my $corner = $row[0]++;
        for my $j (1 .. length $two) {
            my $swap = $corner + (substr($one, $i - 1, 1) ne substr($two, $j - 1, 1));
            my $least = (sort { $a <=> $b } $swap, $row[$j] + 1, $row[$j - 1] + 1)[0];
            ($corner, $row[$j]) = ($row[$j], $least);
        }
    }
    return $row[-1];
}

sub accepted {
    my ($category, $said, @accepted) = @_;
    return 1 if grep { $_ eq $said } @accepted;
    return $category eq 'foreign' && grep { distance(sound($_), sound($said)) <= 2 } @accepted;
}

sub load {
    my ($file) = @_;
    my ($category, $open) = ('-', 0);
    open my $in, '<:encoding(UTF-8)', $file or die "$file: $!\n";
    while (my $line = <$in>) {
        chomp $line;
        if ($line =~ /^#/) { next }
        elsif ($line eq '') { $open = 0 }
        elsif ($line =~ /^= (.+)/) { $category = $1 }
        elsif ($line =~ /^> (.+)/) { push @{ $accepted[-1] }, fold($1) }
        else {
            push @written, $line;
            push @category, $category;
            push @accepted, [];
            push @at, "$file:$.";
        }
    }
}

sub read_all {
    my ($to, $name) = tempfile(UNLINK => 1);
    binmode $to, ':encoding(UTF-8)';
    print $to map { "$_\n" } @written;
    close $to;
    open my $out, '-|:encoding(UTF-8)', "$build/bantin", 'read', '--lines', $name or die "$!\n";
    chomp(my @spoken = <$out>);
    return @spoken;
}

load($_) for sort glob 'tests/text/*.case';
my @spoken = read_all();
my (%n, %good, @fail);
for my $i (0 .. $#written) {
    my $said = $spoken[$i] // '';
    my $good = accepted($category[$i], fold($said), @{ $accepted[$i] });
    $n{ $category[$i] }++;
    $good{ $category[$i] } += $good ? 1 : 0;
    push @fail, "$at[$i]: $written[$i]\n#      $said" if !$good;
}
my $test = 0;
sub check {
    my ($good, $what, @why) = @_;
    printf "%s %d - %s\n", $good ? 'ok' : 'not ok', ++$test, $what;
    print map { "# $_\n" } @why;
}
print '1..3', "\n";
check(@written > 0, scalar(@written) . ' cases');
check(@spoken == @written, 'one line out for each line in');
check(!@fail, 'every case is read in an accepted way', @fail);
printf "# %-14s %4d of %4d\n", $_, $good{$_}, $n{$_} for sort keys %n;
PERL
