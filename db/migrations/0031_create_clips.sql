-- Who is in the clips, by the names that the team uses.
create table talent_sources (
    client_id uuid not null references clients (id),
    id uuid not null,
    name text not null,
    description text,
    primary key (client_id, id)
);

select make_records('talent_source', 'talent_sources');

-- a name is one source's; and ?name=, ?sort=name
create unique index talent_sources_name_unique on talent_sources (client_id, lower(name)) where deleted_at is null;
create index talent_sources_name_idx on talent_sources (client_id, name, id) where deleted_at is null;

-- Every client begins with these.
create function seed_talent_sources() returns trigger
language plpgsql as $$
begin
    insert into talent_sources (client_id, id, name, created_at, created_by_kind, created_by, updated_at)
    select new.id, gen_random_uuid(), source.name, now(), coalesce(nullif(current_setting('mediaplatform.actor_kind', true), ''), 'system'),
        nullif(current_setting('mediaplatform.actor_id', true), '')::uuid, now()
    from unnest(array['Lala', 'JustAWomanInHerPrime', 'Guest']) source (name);
    return null;
end $$;

create trigger clients_talent_sources after insert on clients for each row execute function seed_talent_sources();

insert into talent_sources (client_id, id, name, created_at, created_by_kind, updated_at)
select client.id, gen_random_uuid(), source.name, now(), 'system', now()
from clients client
cross join unnest(array['Lala', 'JustAWomanInHerPrime', 'Guest']) source (name);

create table clips (
    client_id uuid not null references clients (id),
    id uuid not null,
    episode_id uuid,
    talent_source text,
    guest_name text,
    character text,
    clip_type text not null check (clip_type in ('raw', 'b_roll', 'bts', 'insert', 'other')),
    asset_id uuid,
    file_reference text,
    source_file_hash text check (source_file_hash ~ '^[0-9a-f]{64}$'),
    duration_seconds double precision check (duration_seconds >= 0),
    timecode_in text,
    timecode_out text,
    frame_rate double precision check (frame_rate > 0),
    scene_description text,
    take_number int check (take_number >= 0),
    quality_rating text check (quality_rating in ('hero', 'good', 'maybe', 'reject')),
    status text not null check (status in ('pending_review', 'approved', 'rejected', 'used')),
    notes text,
    primary key (client_id, id),
    foreign key (client_id, episode_id) references episodes (client_id, id) on delete cascade,
    foreign key (client_id, asset_id) references media_assets (client_id, id) on delete set null (asset_id)
);

comment on column clips.episode_id is 'null waits in the library to be assigned';

select make_records('clip', 'clips', '{search,file_name}');

alter table clips add column file_name text generated always as (regexp_replace(file_reference, '^.*/', '')) stored;
alter table clips add column search tsvector not null generated always as (
    setweight(to_tsvector('names', coalesce(scene_description, '') || ' ' || coalesce(character, '')), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
    || setweight(to_tsvector('names', coalesce(talent_source, '') || ' ' || coalesce(guest_name, '')), 'B')
    || setweight(to_tsvector('names', coalesce(notes, '')), 'C')
    || setweight(to_tsvector('names', file_name_as_text(coalesce(regexp_replace(file_reference, '^.*/', ''), ''))), 'D')) stored;

-- the clips of an episode, and what goes with it; those that wait
create index clips_waiting_idx on clips (client_id, created_at desc, id desc) where episode_id is null and deleted_at is null;
create index clips_episode_idx on clips (client_id, episode_id, created_at desc, id desc);

-- whether the same footage is there already
create index clips_hash_idx on clips (client_id, source_file_hash, id) where source_file_hash is not null and deleted_at is null;
create index clips_file_idx on clips (client_id, file_name, duration_seconds, id) where file_name is not null and deleted_at is null;

-- what a purge of an asset empties
create index clips_asset_idx on clips (client_id, asset_id) where asset_id is not null;

-- ?talent=, ?status=, ?quality_rating=
create index clips_talent_idx on clips (client_id, talent_source, created_at desc, id desc) where deleted_at is null;
create index clips_status_idx on clips (client_id, status, created_at desc, id desc) where deleted_at is null;
create index clips_rating_idx on clips (client_id, quality_rating, created_at desc, id desc) where deleted_at is null;

-- ?sort=take_number, ?sort=duration_seconds
create index clips_take_idx on clips (client_id, take_number desc nulls last, id desc) where deleted_at is null;
create index clips_duration_idx on clips (client_id, duration_seconds desc nulls last, id desc) where deleted_at is null;

-- ?q=
create index clips_search_idx on clips using gin (client_id, search);
