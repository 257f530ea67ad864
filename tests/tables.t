#!/bin/sh
# The word tables of voices/vi: form, order, and spoken words that are Vietnamese syllables.
# Knows the spelling rules of a syllable; does not know what a word means.
exec perl - "$@" <<'PERL'
use strict;
use warnings;
use utf8;
use Encode qw(decode FB_CROAK);
use Unicode::Normalize qw(NFC NFD);
binmode STDOUT, ':encoding(UTF-8)';

my %least = (abbreviations => 700, names => 2500, words => 1200);

my %initial = map { $_ => 1 } '',
  qw(b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x);
my %rime = map { $_ => 1 } qw(
  a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
  e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu
  iêc iêm iên iêng iêp iêt iêu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt
  oap oc oe oem oen oeo oep oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
  u ua uân uâng uât uây uc uê uêch uên uênh uêt uêu ui um un ung uôc uôi uôm uôn uông uôt uơ up ut
  uy uya uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
  y yêm yên yêng yêt yêu);
# qu is an initial: what follows it is spelt without the u.
my %after_qu = map { $_ => 1 } qw(
  a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt ân âng ât âu ây e en eo et ê ên ênh êch êt
  it ôc y ych yên yêt ynh yt yn yp ơ ơi ơn ơt);
my %tone = ("\x{300}" => 'huyền', "\x{301}" => 'sắc', "\x{303}" => 'ngã', "\x{309}" => 'hỏi', "\x{323}" => 'nặng');

# The letter that carries the tone: the last one with a mark of its own, else the last before a
# final consonant, else the middle of three or the first of two.
sub tone_place {
    my ($rime) = @_;
    return $-[1] if $rime =~ /.*([ăâêôơư])/;
    my ($vowels, $coda) = $rime =~ /^([aeiouy]+)([a-z]*)$/;
    return length($vowels) - 1 if $coda ne '' || length($vowels) == 1;
    return length($vowels) == 3 ? 1 : 0;
}

sub split_syllable {
    my ($bare) = @_;
    return ('gi', $1) if $bare =~ /^gi(.+)$/ && $rime{$1} && $1 !~ /^i/;
    return ('gi', "i$1") if $bare =~ /^gi(|ê.+|m|n|p|t|u|nh|ch)$/;
    return $bare =~ /^(qu|ngh|ng|nh|gh|ch|kh|ph|th|tr|[bcdđghklmnprstvx]?)(.*)$/;
}

sub fault {
    my ($syllable) = @_;
    my $long = lc $syllable;
    my ($bare, $mark, $at) = ('', '', 0);
    for my $char (split //, $long) {
        my ($base, @marks) = split //, NFD($char);
        my @tones = grep { $tone{$_} } @marks;
        ($mark, $at) = ($tones[0], length $bare) if @tones;
        $bare .= NFC(join '', $base, grep { !$tone{$_} } @marks);
    }
    my ($start, $end) = split_syllable($bare);
    return 'no such rime' unless $start eq 'qu' ? $after_qu{$end} : $rime{$end};
    return 'c, g, ng before i, e, ê' if $start =~ /^(c|g|ng)$/ && $end =~ /^[ieêy]/;
    return 'k, gh, ngh before a, o, u' if $start =~ /^(k|gh|ngh)$/ && $end !~ /^[ieêy]/;
    return 'iê at the start is spelt yê' if $start eq '' && $end =~ /^iê/;
    return 'y after this letter is spelt i' if $end eq 'y' && $start !~ /^(|h|k|l|m|s|t|v|qu)$/;
    return 'yê after a letter is spelt iê' if $start ne '' && $start ne 'qu' && $end =~ /^yê/;
    return 'a word that ends in p, t, c, ch has sắc or nặng'
      if $end =~ /[ptc]$|ch$/ && ($tone{$mark} || '') !~ /^(sắc|nặng)$/;
    return '' if $mark eq '';
    my $place = length($bare) - length($end) + tone_place($end);
    return $place == $at ? '' : 'the tone stands on the wrong letter';
}

sub spoken_fault {
    my ($spoken) = @_;
    return 'letters, single spaces and hyphens between letters only'
      unless $spoken =~ /^\pL+(?:[ -]\pL+)*$/;
    for my $syllable (split /[ -]/, $spoken) {
        my $why = fault($syllable);
        return "$syllable: $why" if $why ne '';
    }
    return '';
}

