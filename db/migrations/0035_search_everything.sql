-- GET /search looks into every table that has a column "search", each by the words in it, the last of which may only be begun, and where that
-- finds too little by names that are nearly the same.

create extension if not exists pg_trgm;

-- A name as it is compared with others: without case and diacritics, as much of it as an index takes. Qualified throughout, since an index calls it also where nothing is on the path.
create function search_name(given text) returns text
language plpgsql immutable parallel safe as $$
begin
    return left(lower(public.unaccent('public.unaccent'::regdictionary, given)), 200);
end $$;

-- The beginning of a word is no word: the stem of "sty" is "sti", with which "style" does not begin.
create text search configuration beginnings (copy = names);
alter text search configuration beginnings
    alter mapping for asciihword, asciiword, hword_asciipart with simple;
alter text search configuration beginnings
    alter mapping for hword, hword_part, word with unaccent, simple;

-- As search_query, with the last word as the beginning of one: "new sty" is "new style" as well. Nothing is begun within quotation marks, after
-- a minus, by "or", and by a single character, which begins too many.
create function search_begun_query(given text) returns tsquery
language plpgsql immutable parallel safe as $$
declare
    whole tsquery := search_query(given);
    last text := substring(given from '[^[:space:]"]+$');
    before text := left(given, length(given) - coalesce(length(last), 0));
    stem text := (ts_lexize('english_stem_of_all', search_name(last)))[1];
    rest tsquery;
    begun tsquery;
