drop index media_assets_search_idx;
alter table media_assets drop column search;
drop function search_query(text);

drop text search configuration names;
drop text search dictionary english_stem_of_all;
alter text search configuration prose
    alter mapping for numword, numhword, hword_numpart with simple;
create text search configuration names (copy = simple);
alter text search configuration names
    alter mapping for hword, hword_part, word, numword, asciihword, asciiword, hword_asciipart, file, host, url, url_path with unaccent, simple;

alter table media_assets add column search tsvector not null generated always as (
    setweight(to_tsvector('prose', coalesce(title, '')), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
    || setweight(to_tsvector('prose', coalesce(caption, '') || ' ' || coalesce(alt_text, '')), 'B')
    || setweight(to_tsvector('prose', coalesce(description, '')), 'C')
    || setweight(to_tsvector('names', file_name_as_text(original_filename)), 'D')) stored;

create index media_assets_search_idx on media_assets using gin (client_id, search);
