-- The stock library: what can be found again by its tags, what was chosen for what, and how much of a client's disk it takes.

-- The words of tags, as they are compared: without case and accents, split at blanks and punctuation. Letters of any script stay together.
create function tag_tokens(tags text[]) returns text[]
language sql immutable parallel safe set search_path from current as $$
    select coalesce(array_agg(distinct token order by token), '{}')
    from unnest(tags) tag
    cross join lateral regexp_split_to_table(normal_name(tag), '[ -/:-@[-`{-~\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u3011\u3014-\u301f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+') token
    where token <> ''
$$;

-- What a text is about, as tags: its words, the most frequent first and then as they come; without numbers, English stop words and words of one or two letters of ASCII.
create function tags_of_text(given text, most int) returns text[]
language sql stable parallel safe as $$
    select coalesce(array_agg(token order by count desc, place), '{}')
    from (
        select token, count(*) as count, min(place) as place
        from unnest(string_to_array(normal_name(given), ' ')) with ordinality word (text, place)
        cross join lateral unnest(tag_tokens(array[word.text])) token
        where token !~ '^[0-9]+$' and (length(token) > 2 or token ~ '[^\u0001-\u007f]') and ts_lexize('english_stem', token) is distinct from '{}'
        group by token
        order by count desc, place
        limit most
    ) chosen
$$;

-- A term is of its client and of one type, so that an index of terms alone answers for these.
create function library_terms(client uuid, type text, tokens text[]) returns bigint[]
language sql immutable parallel safe as $$
    select coalesce(array_agg(hashtextextended(token, hashtextextended(client::text || type, 0)) order by place), '{}')
    from unnest(tokens) with ordinality given (token, place)
$$;

-- Every ready picture or film with tags, as narrow as its search needs it; kept by the triggers below.
create table library_items (
    client_id uuid not null references clients (id),
    asset_id uuid not null,
    type text not null check (type in ('image', 'video')),
    width int not null,
    height int not null,
    pixels bigint not null generated always as (width::bigint * height) stored,
    aspect double precision not null,
    duration_ms bigint,
    used_at timestamptz not null,
    terms bigint[] not null,
    primary key (client_id, asset_id),
    foreign key (client_id, asset_id) references media_assets (client_id, id) on delete cascade
);

comment on column library_items.aspect is 'natural logarithm of width over height';
comment on column library_items.used_at is 'when it was last used, or came in';
comment on column library_items.terms is 'its words, as numbers of this client and type';

-- what has the words that are asked for
create index library_items_terms_idx on library_items using gin (terms);
-- what was used last: words that are frequent are found along it
create index library_items_used_idx on library_items (client_id, type, used_at desc);

create function keep_library_item() returns trigger
language plpgsql as $$
begin
    if new.status = 'ready' and new.type in ('image', 'video') and new.deleted_at is null and new.tags <> '{}' and new.width > 0 and new.height > 0 then
        insert into library_items (client_id, asset_id, type, width, height, aspect, duration_ms, used_at, terms)
        values (
            new.client_id, new.id, new.type, new.width, new.height, ln(new.width::double precision / new.height), new.duration_ms, coalesce(new.last_used_at, new.created_at),
            library_terms(new.client_id, new.type, tag_tokens(new.tags)))
        on conflict (client_id, asset_id) do update
        set type = excluded.type, width = excluded.width, height = excluded.height, aspect = excluded.aspect, duration_ms = excluded.duration_ms, used_at = excluded.used_at, terms = excluded.terms;
    else
        delete from library_items where client_id = new.client_id and asset_id = new.id;
    end if;
    return null;
end $$;

create function note_use_of_library_item() returns trigger
language plpgsql as $$
begin
    update library_items set used_at = new.last_used_at where client_id = new.client_id and asset_id = new.id;
    return null;
end $$;

create trigger media_assets_library_added after insert on media_assets
    for each row when (new.status = 'ready' and new.type in ('image', 'video') and new.tags <> '{}') execute function keep_library_item();
