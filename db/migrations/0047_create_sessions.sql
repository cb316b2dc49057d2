-- What really took place: sessions, and who was in them as what. People make them, and nothing else does.
alter table projects add constraint projects_of_label unique (client_id, id, label_id);

create table sessions (
    client_id uuid not null references clients (id),
    id uuid not null,
    label_id uuid,
    project_id uuid,
    produced_start_at timestamptz,
    produced_end_at timestamptz,
    location text,
    status text not null default 'draft' check (status in ('draft', 'confirmed')),
    notes text,
    primary key (client_id, id),
    constraint sessions_label_fk foreign key (client_id, label_id) references labels (client_id, id) on delete set null (label_id),
    constraint sessions_project_fk foreign key (client_id, project_id) references projects (client_id, id) on delete set null (project_id),
    -- the label of a session is that of its project, and changes with it
    constraint sessions_label_of_project_fk foreign key (client_id, project_id, label_id) references projects (client_id, id, label_id) on update cascade on delete set null (project_id),
    constraint sessions_produced check (produced_end_at >= produced_start_at),
    constraint sessions_confirmed check (status <> 'confirmed' or produced_start_at is not null)
);

select make_records('session', 'sessions', '{search}');
select bear_promoted_values('sessions', 'sessions');

alter table sessions add column search tsvector not null generated always as (
    setweight(to_tsvector('names', coalesce(location, '')), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
    || setweight(to_tsvector('names', coalesce(notes, '')), 'C')) stored;

-- the sessions of a label and of a project, latest first; and what a purge of these empties
create index sessions_label_idx on sessions (client_id, label_id, produced_start_at desc nulls last, id desc) where label_id is not null;
create index sessions_project_idx on sessions (client_id, project_id, produced_start_at desc nulls last, id desc) where project_id is not null;
-- ?sort=-produced_start_at
create index sessions_start_idx on sessions (client_id, produced_start_at desc nulls last, id desc) where deleted_at is null;
-- ?status=
create index sessions_status_idx on sessions (client_id, status, created_at desc, id desc) where deleted_at is null;
-- ?q=
create index sessions_search_idx on sessions using gin (client_id, search);

create table session_participants (
    client_id uuid not null references clients (id),
    id uuid not null,
    session_id uuid not null,
    person_id uuid not null,
    role text not null check (role in ('model', 'photographer')),
    credit_name_override text,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint session_participants_once unique (client_id, session_id, person_id, role),
    foreign key (client_id, session_id) references sessions (client_id, id) on delete cascade,
    foreign key (client_id, person_id) references people (client_id, id) on delete cascade
);

-- the participants of a session, as they came
create index session_participants_order_idx on session_participants (client_id, session_id, created_at, id);
-- the sessions of a person, and what goes with one
create index session_participants_person_idx on session_participants (client_id, person_id);

create trigger session_participants_change_log after insert or update or delete on session_participants
    for each row execute function write_change_log('session_participant', '{version,updated_at}', '{}');

-- When each of these people was last in a session.
create function note_activity(client uuid, persons uuid[]) returns void
language plpgsql as $$
begin
    perform from people where client_id = client and id = any(persons) order by id for no key update; -- in their order: whoever else notes the same ones waits and does not lock us out
    update people p
    set last_active_on = latest.day
    from (
        select person.id, (
            select max((coalesce(s.produced_end_at, s.produced_start_at) at time zone 'UTC')::date)
            from session_participants sp
            join sessions s on s.client_id = client and s.id = sp.session_id
            where sp.client_id = client and sp.person_id = person.id and s.deleted_at is null) as day
        from unnest(persons) person (id)
    ) latest
    where p.client_id = client and p.id = latest.id and p.last_active_on is distinct from latest.day;
end $$;

create function note_activity_of_participants() returns trigger
language plpgsql as $$
declare
    of_client record;
begin
    for of_client in select client_id, array_agg(distinct person_id) as ids from changed group by client_id loop
        perform note_activity(of_client.client_id, of_client.ids);
    end loop;
    return null;
end $$;

create trigger session_participants_added after insert on session_participants referencing new table as changed for each statement execute function note_activity_of_participants();
create trigger session_participants_removed after delete on session_participants referencing old table as changed for each statement execute function note_activity_of_participants();

create function note_activity_of_sessions() returns trigger
language plpgsql as $$
declare
    of_client record;
begin
    for of_client in
        select sp.client_id, array_agg(distinct sp.person_id) as ids
        from changed
        join former using (client_id, id)
        join session_participants sp on sp.client_id = changed.client_id and sp.session_id = changed.id
        where (changed.produced_start_at, changed.produced_end_at, changed.deleted_at is null) is distinct from (former.produced_start_at, former.produced_end_at, former.deleted_at is null)
        group by sp.client_id
    loop
        perform note_activity(of_client.client_id, of_client.ids);
    end loop;
    return null;
end $$;

create trigger sessions_moved after update on sessions referencing old table as former new table as changed for each statement execute function note_activity_of_sessions();

-- The label of a project may become another: that is a change of its sessions as well.
create function count_relabelling() returns trigger
language plpgsql as $$
begin
    new.version := old.version + 1;
    new.updated_at := now();
    return new;
end $$;

create trigger sessions_relabelled before update of label_id on sessions
    for each row when (old.label_id is distinct from new.label_id and old.version = new.version) execute function count_relabelling();
