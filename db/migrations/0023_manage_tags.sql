-- What people say of a tag itself. A tag needs no row here: it is there when something bears it.
create table tags (
    client_id uuid not null references clients (id),
    tag text collate "C" not null check (tag <> ''),
    id uuid not null,
    category text check (category in ('wardrobe_type', 'vibe', 'mood', 'show', 'character', 'sponsor')),
    description text,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, tag),
    constraint tags_id_unique unique (client_id, id)
);

create trigger tags_change_log after insert or update or delete on tags
    for each row execute function write_change_log('tag', '{version,updated_at}', '{}');

-- A rename, a merge or a removal of tags that is too large for one transaction, for its job.
create table tag_rewrites (
    client_id uuid not null references clients (id),
    id uuid not null,
    from_tags text[] not null,
    into_tag text,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    version int not null default 1,
    primary key (client_id, id)
);

comment on column tag_rewrites.into_tag is 'null takes the tags off';

create trigger tag_rewrites_change_log after insert or update or delete on tag_rewrites
    for each row execute function write_change_log('tag_rewrite', '{version}', '{}');

-- How often a tag is used outside the trash, by type: {"media_asset": 12}. Also of tags that are described and not used.
create function sum_of_counts(counts jsonb) returns int
language sql immutable parallel safe as $$ select coalesce(sum(value::int), 0)::int from jsonb_each_text(counts) $$;

create function add_counts(one jsonb, other jsonb) returns jsonb
language sql immutable parallel safe as $$
    select coalesce(jsonb_object_agg(type, count) filter (where count <> 0), '{}')
    from (
        select key as type, sum(value::int)::int as count
        from (select key, value from jsonb_each_text(one) union all select key, value from jsonb_each_text(other)) both_of_them
        group by key
    ) summed
$$;

create table tag_usage (
    client_id uuid not null,
    tag text collate "C" not null,
    id uuid not null default gen_random_uuid(),
    counts jsonb not null default '{}',
    total int not null generated always as (sum_of_counts(counts)) stored,
    primary key (client_id, tag) -- the list by name, and names that begin so
);

-- the list, most used first
create index tag_usage_total_idx on tag_usage (client_id, total desc, id desc);

-- What is to be added to those counts. Writers only ever insert here, so that a tag that everybody uses at once is nobody's lock.
create table tag_count_changes (
    id bigint generated always as identity primary key,
    client_id uuid not null,
    tag text collate "C" not null,
    type text not null,
    delta int not null
) with (autovacuum_vacuum_scale_factor = 0.01);

-- the sum of one client, oldest first
create index tag_count_changes_client_idx on tag_count_changes (client_id, id);

-- Which tables bear tags. Each has client_id, id, tags, deleted_at, version and updated_at, and an index: gin (client_id, tags).
create table tag_bearers (
    type text primary key,
    table_name text not null unique
);

-- Argument: the type.
create function count_tags() returns trigger
language plpgsql as $$
declare
    client uuid;
    before text[];
    after text[];
begin
    if tg_op <> 'INSERT' then
        client := old.client_id;
        if old.deleted_at is null then before := old.tags; end if;
    end if;
    if tg_op <> 'DELETE' then
        client := new.client_id;
        if new.deleted_at is null then after := new.tags; end if;
    end if;

    insert into tag_count_changes (client_id, tag, type, delta)
    select client, tag, tg_argv[0], sum(delta)
    from (select unnest(before) as tag, -1 as delta union all select unnest(after), 1) changed
    group by tag
    having sum(delta) <> 0;
    return null;
end $$;

-- One line in the migration of a table that bears tags: select bear_tags('episode', 'episodes'). From then on they are counted, renamed and merged.
create function bear_tags(bearer text, bearing regclass) returns void
language plpgsql as $$
begin
    insert into tag_bearers (type, table_name) values (bearer, bearing::text);
    execute format('create trigger %I after insert or delete on %s for each row execute function count_tags(%L)', bearer || '_tags_counted', bearing, bearer);
    execute format(
        'create trigger %I after update of tags, deleted_at on %s for each row '
        || 'when (old.tags is distinct from new.tags or (old.deleted_at is null) <> (new.deleted_at is null)) execute function count_tags(%L)',
        bearer || '_tags_recounted', bearing, bearer);
    execute format(
        'insert into tag_count_changes (client_id, tag, type, delta) '
        || 'select client_id, tag, %L, count(*) from %s cross join unnest(tags) tag where deleted_at is null group by client_id, tag',
        bearer, bearing);