begin
    if last is null or length(last) < 2 or last like '-%' or lower(last) = 'or' or last !~ '[[:alnum:]]' or length(replace(before, '"', '')) % 2 <> length(before) % 2 then
        return whole;
    end if;

    -- where a word's stem is its beginning, words with that stem are begun as well: "studie" is "studies"
    begun := to_tsquery(
        case when starts_with(search_name(last), stem) then 'names' else 'beginnings' end::regconfig, '''' || replace(replace(last, '\', '\\'), '''', '''''') || ''':*');
    rest := websearch_to_tsquery('prose', before);
    return whole || case when numnode(rest) = 0 then begun when before ~* '\mor\s*$' then rest || begun else rest && begun end;
end $$;

-- Who is in the clips is found as well.
alter table talent_sources add column search tsvector not null generated always as (
    setweight(to_tsvector('names', name), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
    || setweight(to_tsvector('names', coalesce(description, '')), 'C')) stored;
drop trigger talent_sources_change_log on talent_sources;
create trigger talent_sources_change_log after insert or update or delete on talent_sources
    for each row execute function write_change_log('talent_source', '{version,updated_at,search}', '{}');

-- ?q=
create index talent_sources_search_idx on talent_sources using gin (client_id, search);

-- /search?q=: names that are nearly the same
create index shows_name_like_idx on shows using gin (client_id, search_name(title) gin_trgm_ops) where deleted_at is null;
create index episodes_name_like_idx on episodes using gin (client_id, search_name(title) gin_trgm_ops) where deleted_at is null;
create index clips_name_like_idx on clips using gin (client_id, search_name(left(coalesce(scene_description, ''), 200) || ' ' || coalesce(character, '')) gin_trgm_ops) where deleted_at is null;
create index wardrobe_items_name_like_idx on wardrobe_items using gin (client_id, search_name(name || ' ' || coalesce(brand, '')) gin_trgm_ops) where deleted_at is null;
create index outfits_name_like_idx on outfits using gin (client_id, search_name(name) gin_trgm_ops) where deleted_at is null;
create index ui_elements_name_like_idx on ui_elements using gin (client_id, search_name(name) gin_trgm_ops) where deleted_at is null;
create index backgrounds_name_like_idx on backgrounds using gin (client_id, search_name(name) gin_trgm_ops) where deleted_at is null;
create index talent_sources_name_like_idx on talent_sources using gin (client_id, search_name(name) gin_trgm_ops) where deleted_at is null;
create index media_assets_name_like_idx on media_assets using gin (client_id, search_name(coalesce(title, original_filename)) gin_trgm_ops) where deleted_at is null;

-- and the very name, among more hits than are ranked
create index shows_same_name_idx on shows (client_id, search_name(title)) where deleted_at is null;
create index episodes_same_name_idx on episodes (client_id, search_name(title)) where deleted_at is null;
create index clips_same_name_idx on clips (client_id, search_name(left(coalesce(scene_description, ''), 200) || ' ' || coalesce(character, ''))) where deleted_at is null;
create index wardrobe_items_same_name_idx on wardrobe_items (client_id, search_name(name || ' ' || coalesce(brand, ''))) where deleted_at is null;
create index outfits_same_name_idx on outfits (client_id, search_name(name)) where deleted_at is null;
create index ui_elements_same_name_idx on ui_elements (client_id, search_name(name)) where deleted_at is null;
create index backgrounds_same_name_idx on backgrounds (client_id, search_name(name)) where deleted_at is null;
create index talent_sources_same_name_idx on talent_sources (client_id, search_name(name)) where deleted_at is null;
create index media_assets_same_name_idx on media_assets (client_id, search_name(coalesce(title, original_filename))) where deleted_at is null;

-- How far a client's search columns are made anew, for the job that does it.
create table search_reindexes (
    client_id uuid not null references clients (id),
    id uuid not null,
    types text[] not null,
    total bigint not null,
    reached int not null default 0,
    after_id uuid,
    seen bigint not null default 0,
    changed bigint not null default 0,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    version int not null default 1,
    primary key (client_id, id)
);

comment on column search_reindexes.reached is 'how many of the types are done';
comment on column search_reindexes.after_id is 'the last row that is done of the type that is not; null before the first';

create trigger search_reindexes_change_log after insert or update or delete on search_reindexes
    for each row execute function write_change_log('search_reindex', '{version,reached,after_id,seen,changed}', '{}');

-- Makes the column "search" of some rows of a client anew, the next ones after an id, where it is not what it would be now: a text configuration or
-- a function behind it may have changed. It is a generated column, which an update of what it is generated from makes; that value stays, so that
-- neither the version nor the change log moves. Only what differs is locked and written. Where another holds a row for longer than one waits,
-- nothing is done: seen is null, and it is to be tried again.
create function recompute_search(records regclass, client uuid, after uuid, at_most int, out last uuid, out seen int, out changed int)
language plpgsql as $$
declare
    expression text;
    source text;
    batch uuid[];
    stale uuid[];
begin
    select pg_get_expr(made.adbin, made.adrelid), source_column.attname
    into strict expression, source
    from pg_attribute search_column
    join pg_attrdef made on made.adrelid = search_column.attrelid and made.adnum = search_column.attnum
    join pg_depend from_it on from_it.classid = 'pg_attrdef'::regclass and from_it.objid = made.oid and from_it.refclassid = 'pg_class'::regclass and from_it.refobjid = records and from_it.refobjsubid <> search_column.attnum
    join pg_attribute source_column on source_column.attrelid = records and source_column.attnum = from_it.refobjsubid
    where search_column.attrelid = records and search_column.attname = 'search' and search_column.attgenerated = 's'
    order by source_column.attnum
    limit 1;

    execute format('select array(select id from %s where client_id = $1 and ($2 is null or id > $2) order by id limit $3)', records) into batch using client, after, at_most;
    begin
        execute format('select array(select id from %s where client_id = $1 and id = any ($2) and search is distinct from (%s) order by id for no key update)', records, expression)
            into stale using client, batch;
    exception when lock_not_available then
        return;
    end;

    execute format('update %1$s set %2$I = %2$I where client_id = $1 and id = any ($2)', records, source) using client, stale;
    seen := cardinality(batch);
    changed := cardinality(stale);
    last := batch[seen];
end $$;