create trigger media_assets_library_changed after update of status, type, deleted_at, tags, width, height, duration_ms on media_assets
    for each row when ((old.status, old.type, old.deleted_at is null, old.tags, old.width, old.height, old.duration_ms) is distinct from (new.status, new.type, new.deleted_at is null, new.tags, new.width, new.height, new.duration_ms))
    execute function keep_library_item();
create trigger media_assets_library_used after update of last_used_at on media_assets
    for each row when (old.last_used_at is distinct from new.last_used_at and new.last_used_at is not null) execute function note_use_of_library_item();

insert into library_items (client_id, asset_id, type, width, height, aspect, duration_ms, used_at, terms)
select client_id, id, type, width, height, ln(width::double precision / height), duration_ms, coalesce(last_used_at, created_at), library_terms(client_id, type, tag_tokens(tags))
from media_assets
where status = 'ready' and type in ('image', 'video') and deleted_at is null and tags <> '{}' and width > 0 and height > 0;

-- What was chosen, segment by segment, for something that is being made.
create table manifests (
    client_id uuid not null references clients (id),
    id uuid not null,
    title text not null,
    notes text,
    status text not null default 'open' check (status in ('open', 'completed', 'abandoned')),
    lease_until timestamptz not null,
    lease_days int not null default 7 check (lease_days between 1 and 365),
    primary key (client_id, id)
);

comment on column manifests.lease_until is 'while it is open and this has not come, nothing that it refers to is evicted';

select make_records('manifest', 'manifests', '{search}');
select bear_promoted_values('manifests', 'manifests');

alter table manifests add column search tsvector not null generated always as (
    setweight(to_tsvector('prose', title), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
    || setweight(to_tsvector('prose', coalesce(notes, '')), 'C')) stored;

create function begin_lease() returns trigger
language plpgsql as $$
begin
    new.lease_until := new.created_at + make_interval(days => new.lease_days);
    return new;
end $$;

create trigger manifests_lease_begun before insert on manifests for each row execute function begin_lease();

-- ?status=
create index manifests_status_idx on manifests (client_id, status, created_at desc, id desc) where deleted_at is null;
-- ?sort=title
create index manifests_title_idx on manifests (client_id, title, id) where deleted_at is null;
-- ?q=
create index manifests_search_idx on manifests using gin (client_id, search);
-- those whose lease has ended
create index manifests_lease_idx on manifests (lease_until) where status = 'open';

create table manifest_entries (
    client_id uuid not null references clients (id),
    id uuid not null,
    manifest_id uuid not null,
    segment text not null check (length(segment) between 1 and 200),
    type text not null check (type in ('image', 'video')),
    position int not null check (position >= 0),
    asset_id uuid,
    source text not null check (source in ('local-library', 'pexels', 'unsplash', 'pixabay')),
    provider text,
    source_url text,
    sha256 bytea not null check (length(sha256) = 32),
    original_filename text not null,
    score double precision,
    reasons jsonb not null default '{}',
    is_repeated boolean not null default false,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint manifest_entries_once unique (client_id, manifest_id, segment, asset_id),
    foreign key (client_id, manifest_id) references manifests (client_id, id) on delete cascade,
    foreign key (client_id, asset_id) references media_assets (client_id, id) on delete set null (asset_id)
);

comment on column manifest_entries.asset_id is 'null when the asset is gone; what it was is kept beside it';

-- the entries of a manifest, as they are shown
create index manifest_entries_order_idx on manifest_entries (client_id, manifest_id, segment, type, position, id);
-- which manifests refer to an asset
create index manifest_entries_asset_idx on manifest_entries (client_id, asset_id) where asset_id is not null;

create trigger manifest_entries_change_log after insert or update or delete on manifest_entries
    for each row execute function write_change_log('manifest_entry', '{version,updated_at}', '{}');

-- How a manifest came to what it has.
create table gathers (
    client_id uuid not null references clients (id),
    manifest_id uuid not null,
    id uuid not null generated always as (manifest_id) stored, -- by which the change log knows it
    status text not null check (status in ('running', 'done', 'failed')),
    request jsonb not null,
    shortages jsonb not null default '[]',
    providers jsonb not null default '[]',
    reused int not null default 0,
    downloaded int not null default 0,
    searches_saved int not null default 0,
    error_code text,
    error_message text,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, manifest_id),
    foreign key (client_id, manifest_id) references manifests (client_id, id) on delete cascade
);