end $$;

-- The way back: select stop_bearing_tags('episode').
create function stop_bearing_tags(bearer text) returns void
language plpgsql as $$
declare
    bearing text := (select table_name from tag_bearers where type = bearer);
begin
    execute format('drop trigger %I on %s', bearer || '_tags_counted', bearing);
    execute format('drop trigger %I on %s', bearer || '_tags_recounted', bearing);
    delete from tag_count_changes where type = bearer;
    update tag_usage set counts = counts - bearer where counts ? bearer;
    delete from tag_usage where total = 0 and not exists (select from tags where tags.client_id = tag_usage.client_id and tags.tag = tag_usage.tag);
    delete from tag_bearers where type = bearer;
end $$;

-- Whoever changes the counts of a client, one at a time.
create function lock_tag_counts(client uuid) returns void
language sql as $$ select pg_advisory_xact_lock(hashtextextended('mediaplatform.tag_counts.' || client, 0)) $$;

-- Adds what has come together, oldest first; gives how much that was.
create function fold_tag_counts(client uuid, at_most int) returns int
language plpgsql as $$
declare
    folded int;
begin
    if not exists (select from tag_count_changes where client_id = client) then
        return 0;
    end if;

    perform lock_tag_counts(client);
    with taken as (
        delete from tag_count_changes
        where id = any (array(select id from tag_count_changes where client_id = client order by id limit at_most))
        returning tag, type, delta
    ), changed as (
        select tag, jsonb_object_agg(type, delta) as counts
        from (select tag, type, sum(delta)::int as delta from taken group by tag, type) summed
        group by tag
    ), saved as (
        insert into tag_usage (client_id, tag, counts)
        select client, tag, add_counts('{}', counts)
        from changed
        on conflict (client_id, tag) do update set counts = add_counts(tag_usage.counts, excluded.counts)
    )
    select count(*)::int into folded from taken;

    delete from tag_usage
    where client_id = client and total = 0 and not exists (select from tags where tags.client_id = client and tags.tag = tag_usage.tag);
    return folded;
end $$;

-- Up to at_most records that bear any of these, those in the trash as well.
create function find_tagged(client uuid, given text[], at_most int) returns table (type text, id uuid)
language plpgsql stable as $$
declare
    bearer tag_bearers;
    found int := 0;
    more int;
begin
    for bearer in select tag_bearers.type, tag_bearers.table_name from tag_bearers order by tag_bearers.type loop
        return query execute format('select %L::text, id from %s where client_id = $1 and tags && $2 limit $3', bearer.type, bearer.table_name)
            using client, given, at_most - found;
        get diagnostics more = row_count;
        found := found + more;
        exit when found >= at_most;
    end loop;
end $$;

-- A record's tags with these replaced by one, or by none: each once, the new one where the first of them stood.
create function replace_tags(tags text[], given text[], replacement text) returns text[]
language sql immutable parallel safe as $$
    select coalesce(array_agg(tag order by place), '{}')
    from (
        select case when tag = any (given) then replacement else tag end as tag, min(place) as place
        from unnest(tags) with ordinality as each (tag, place)
        group by 1
    ) replaced
    where tag is not null
$$;

-- Replaces them on these records, as far as they still bear any, and gives on how many. Rows are locked in the order of their ids.
create function rewrite_tags(client uuid, bearer text, ids uuid[], given text[], replacement text, at timestamptz) returns int
language plpgsql as $$
declare
    rewritten int;
begin
    execute format(
        'with record as (select id from %1$s where client_id = $1 and id = any ($2) and tags && $3 order by id for update) '
        || 'update %1$s bearing set tags = replace_tags(bearing.tags, $3, $4), updated_at = $5, version = bearing.version + 1 '
        || 'from record where bearing.client_id = $1 and bearing.id = record.id',
        (select table_name from tag_bearers where type = bearer))
        using client, ids, given, replacement, at;
    get diagnostics rewritten = row_count;
    return rewritten;
end $$;

select bear_tags('media_asset', 'media_assets');
