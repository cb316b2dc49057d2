-- What belongs to an episode beside its footage: sounds, inserts, subtitles, sync data, reference pictures.
create table components (
    client_id uuid not null references clients (id),
    id uuid not null,
    episode_id uuid not null,
    type text not null check (type in ('audio', 'supporting_video', 'voiceover_sync', 'subtitle', 'metadata', 'reference_image', 'other')),
    subtype text,
    asset_id uuid,
    file_reference text,
    duration_seconds double precision check (duration_seconds >= 0),
    status text not null,
    component_version text,
    notes text,
    metadata jsonb not null,
    primary key (client_id, id),
    foreign key (client_id, episode_id) references episodes (client_id, id) on delete cascade,
    foreign key (client_id, asset_id) references media_assets (client_id, id) on delete set null (asset_id)
);

comment on column components.component_version is 'what the team calls this state of it, such as 1.0; version counts the changes of the record';

select make_records('component', 'components', '{search}');

alter table components add column search tsvector not null generated always as (
    setweight(to_tsvector('names', replace(type, '_', ' ') || ' ' || replace(coalesce(subtype, ''), '_', ' ')), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
    || setweight(to_tsvector('names', coalesce(notes, '')), 'C')
    || setweight(to_tsvector('names', file_name_as_text(coalesce(regexp_replace(file_reference, '^.*/', ''), ''))), 'D')) stored;

-- the components of an episode, and what goes with it
create index components_episode_idx on components (client_id, episode_id, created_at desc, id desc);

-- what a purge of an asset empties
create index components_asset_idx on components (client_id, asset_id) where asset_id is not null;

-- ?type=, ?status=
create index components_type_idx on components (client_id, type, created_at desc, id desc) where deleted_at is null;
create index components_status_idx on components (client_id, status, created_at desc, id desc) where deleted_at is null;

-- ?sort=duration_seconds
create index components_duration_idx on components (client_id, duration_seconds desc nulls last, id desc) where deleted_at is null;

-- ?metadata.artist=
create index components_metadata_idx on components using gin (client_id, metadata jsonb_path_ops);

-- ?q=
create index components_search_idx on components using gin (client_id, search);
