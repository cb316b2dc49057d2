-- One full text search over titles, tags, captions, descriptions and file names together. Their words are stemmed alike, so that
-- "and" and "not" hold across them; the two configurations differ in common words alone, which prose drops and names keep.

drop index media_assets_search_idx;
alter table media_assets drop column search;

create text search dictionary english_stem_of_all (template = snowball, language = english); -- without a list of words to drop
alter text search configuration prose
    alter mapping for numword, numhword, hword_numpart with unaccent, simple;
drop text search configuration names;
create text search configuration names (copy = prose);
alter text search configuration names
    alter mapping for asciihword, asciiword, hword_asciipart with english_stem_of_all;
alter text search configuration names
    alter mapping for hword, hword_part, word with unaccent, english_stem_of_all;

-- What ?q= asks for. Common words count only when there are no others: a band may be called "The Who".
create function search_query(given text) returns tsquery
language sql immutable parallel safe as $$
    select case
        when numnode(websearch_to_tsquery('prose', given)) > 0 then websearch_to_tsquery('prose', given)
        else websearch_to_tsquery('names', given)
    end
$$;

-- A file's name stands in it as it is, for who copies it, and in its words.
alter table media_assets add column search tsvector not null generated always as (
    setweight(to_tsvector('names', coalesce(title, '')), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
    || setweight(to_tsvector('names', coalesce(caption, '') || ' ' || coalesce(alt_text, '')), 'B')
    || setweight(to_tsvector('names', coalesce(description, '')), 'C')
    || setweight(to_tsvector('names', original_filename || ' ' || file_name_as_text(original_filename)), 'D')) stored;

-- ?q=
create index media_assets_search_idx on media_assets using gin (client_id, search);