create trigger gathers_change_log after insert or update or delete on gathers
    for each row execute function write_change_log('gather', '{version,updated_at,providers,shortages,reused,downloaded,searches_saved}', '{}');

-- The disk budget.
alter table clients
    add column library_quota_bytes bigint not null default 300000000000 check (library_quota_bytes >= 0),
    add column library_provider_caps jsonb not null default '{}' check (jsonb_typeof(library_provider_caps) = 'object');

comment on column clients.library_quota_bytes is 'bytes of what was downloaded from providers, originals and what was made of them';
comment on column clients.library_provider_caps is 'bytes by provider, above which its media are evicted first';

-- What lies there, by provider; and what is to be added to it: writers only ever insert, so that no two of them wait for each other.
create table library_usage (
    client_id uuid not null references clients (id),
    provider text not null,
    items bigint not null,
    bytes bigint not null,
    primary key (client_id, provider)
);

create table library_usage_changes (
    id bigint generated always as identity primary key,
    client_id uuid not null,
    provider text not null,
    items int not null,
    bytes bigint not null
) with (autovacuum_vacuum_scale_factor = 0.01);

-- the sum of one client
create index library_usage_changes_client_idx on library_usage_changes (client_id, id);

create function count_stock() returns trigger
language plpgsql as $$
begin
    if tg_op <> 'INSERT' and old.source = 'stock' then
        insert into library_usage_changes (client_id, provider, items, bytes)
        select old.client_id, coalesce(old.provider, 'unknown'), -1,
            -old.size_bytes - case tg_op when 'DELETE' then coalesce((select sum(size_bytes) from media_variants where client_id = old.client_id and asset_id = old.id), 0) else 0 end;
    end if;
    if tg_op <> 'DELETE' and new.source = 'stock' then
        insert into library_usage_changes (client_id, provider, items, bytes) values (new.client_id, coalesce(new.provider, 'unknown'), 1, new.size_bytes);
    end if;
    return case tg_op when 'DELETE' then old else new end;
end $$;

create trigger media_assets_stock_added after insert on media_assets
    for each row when (new.source = 'stock') execute function count_stock();
create trigger media_assets_stock_changed after update of size_bytes, provider on media_assets
    for each row when (new.source = 'stock' and (old.size_bytes, old.provider) is distinct from (new.size_bytes, new.provider)) execute function count_stock();
-- before, while its variants are there: they go with it and are not counted by themselves then
create trigger media_assets_stock_removed before delete on media_assets
    for each row when (old.source = 'stock') execute function count_stock();

create function count_variants_of_stock() returns trigger
language plpgsql as $$
declare
    delta bigint := 0;
    client uuid;
    asset uuid;
begin
    if tg_op <> 'INSERT' then
        delta := delta - old.size_bytes;
        client := old.client_id;
        asset := old.asset_id;
    end if;
    if tg_op <> 'DELETE' then
        delta := delta + new.size_bytes;
        client := new.client_id;
        asset := new.asset_id;
    end if;
    insert into library_usage_changes (client_id, provider, items, bytes)
    select client, coalesce(provider, 'unknown'), 0, delta
    from media_assets
    where client_id = client and id = asset and source = 'stock' and delta <> 0;
    return null;
end $$;

create trigger media_variants_stock_counted after insert or delete or update of size_bytes on media_variants
    for each row execute function count_variants_of_stock();

