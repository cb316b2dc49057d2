select stop_bearing_tags('media_asset');

drop function rewrite_tags(uuid, text, uuid[], text[], text, timestamptz);
drop function replace_tags(text[], text[], text);
drop function find_tagged(uuid, text[], int);
drop function fold_tag_counts(uuid, int);
drop function lock_tag_counts(uuid);
drop function stop_bearing_tags(text);
drop function bear_tags(text, regclass);
drop function count_tags();
drop table tag_bearers;
drop table tag_count_changes;
drop table tag_usage;
drop function add_counts(jsonb, jsonb);
drop function sum_of_counts(jsonb);
drop table tag_rewrites;
drop table tags;
