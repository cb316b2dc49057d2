-- Pictures, films and icons that episodes share: made once, in versions, and used in roles such as main_closet.
create function make_shared_assets(kind text, records text, episodes_use text) returns void
language plpgsql as $$
begin
    execute format(
        $ddl$
        create table %2$I (
            client_id uuid not null references clients (id),
            id uuid not null,
            name text not null,
            description text,
            asset_id uuid,
            file_reference text,
            active_version int not null default 1,
            usage_count int not null default 0, -- roles that episodes give it, those in the trash aside
            primary key (client_id, id),
            foreign key (client_id, asset_id) references media_assets (client_id, id) on delete set null (asset_id)
        );
        select make_records(%1$L, %2$L, '{search,usage_count}');
        alter table %2$I add column search tsvector not null generated always as (
            setweight(to_tsvector('names', name), 'A')
            || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
            || setweight(to_tsvector('names', coalesce(description, '')), 'C')
            || setweight(to_tsvector('names', file_name_as_text(coalesce(regexp_replace(file_reference, '^.*/', ''), ''))), 'D')) stored;
        -- what a purge of an asset empties
        create index on %2$I (client_id, asset_id) where asset_id is not null;
        -- ?sort=name, ?sort=-usage_count, and by its name whatever its case
        create index on %2$I (client_id, name, id) where deleted_at is null;
        create index on %2$I (client_id, usage_count desc, id desc) where deleted_at is null;
        create index on %2$I (client_id, lower(name));
        -- ?q=
        create index on %2$I using gin (client_id, search);

        create table %1$I_versions (
            client_id uuid not null references clients (id),
            id uuid not null,
            %1$I_id uuid not null,
            number int not null check (number >= 1),
            asset_id uuid,
            file_reference text,
            notes text,
            created_at timestamptz not null,
            created_by_kind text not null,
            created_by uuid,
            primary key (client_id, id),
            unique (client_id, %1$I_id, number),
            foreign key (client_id, %1$I_id) references %2$I (client_id, id) on delete cascade,
            foreign key (client_id, asset_id) references media_assets (client_id, id) on delete set null (asset_id)
        );
        -- whose file this is, in whatever version
        create index on %1$I_versions (client_id, file_reference) where file_reference is not null;
        create index on %1$I_versions (client_id, asset_id) where asset_id is not null;
        create trigger %1$I_versions_change_log after insert or update or delete on %1$I_versions for each row
            execute function write_change_log('%1$I_version', '{}', '{}');

        create table %3$I (
            client_id uuid not null,
            episode_id uuid not null,
            role text not null,
            %1$I_id uuid not null,
            number int not null, -- of the version that the episode shows
            primary key (client_id, episode_id, role),
            foreign key (client_id, episode_id) references episodes (client_id, id) on delete cascade,
            foreign key (client_id, %1$I_id) references %2$I (client_id, id) on delete cascade
        );
        -- where one is used
        create index on %3$I (client_id, %1$I_id);
        create trigger %3$I_counts after insert or delete on %3$I for each row execute function count_use(%2$L, '%1$I_id');
        $ddl$, kind, records, episodes_use);
end $$;

-- A use counts while its episode is there. What a cascade of a deleted episode takes was taken back before.
create function count_use() returns trigger
language plpgsql as $$
declare
    used record := case when tg_op = 'DELETE' then old else new end;
begin
    if exists (select from episodes where client_id = used.client_id and id = used.episode_id and deleted_at is null) then
        execute format('update %I set usage_count = usage_count + $1 where client_id = $2 and id = $3', tg_argv[0])
        using case when tg_op = 'DELETE' then -1 else 1 end, used.client_id, (to_jsonb(used) ->> tg_argv[1])::uuid;
    end if;
    return null;
end $$;

select make_shared_assets('ui_element', 'ui_elements', 'episode_ui_elements');
select make_shared_assets('background', 'backgrounds', 'episode_backgrounds');

-- Uses come and go with their episode, into the trash and out of it: of all episodes of a statement together, so that the trash of a show
-- changes each asset once.
create function count_uses_of_trash() returns trigger
language plpgsql as $$
begin
    if not exists (select from before join after using (client_id, id) where (before.deleted_at is null) <> (after.deleted_at is null)) then
        return null;
    end if;

    update ui_elements element set usage_count = element.usage_count + used.uses
    from (
        select uses.client_id, uses.ui_element_id, sum(case when after.deleted_at is null then 1 else -1 end)::int as uses
        from before
        join after using (client_id, id)
        join episode_ui_elements uses on uses.client_id = after.client_id and uses.episode_id = after.id
        where (before.deleted_at is null) <> (after.deleted_at is null)
        group by 1, 2
        order by 1, 2
    ) used
    where element.client_id = used.client_id and element.id = used.ui_element_id;

    update backgrounds background set usage_count = background.usage_count + used.uses
    from (
        select uses.client_id, uses.background_id, sum(case when after.deleted_at is null then 1 else -1 end)::int as uses
        from before
        join after using (client_id, id)
        join episode_backgrounds uses on uses.client_id = after.client_id and uses.episode_id = after.id
        where (before.deleted_at is null) <> (after.deleted_at is null)
        group by 1, 2
        order by 1, 2
    ) used
    where background.client_id = used.client_id and background.id = used.background_id;
    return null;
end $$;

create trigger episodes_uses after update on episodes referencing old table as before new table as after for each statement execute function count_uses_of_trash();

-- One that is deleted for good before it was in the trash.
create function count_uses_of_end() returns trigger
language plpgsql as $$
begin
    update ui_elements element set usage_count = element.usage_count - used.uses
    from (select ui_element_id, count(*)::int as uses from episode_ui_elements where client_id = old.client_id and episode_id = old.id group by 1 order by 1) used
    where element.client_id = old.client_id and element.id = used.ui_element_id;
    update backgrounds background set usage_count = background.usage_count - used.uses
    from (select background_id, count(*)::int as uses from episode_backgrounds where client_id = old.client_id and episode_id = old.id group by 1 order by 1) used
    where background.client_id = old.client_id and background.id = used.background_id;
    return old;
end $$;

create trigger episodes_uses_end before delete on episodes for each row when (old.deleted_at is null) execute function count_uses_of_end();

-- ?backgrounds.main_closet=, ?ui_elements.login_screen=
create index episodes_ui_elements_idx on episodes using gin (client_id, ui_elements jsonb_path_ops);
create index episodes_backgrounds_idx on episodes using gin (client_id, backgrounds jsonb_path_ops);