-- Adds what is to be added, oldest first. Whoever reads adds both up.
create function fold_library_usage(at_most int) returns int
language sql as $$
    with gone as (
        delete from library_usage_changes
        where id in (select id from library_usage_changes order by id limit at_most for update skip locked)
        returning client_id, provider, items, bytes
    ), summed as (
        insert into library_usage as total (client_id, provider, items, bytes)
        select client_id, provider, sum(items), sum(bytes)
        from gone
        group by client_id, provider
        order by client_id, provider
        on conflict (client_id, provider) do update set items = total.items + excluded.items, bytes = total.bytes + excluded.bytes
    )
    select count(*)::int from gone
$$;

-- Room that is kept for bytes that are on their way.
create table library_reservations (
    client_id uuid not null references clients (id),
    id uuid not null,
    bytes bigint not null check (bytes >= 0),
    expires_at timestamptz not null,
    primary key (client_id, id)
);

comment on column library_reservations.id is 'the upload, and the asset that it becomes until its variants are made';

-- The most that was refused since the last eviction, which makes room for it.
create table library_wanted (
    client_id uuid primary key references clients (id),
    bytes bigint not null
);

-- What came from a provider is found again by where it was there: it is not downloaded twice.
create index media_assets_provider_idx on media_assets (client_id, provider, source_url) where provider is not null;
-- what is evicted first
create index media_assets_stock_idx on media_assets (client_id, (coalesce(last_used_at, created_at)), id) where source = 'stock';

-- When the room that was kept for its variants is free: when there will be no more of them.
create function release_library_reservation() returns trigger
language plpgsql as $$
begin
    delete from library_reservations where client_id = new.client_id and id = new.id;
    return null;
end $$;

create trigger media_assets_stock_processed after update of status on media_assets
    for each row when (new.source = 'stock' and old.status = 'processing' and new.status <> 'processing') execute function release_library_reservation();

-- The assets that a document names, such as those of what was worn.
create function document_assets(document jsonb) returns uuid[]
language sql immutable parallel safe as $$
    select coalesce(array_agg(distinct (found #>> '{}')::uuid), '{}')
    from jsonb_path_query(document, '$.**.asset_id') found
    where jsonb_typeof(found) = 'string' and found #>> '{}' ~ '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'
$$;

-- what was worn keeps its pictures, whatever becomes of the outfit
create index episode_outfits_assets_idx on episode_outfits using gin (document_assets(document));

-- Whether anything refers to an asset, in the trash or not; such a one is never evicted.
create function asset_is_in_use(client uuid, asset uuid) returns boolean
language sql stable as $$
    select exists (select from media_assets where client_id = client and id = asset and visibility <> 'private')
        or exists (select from episode_outfits where client_id = client and document_assets(document) @> array[asset])
        or exists (select from manifest_entries entry join manifests m on m.client_id = entry.client_id and m.id = entry.manifest_id
            where entry.client_id = client and entry.asset_id = asset and m.status = 'open' and m.lease_until > now())
        or exists (select from media_attachments where client_id = client and asset_id = asset)
        or exists (select from media_items where client_id = client and asset_id = asset)
        or exists (select from clips where client_id = client and asset_id = asset)
        or exists (select from wardrobe_items where client_id = client and asset_id = asset)
        or exists (select from outfits where client_id = client and asset_id = asset)
        or exists (select from ui_elements where client_id = client and asset_id = asset)
        or exists (select from backgrounds where client_id = client and asset_id = asset)
        or exists (select from ui_element_versions where client_id = client and asset_id = asset)
        or exists (select from background_versions where client_id = client and asset_id = asset)
        or exists (select from components where client_id = client and asset_id = asset)
        or exists (select from thumbnails where client_id = client and custom_asset_id = asset)
        or exists (select from thumbnails where client_id = client and asset_ids @> array[asset])
$$;
