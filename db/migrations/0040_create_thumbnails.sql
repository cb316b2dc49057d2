-- The picture of an episode, a clip or an outfit: what it is made of, whether anybody has chosen that, and where its renditions lie. What it is
-- made of is looked at as each transaction ends that may have changed it: where it is other than before, a job to render it is queued with it.
create table thumbnails (
    client_id uuid not null references clients (id),
    id uuid not null,
    episode_id uuid,
    clip_id uuid,
    outfit_id uuid,
    owner_id uuid not null generated always as (coalesce(episode_id, clip_id, outfit_id)) stored,
    source text check (source in ('composed', 'frame', 'custom')),
    frame_clip_id uuid,
    frame_seconds double precision check (frame_seconds >= 0),
    custom_asset_id uuid,
    status text not null default 'none' check (status in ('none', 'pending', 'ready', 'failed')),
    error_code text,
    error_message text,
    sources jsonb not null default '[]',
    asset_ids uuid[] not null default '{}',
    wanted_folder text,
    rendered jsonb,
    storage_provider text,
    storage_folder text,
    large_bytes bigint,
    medium_bytes bigint,
    small_bytes bigint,
    rendered_at timestamptz,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint thumbnails_one_owner check (num_nonnulls(episode_id, clip_id, outfit_id) = 1),
    constraint thumbnails_one_per_owner unique (client_id, owner_id),
    constraint thumbnails_folder_unique unique (storage_folder),
    constraint thumbnails_ready_with_renditions check (status <> 'ready' or storage_folder is not null),
    constraint thumbnails_stored_whole check (num_nonnulls(storage_provider, storage_folder, large_bytes, medium_bytes, small_bytes, rendered, rendered_at) in (0, 7)),
    constraint thumbnails_episode_fk foreign key (client_id, episode_id) references episodes (client_id, id) on delete cascade,
    constraint thumbnails_clip_fk foreign key (client_id, clip_id) references clips (client_id, id) on delete cascade,
    constraint thumbnails_outfit_fk foreign key (client_id, outfit_id) references outfits (client_id, id) on delete cascade,
    constraint thumbnails_frame_fk foreign key (client_id, frame_clip_id) references clips (client_id, id) on delete set null (frame_clip_id),
    constraint thumbnails_custom_fk foreign key (client_id, custom_asset_id) references media_assets (client_id, id) on delete set null (custom_asset_id)
);

comment on column thumbnails.source is 'what people have chosen; null where nobody has';
comment on column thumbnails.sources is 'what it is to be made of: assets and their places';
comment on column thumbnails.asset_ids is 'all that it could be made of, those in the trash too: whose coming and going is looked at';
comment on column thumbnails.wanted_folder is 'of the newest job; whoever renders into another one is too late';
comment on column thumbnails.rendered is 'the sources of the renditions that are in place';

-- the cascades
create index thumbnails_episode_idx on thumbnails (client_id, episode_id) where episode_id is not null;
create index thumbnails_clip_idx on thumbnails (client_id, clip_id) where clip_id is not null;
create index thumbnails_outfit_idx on thumbnails (client_id, outfit_id) where outfit_id is not null;
-- whose frame a clip gives, and what a purge of a custom picture empties
create index thumbnails_frame_idx on thumbnails (client_id, frame_clip_id) where frame_clip_id is not null;
create index thumbnails_custom_idx on thumbnails (client_id, custom_asset_id) where custom_asset_id is not null;
-- which look at an asset that comes or goes
create index thumbnails_assets_idx on thumbnails using gin (client_id, asset_ids);

-- people choose, the machine does the rest
create trigger thumbnails_change_log after insert or update or delete on thumbnails
    for each row execute function write_change_log(
        'thumbnail',
        '{version,updated_at,owner_id,status,error_code,error_message,sources,asset_ids,wanted_folder,rendered,storage_provider,storage_folder,large_bytes,medium_bytes,small_bytes,rendered_at}',
        '{}');

-- A text that people wrote, as the id that it may be.
create function uuid_of(given text) returns uuid
language sql immutable parallel safe
return case when given ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then given::uuid end;

