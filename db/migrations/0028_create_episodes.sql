create table shows (
    client_id uuid not null references clients (id),
    id uuid not null,
    title text not null,
    description text,
    is_default boolean not null default false,
    primary key (client_id, id)
);

select make_records('show', 'shows', '{search}');

-- Named and described as episodes are; the name of a show is found by its stems and as it stands.
alter table shows add column search tsvector not null generated always as (
    setweight(to_tsvector('names', title), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
    || setweight(to_tsvector('names', coalesce(description, '')), 'C')) stored;

-- an episode that names no show is the default one's
create unique index shows_default_unique on shows (client_id) where is_default and deleted_at is null;

-- ?sort=title
create index shows_title_idx on shows (client_id, title, id) where deleted_at is null;

-- ?q=
create index shows_search_idx on shows using gin (client_id, search);

-- The client's default show, held against its deletion; where there is none, it is made now, under the client's name.
create function default_show(client uuid) returns uuid
language plpgsql as $$
declare
    found_id uuid;
begin
    loop
        select id into found_id from shows where client_id = client and is_default and deleted_at is null for share;
        if found then
            return found_id;
        end if;

        insert into shows (client_id, id, title, is_default, created_at, created_by_kind, created_by, updated_at)
        select id, gen_random_uuid(), name, true, now(), coalesce(nullif(current_setting('mediaplatform.actor_kind', true), ''), 'system'),
            nullif(current_setting('mediaplatform.actor_id', true), '')::uuid, now()
        from clients
        where id = client
        on conflict (client_id) where is_default and deleted_at is null do nothing;
    end loop;
end $$;

create table episodes (
    client_id uuid not null references clients (id),
    id uuid not null,
    show_id uuid not null,
    title text not null,
    description text,
    season int check (season >= 0),
    episode_number int check (episode_number >= 0),
    status text not null check (status in ('draft', 'in_production', 'ready_for_edit', 'ready_for_publish', 'published', 'archived', 'on_hold', 'canceled')),
    filming_date date,
    edit_deadline date,
    publish_date date,
    release_date date,
    released_at timestamptz,
    duration_seconds int check (duration_seconds >= 0),
    language text,
    copyright text,
    location text,
    geographic_availability text[] not null,
    production_notes jsonb not null,
    primary key (client_id, id),
    foreign key (client_id, show_id) references shows (client_id, id) on delete cascade
);

comment on column episodes.publish_date is 'when it is to be published';
comment on column episodes.released_at is 'when it was';

select make_records('episode', 'episodes', '{search}');

alter table episodes add column search tsvector not null generated always as (
    setweight(to_tsvector('names', title), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
    || setweight(to_tsvector('names', coalesce(location, '')), 'B')
    || setweight(to_tsvector('names', coalesce(description, '')), 'C')) stored;

-- one episode for a number; also finds the last number of a season, and what is deleted with its show
create unique index episodes_number_unique on episodes (client_id, show_id, coalesce(season, 0), episode_number)
    where episode_number is not null and deleted_at is null;

-- ?show_id=, and what goes with a show
create index episodes_show_idx on episodes (client_id, show_id, created_at desc, id desc);

-- ?status=, newest first and by date
create index episodes_status_idx on episodes (client_id, status, created_at desc, id desc) where deleted_at is null;
create index episodes_status_publish_idx on episodes (client_id, status, publish_date desc nulls last, id desc) where deleted_at is null;

-- ?sort=, and the dates of the schedule
create index episodes_title_idx on episodes (client_id, title, id) where deleted_at is null;
create index episodes_filming_idx on episodes (client_id, filming_date desc nulls last, id desc) where deleted_at is null;
create index episodes_deadline_idx on episodes (client_id, edit_deadline desc nulls last, id desc) where deleted_at is null;
create index episodes_publish_idx on episodes (client_id, publish_date desc nulls last, id desc) where deleted_at is null;
create index episodes_release_idx on episodes (client_id, release_date desc nulls last, id desc) where deleted_at is null;

-- ?production_notes.camera_setup=
create index episodes_notes_idx on episodes using gin (client_id, production_notes jsonb_path_ops);

-- ?q=
create index episodes_search_idx on episodes using gin (client_id, search);
