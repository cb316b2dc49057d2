drop function make_records(text, text, text[]);