-- All that the thumbnail of an owner could be made of, by its places, the first choice first.
create function thumbnail_candidates(client uuid, owner uuid) returns table (place text, rank int, tie text, asset_id uuid, reference text)
language sql stable as $$
    select 'background', (used.role <> 'main_closet')::int, used.role, shown.asset_id, shown.file_reference
    from episode_backgrounds used
    join background_versions shown on shown.client_id = used.client_id and shown.background_id = used.background_id and shown.number = used.number
    where used.client_id = client and used.episode_id = owner
    union all
    -- as it was put on; a picture that the outfit has got since is the next best
    select 'figure', worn.rank, '', worn.asset_id, worn.reference
    from episodes episode
    cross join lateral (
        select 0, uuid_of(episode.wardrobe #>> '{main_outfit,asset_id}'), episode.wardrobe #>> '{main_outfit,overall_image}'
        union all
        select 1, outfit.asset_id, outfit.image_reference
        from outfits outfit
        where outfit.client_id = episode.client_id and outfit.id = uuid_of(episode.wardrobe ->> 'outfit_id')
        union all
        select pieces.rank, uuid_of((episode.wardrobe #> pieces.path) ->> 'asset_id'), (episode.wardrobe #> pieces.path) ->> 'image_reference'
        from (values
            (2, '{main_outfit,dress}'::text[]), (3, '{main_outfit,top}'), (4, '{main_outfit,outerwear}'), (5, '{main_outfit,bottom}'), (6, '{shoes}'), (7, '{purse}')
        ) as pieces (rank, path)
    ) as worn (rank, asset_id, reference)
    where episode.client_id = client and episode.id = owner
    union all
    select 'footage', 0, '', clip.asset_id, clip.file_reference
    from clips clip
    where clip.client_id = client and clip.id = owner
    union all
    select 'outfit', 0, '', outfit.asset_id, outfit.image_reference
    from outfits outfit
    where outfit.client_id = client and outfit.id = owner
    union all
    select 'item', coalesce(array_position('{dress,top,outerwear,bottom,shoes,purse}'::text[], coalesce(listed.item ->> 'slot', item.slot)), 7), lpad(listed.place::text, 3, '0'),
        item.asset_id, item.image_reference
    from outfits outfit
    cross join lateral jsonb_array_elements(outfit.items) with ordinality as listed (item, place)
    join wardrobe_items item on item.client_id = outfit.client_id and item.id = uuid_of(listed.item ->> 'item_id')
    where outfit.client_id = client and outfit.id = owner
$$;

-- Whether a picture can be made of an asset.
create function is_picture(asset media_assets) returns boolean
language sql immutable
return asset.deleted_at is null and (asset.type in ('image', 'video') or (asset.type = 'document' and asset.format <> 'PDF'));

-- What a thumbnail is to be made of: as chosen, else of what there is. An episode's background behind its figure, a clip's footage, an
-- outfit's picture, or those of up to four of its items.
create function thumbnail_sources(chosen thumbnails) returns jsonb
language sql stable as $$
    with usable as (
        select candidate.place, candidate.rank, candidate.tie, candidate.asset_id
        from thumbnail_candidates(chosen.client_id, chosen.owner_id) candidate
        join media_assets asset on asset.client_id = chosen.client_id and asset.id = candidate.asset_id and is_picture(asset)
    ), best as (
        select distinct on (place) place, asset_id
        from usable
        where place <> 'item'
        order by place, rank, tie
    )
    select coalesce(
        (
            select jsonb_build_array(jsonb_build_object('asset_id', asset.id, 'place', 'whole'))
            from media_assets asset
            where chosen.source = 'custom' and asset.client_id = chosen.client_id and asset.id = chosen.custom_asset_id and is_picture(asset)
        ),
        (
            select jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('asset_id', asset.id, 'place', 'whole', 'seconds', chosen.frame_seconds)))
            from clips clip
            join media_assets asset on asset.client_id = clip.client_id and asset.id = clip.asset_id and is_picture(asset)
            where chosen.source = 'frame' and clip.client_id = chosen.client_id and clip.id = coalesce(chosen.frame_clip_id, chosen.clip_id) and clip.deleted_at is null
        ),
        (
            select jsonb_agg(jsonb_build_object('asset_id', asset_id, 'place', case when place in ('background', 'figure') then place else 'whole' end) order by place)
            from best
        ),
        (
            select jsonb_agg(jsonb_build_object('asset_id', asset_id, 'place', 'column') order by rank, tie)
            from (select asset_id, rank, tie from usable where place = 'item' order by rank, tie limit 4) pictured
        ),
        '[]')
$$;

-- Has a thumbnail be rendered where its sources are other than before, or anyway.
-- Returns the job that renders it; null where there is nothing to render.
create function refresh_thumbnail(client uuid, kind text, owner uuid, anyway boolean default false) returns uuid
language plpgsql as $$
declare
    known thumbnails;
    wanted jsonb;
    job uuid := gen_random_uuid();
    folder text;
    must_go boolean;
    looked_at uuid[];
    actor_kind constant text := coalesce(nullif(current_setting('mediaplatform.actor_kind', true), ''), 'system');
    actor constant uuid := nullif(current_setting('mediaplatform.actor_id', true), '')::uuid;
begin
    -- what is deleted needs none, and what is in the trash is looked at when it comes back
    if not (case kind
        when 'episode' then exists (select from episodes where client_id = client and id = owner and deleted_at is null)
        when 'clip' then exists (select from clips where client_id = client and id = owner and deleted_at is null)
        else exists (select from outfits where client_id = client and id = owner and deleted_at is null)
    end) then
        return null;
    end if;

    select * into known from thumbnails where client_id = client and owner_id = owner for update;
    if not found then
        known.client_id := client;
        known.owner_id := owner;
        if thumbnail_sources(known) = '[]' then
            return null;
        end if;

        -- whoever else writes one holds the owner first
        case kind
            when 'episode' then perform from episodes where client_id = client and id = owner for key share;
            when 'clip' then perform from clips where client_id = client and id = owner for key share;
            else perform from outfits where client_id = client and id = owner for key share;
        end case;
        if not found then
            return null;
        end if;

        insert into thumbnails (client_id, id, episode_id, clip_id, outfit_id, created_at, created_by_kind, created_by, updated_at)
        values (
            client, gen_random_uuid(), case kind when 'episode' then owner end, case kind when 'clip' then owner end, case kind when 'outfit' then owner end, now(), actor_kind, actor,
            now())
        on conflict on constraint thumbnails_one_per_owner do nothing;
        select * into known from thumbnails where client_id = client and owner_id = owner for update;
    end if;

    wanted := thumbnail_sources(known); -- seen under the lock: whoever changes another source at this moment comes after, and sees both
    looked_at := array(
        select distinct seen.asset_id
        from (
            select asset_id from thumbnail_candidates(client, owner)
            union all
            select known.custom_asset_id
            union all
            select (part ->> 'asset_id')::uuid from jsonb_array_elements(known.rendered) part
            union all
            select asset_id from clips where client_id = client and id = known.frame_clip_id
        ) as seen (asset_id)
        where seen.asset_id is not null
        order by seen.asset_id);
    if looked_at <> known.asset_ids then
        update thumbnails
        set asset_ids = looked_at
        where client_id = client and id = known.id;
    end if;

    -- a picture of what may not be seen any more goes at once, any other when the new one is in place
    must_go := known.storage_folder is not null and (wanted = '[]' or exists (
        select from jsonb_array_elements(known.rendered) shown
        where not exists (select from media_assets where client_id = client and id = (shown ->> 'asset_id')::uuid and deleted_at is null)));
    if must_go then
        insert into object_deletions (client_id, storage_provider, storage_key, reason)
        values (client, known.storage_provider, known.storage_folder, 'replaced');
        update thumbnails
        set rendered = null, storage_provider = null, storage_folder = null, large_bytes = null, medium_bytes = null, small_bytes = null, rendered_at = null,
            status = case when status = 'ready' then 'none' else status end
        where client_id = client and id = known.id;
    end if;

    if wanted = known.sources and not anyway then
        return null;
    end if;

    if wanted = known.rendered and not must_go and not anyway then
        update thumbnails
        set sources = wanted, status = 'ready', error_code = null, error_message = null, wanted_folder = storage_folder, updated_at = now(), version = version + 1
        where client_id = client and id = known.id;
        return null;
    end if;

    folder := case when wanted <> '[]' then format('thumbnails/%ss/%s/%s/', kind, owner, replace(job::text, '-', '')) end;
    update thumbnails
    set sources = wanted, status = case when folder is null then 'none' else 'pending' end, error_code = null, error_message = null, wanted_folder = folder, updated_at = now(),
        version = version + 1
    where client_id = client and id = known.id;
    if folder is null then
        return null;
    end if;

    -- one for each change, by its folder: it waits for no job that runs, and those that are too late do nothing
    insert into jobs (
        client_id, id, type, family, subject_type, subject_id, max_attempts, run_after, dedupe_key, request_id, created_at, created_by_kind, created_by, updated_at)
    select client, job, 'THUMBNAIL_RENDER',
        case when exists (
            select from jsonb_array_elements(wanted) part
            join media_assets asset on asset.client_id = client and asset.id = (part ->> 'asset_id')::uuid and asset.type = 'video') then 'video' else 'image' end,
        'thumbnail', known.id, 5, now(), folder, nullif(current_setting('mediaplatform.request_id', true), ''), now(), actor_kind, actor, now();
    insert into job_outbox (client_id, job_id, family)
    select client_id, id, family
    from jobs
    where client_id = client and id = job;
    return job;
end $$;

-- All of these look when their transaction ends, at what there is then.
create function refresh_own_thumbnail() returns trigger
language plpgsql as $$
begin
    perform refresh_thumbnail(new.client_id, tg_argv[0], new.id);
    return null;
end $$;

create constraint trigger episodes_first_thumbnail after insert on episodes deferrable initially deferred for each row
    when (new.wardrobe <> '{}') execute function refresh_own_thumbnail('episode');
create constraint trigger episodes_thumbnail after update of wardrobe, deleted_at on episodes deferrable initially deferred for each row
    when (old.wardrobe <> new.wardrobe or (old.deleted_at is not null and new.deleted_at is null)) execute function refresh_own_thumbnail('episode');
create constraint trigger clips_first_thumbnail after insert on clips deferrable initially deferred for each row
    when (new.asset_id is not null) execute function refresh_own_thumbnail('clip');
create constraint trigger clips_thumbnail after update of asset_id, deleted_at on clips deferrable initially deferred for each row
    when (old.asset_id is distinct from new.asset_id or (old.deleted_at is not null and new.deleted_at is null)) execute function refresh_own_thumbnail('clip');
create constraint trigger outfits_first_thumbnail after insert on outfits deferrable initially deferred for each row
    when (new.asset_id is not null or new.items <> '[]') execute function refresh_own_thumbnail('outfit');
create constraint trigger outfits_thumbnail after update of asset_id, items, deleted_at on outfits deferrable initially deferred for each row
    when (old.asset_id is distinct from new.asset_id or old.items <> new.items or (old.deleted_at is not null and new.deleted_at is null))
    execute function refresh_own_thumbnail('outfit');

create function refresh_thumbnail_of_episode() returns trigger
language plpgsql as $$
begin
    perform refresh_thumbnail(coalesce(new.client_id, old.client_id), 'episode', coalesce(new.episode_id, old.episode_id));
    return null;
end $$;

create constraint trigger episode_backgrounds_thumbnail after insert or update or delete on episode_backgrounds deferrable initially deferred for each row
    execute function refresh_thumbnail_of_episode();

-- the frame of a clip may stand for an episode
create function refresh_thumbnails_of_frame() returns trigger
language plpgsql as $$
begin
    perform refresh_thumbnail(client_id, 'episode', owner_id)
    from (select client_id, owner_id from thumbnails where client_id = new.client_id and frame_clip_id = new.id and episode_id is not null order by id) shown;
    return null;
end $$;

create constraint trigger clips_frame after update of asset_id, deleted_at on clips deferrable initially deferred for each row
    when (old.asset_id is distinct from new.asset_id or (old.deleted_at is null) <> (new.deleted_at is null)) execute function refresh_thumbnails_of_frame();

-- the picture of an outfit stands for one that had none when it was put on
create function refresh_thumbnails_of_wearers() returns trigger
language plpgsql as $$
begin
    perform refresh_thumbnail(client_id, 'episode', episode_id)
    from (select client_id, episode_id from episode_outfits where client_id = new.client_id and outfit_id = new.id order by episode_id) worn;
    return null;
end $$;

create constraint trigger outfits_worn after update of asset_id on outfits deferrable initially deferred for each row
    when (old.asset_id is distinct from new.asset_id) execute function refresh_thumbnails_of_wearers();

create function refresh_thumbnails_of_item() returns trigger
language plpgsql as $$
begin
    perform refresh_thumbnail(client_id, 'outfit', outfit_id)
    from (select client_id, outfit_id from outfit_items where client_id = new.client_id and item_id = new.id order by outfit_id) used;
    return null;
end $$;

create constraint trigger wardrobe_items_thumbnails after update of asset_id, slot on wardrobe_items deferrable initially deferred for each row
    when (old.asset_id is distinct from new.asset_id or (old.slot <> new.slot and new.asset_id is not null)) execute function refresh_thumbnails_of_item();

-- an asset goes into the trash, comes out of it, or is deleted for good
create function refresh_thumbnails_of_asset() returns trigger
language plpgsql as $$
begin
    perform refresh_thumbnail(client_id, case when episode_id is not null then 'episode' when clip_id is not null then 'clip' else 'outfit' end, owner_id)
    from (
        select client_id, episode_id, clip_id, owner_id
        from thumbnails
        where client_id = old.client_id and asset_ids @> array[old.id]
        order by id
    ) shown;
    return null;
end $$;

create constraint trigger media_assets_thumbnails after update of deleted_at on media_assets deferrable initially deferred for each row
    when ((old.deleted_at is null) <> (new.deleted_at is null)) execute function refresh_thumbnails_of_asset();
create constraint trigger media_assets_last_thumbnails after delete on media_assets deferrable initially deferred for each row
    execute function refresh_thumbnails_of_asset();