# Two orders hold: sections as they stand, and bytes within a section.
sub read_table {
    my ($file, $row, $fault) = @_;
    open my $in, '<', $file or return push @$fault, "$file: $!";
    my ($last, $no) = ('', 0);
    while (my $bytes = <$in>) {
        $no++;
        my $line = eval { decode('UTF-8', $bytes, FB_CROAK) };
        push(@$fault, "$file:$no: not UTF-8"), next unless defined $line;
        push @$fault, "$file:$no: not NFC" if $line ne NFC($line);
        chomp $line;
        $last = '' if $line =~ /^#/;
        next if $line =~ /^(#|$)/;
        my @col = split /\t/, $line, -1;
        push @$fault, "$file:$no: space at an end of a column" if grep { /^\s|\s$/ } @col;
        push @$fault, "$file:$no: not in order after $last" if utf8_cmp($col[0], $last) < 0;
        $last = $col[0];
        push @$row, { at => "$file:$no", col => \@col, line => $line };
    }
}

sub utf8_cmp {
    my ($one, $two) = map { my $copy = $_; utf8::encode($copy); $copy } @_;
    return $one cmp $two;
}

sub check {
    my ($say, $ok, @why) = @_;
    our $n;
    printf "%s %d - %s\n", $ok ? 'ok' : 'not ok', ++$n, $say;
    print map { "# $_\n" } @why[0 .. ($#why < 19 ? $#why : 19)];
}

sub self_test {
    my @good = qw(Oa sinh tơn quý giếng gìn giá khuya Hòa thủy xoong huýt nghìn kê ghi yên);
    my @bad = qw(Bra crai fan hoà thuỷ cê kà ngi ghà top tóp-p iên pic oz bỉt wa);
    check('the rules pass Vietnamese syllables', !grep({ fault($_) } @good), grep { fault($_) } @good);
    check('the rules stop what is none', !grep({ !spoken_fault($_) } @bad), grep { !spoken_fault($_) } @bad);
}

sub check_table {
    my ($name) = @_;
    my (@row, @fault);
    my $file = "voices/vi/$name.tsv";
    read_table($file, \@row, \@fault);
    check("$name: UTF-8, NFC, trimmed and in order within sections", !@fault, @fault);

    my @width = map { $_->{at} } grep { my $n = @{ $_->{col} }; $n < 2 || $n > 6 || $_->{line} =~ /\t$/ } @row;
    check("$name: two to six columns, none empty at the end", !@width, @width);

    my (%seen, %default, @twice);
    for my $row (@row) {
        my ($written, $spoken, @cue) = @{ $row->{col} };
        my $bare = !grep { defined && $_ ne '' } @cue[0 .. 2];
        push @twice, "$row->{at}: $written" if $seen{ $row->{line} }++ || ($bare && $default{$written}++);
    }
    check("$name: no row twice, one default each", !@twice, @twice);

    my @cue = map { $_->{at} } grep { my $row = $_; grep { defined && /^\||\|\||\|$|\| | \|/ } @{ $row->{col} }[2, 3] } @row;
    check("$name: cue words stand between single bars", !@cue, @cue);

    my @spoken = map { my $why = spoken_fault($_->{col}[1] // ''); $why eq '' ? () : "$_->{at}: $_->{col}[1]: $why" } @row;
    check("$name: spoken words are Vietnamese syllables", !@spoken, @spoken);
    check("$name: at least $least{$name} entries", keys %seen >= $least{$name}, scalar keys %seen);
}

# One column; no two rows are the same without marks and spaces, for the second would be dead.
sub check_joined {
    my $file = 'voices/vi/joined.tsv';
    my (@row, @fault, %seen);
    read_table($file, \@row, \@fault);
    for my $row (@row) {
        my $joined = lc NFD($row->{line});
        $joined =~ tr/đ/d/;
        $joined =~ s/[\pM -]//g;
        my $why = spoken_fault($row->{line});
        push @fault, "$row->{at}: $row->{line}: $why" if $why ne '' && $why !~ /no such rime|before/;
        push @fault, "$row->{at}: $row->{line}: as $seen{$joined}" if $seen{$joined};
        $seen{$joined} = $row->{at};
    }
    check('joined: one column, in order, nothing twice', !@fault && @row > 3000, @fault);
}

# What is written, what it sounds as, for one a kind; "g-" opens a syllable, "-eo" ends one.
sub check_sounds {
    my ($name) = @_;
    my $file = "voices/vi/$name.tsv";
    my (@row, @fault, %seen);
    read_table($file, \@row, \@fault);
    for my $row (@row) {
        my ($written, $spoken, $kind) = @{ $row->{col} };
        push @fault, "$row->{at}: $written twice" if $seen{$written}++;
        push @fault, "$row->{at}: $written" unless $written =~ /^(?:-?[a-z]+|[a-z]+-|[A-Z][a-z]+)$/;
        push @fault, "$row->{at}: $spoken" unless $spoken =~ /^[\pL-]+$/ && NFC($spoken) !~ /[fjwz]/;
        push @fault, "$row->{at}: $kind" if defined $kind && $kind ne 'họ';
    }
    check("$name: two or three columns, in order, nothing twice", !@fault && @row > 50, @fault);
}

print '1..', 5 + 6 * keys %least, "\n";
self_test();
check_table($_) for sort keys %least;
check_joined();
check_sounds($_) for qw(korean pinyin);
PERL
