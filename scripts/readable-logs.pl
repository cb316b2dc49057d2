#!/usr/bin/perl
# Makes of each line of JSON, as the API and the worker log, what a person reads: when, level, where, sentence, and the
# request it belongs to; then the exception, a line each. Any other line passes as it is. Used by ./dev logs.
use strict;
use warnings;
use JSON::PP;

$| = 1; # for -f
my %levels = (Verbose => 'TRACE', Debug => 'DEBUG', Information => 'info', Warning => 'WARN', Error => 'ERROR', Fatal => 'FATAL');
my $json = JSON::PP->new->utf8;
binmode STDOUT, ':utf8';
while (my $line = <STDIN>) {
    my $event = $line =~ /^\{"Timestamp":/ ? eval { $json->decode($line) } : undef;
    if (!$event) {
        utf8::decode($line);
        print $line;
        next;
    }
    my ($time) = $event->{Timestamp} =~ /T([0-9:]+\.?[0-9]{0,3})/;
    my $properties = $event->{Properties} // {};
    my $where = $properties->{SourceContext} // '';
    $where =~ s/.*[.]//;
    my $text = $event->{RenderedMessage} // $event->{MessageTemplate};
    my $request = $properties->{RequestId};
    $text .= qq(; request "$request") if defined $request && index($text, $request) < 0;
    printf "%-12s %-5s %s: %s\n", $time, $levels{$event->{Level}} // $event->{Level}, $where, $text;
    if (defined $event->{Exception}) {
        (my $exception = $event->{Exception}) =~ s/\r//g;
        print map { "    $_\n" } split /\n/, $exception;
    }
}
