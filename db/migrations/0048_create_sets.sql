-- What was published, as it was observed: channels, and the sets that came out there. Nothing here says what really took place: see sessions.
create table channels (
    client_id uuid not null references clients (id),
    id uuid not null,
    name text not null,
    notes text,
    primary key (client_id, id)
);

select make_records('channel', 'channels', '{search}');
select bear_promoted_values('channels', 'channels');

alter table channels add column search tsvector not null generated always as (
    setweight(to_tsvector('names', name), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
    || setweight(to_tsvector('names', coalesce(notes, '')), 'C')) stored;

-- a name stands for one channel: imports name it so
create unique index channels_name_unique on channels (client_id, normal_name(name)) where deleted_at is null;
-- ?sort=name, and ?name=
create index channels_name_idx on channels (client_id, name, id) where deleted_at is null;
-- ?q=
create index channels_search_idx on channels using gin (client_id, search);
-- /search?q=: names that are nearly the same, and those that are the same
create index channels_name_like_idx on channels using gin (client_id, search_name(name) gin_trgm_ops) where deleted_at is null;
create index channels_same_name_idx on channels (client_id, search_name(name)) where deleted_at is null;

-- Whose work a channel publishes, as far as is known: evidence for each of its sets, and never more.
create table channel_labels (
    client_id uuid not null references clients (id),
    id uuid not null,
    channel_id uuid not null,
    label_id uuid not null,
    confidence double precision not null check (confidence between 0 and 1),
    notes text,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint channel_labels_once unique (client_id, channel_id, label_id),
    foreign key (client_id, channel_id) references channels (client_id, id) on delete cascade,
    foreign key (client_id, label_id) references labels (client_id, id) on delete cascade
);

-- the labels of a channel, as they came
create index channel_labels_order_idx on channel_labels (client_id, channel_id, created_at, id);
-- the channels of a label, and what goes with one
create index channel_labels_label_idx on channel_labels (client_id, label_id);

create trigger channel_labels_change_log after insert or update or delete on channel_labels
    for each row execute function write_change_log('channel_label', '{version,updated_at}', '{}');

create table sets (
    client_id uuid not null references clients (id),
    id uuid not null,
    title text not null,
    title_norm text not null generated always as (normal_name(title)) stored,
    channel_id uuid not null,
    published_at timestamptz not null,
    notes text,
    is_compilation boolean not null default false,
    primary key (client_id, id),
    constraint sets_channel_fk foreign key (client_id, channel_id) references channels (client_id, id) on delete cascade
);

comment on column sets.is_compilation is 'whether its media come from more than one session: found out, and never said';

select make_records('set', 'sets', '{search,title_norm}');
select bear_promoted_values('sets', 'sets');

alter table sets add column search tsvector not null generated always as (
    setweight(to_tsvector('names', title), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'B')
    || setweight(to_tsvector('names', coalesce(notes, '')), 'C')) stored;

-- the sets of a channel, latest first; and what goes along with one
create index sets_channel_idx on sets (client_id, channel_id, published_at desc, id desc);
-- ?sort=-published_at
create index sets_published_idx on sets (client_id, published_at desc, id desc) where deleted_at is null;
-- ?sort=title, and ?title=
create index sets_title_idx on sets (client_id, title, id) where deleted_at is null;
-- the same set once more: told as a warning, and found by an import
create index sets_same_idx on sets (client_id, channel_id, title_norm, published_at, id) where deleted_at is null;
-- ?q=
create index sets_search_idx on sets using gin (client_id, search);
-- /search?q=: titles that are nearly the same, and those that are the same
create index sets_title_like_idx on sets using gin (client_id, search_name(title) gin_trgm_ops) where deleted_at is null;
create index sets_same_title_idx on sets (client_id, search_name(title)) where deleted_at is null;

-- Who a set names, word for word. What was published stays as it was: the text is never changed, and the row never deleted, nor the set that has any.
create table set_credits (
    client_id uuid not null references clients (id),
    id uuid not null,
    set_id uuid not null,
    position int not null,
    role text not null check (role in ('model', 'photographer')),
    raw_name text not null,
    name_norm text not null generated always as (normal_name(raw_name)) stored,
    resolution_status text not null default 'unresolved' check (resolution_status in ('unresolved', 'resolved', 'ignored')),
    resolved_person_id uuid,
    resolution_id uuid,
    resolved_at timestamptz,
    resolved_by_kind text,
    resolved_by uuid,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint set_credits_set_fk foreign key (client_id, set_id) references sets (client_id, id),
    constraint set_credits_person_fk foreign key (client_id, resolved_person_id) references people (client_id, id) on delete set null (resolved_person_id),
    constraint set_credits_resolved check ((resolution_status = 'resolved') = (resolved_person_id is not null)),
    constraint set_credits_position unique (client_id, set_id, position)
);

comment on column set_credits.position is 'in which order the set names them, from 0';
comment on column set_credits.resolution_id is 'with which others it was resolved, in one go';

-- ?resolution_status=unresolved, newest first
create index set_credits_list_idx on set_credits (client_id, created_at desc, id desc);
create index set_credits_status_idx on set_credits (client_id, resolution_status, created_at desc, id desc);
-- all of a name
create index set_credits_name_idx on set_credits (client_id, name_norm, created_at desc, id desc);
-- the credits of a person, and what a purge of one leaves unresolved
create index set_credits_person_idx on set_credits (client_id, resolved_person_id, set_id) where resolved_person_id is not null;
-- what was resolved in one go
create index set_credits_resolution_idx on set_credits (client_id, resolution_id, id) where resolution_id is not null;

create trigger set_credits_change_log after insert or update or delete on set_credits
    for each row execute function write_change_log('set_credit', '{version,updated_at,name_norm}', '{}');

create function keep_raw_credits() returns trigger
language plpgsql as $$
begin
    raise exception 'A raw credit is kept as it was published.' using errcode = 'integrity_constraint_violation', constraint = 'set_credits_raw';
end $$;

create trigger set_credits_raw before update of set_id, role, raw_name, position on set_credits
    for each row when ((old.set_id, old.role, old.raw_name, old.position) is distinct from (new.set_id, new.role, new.raw_name, new.position)) execute function keep_raw_credits();
create trigger set_credits_kept before delete on set_credits for each row execute function keep_raw_credits();

-- A person who goes for good leaves what was resolved so unresolved.
create function leave_credits_unresolved() returns trigger
language plpgsql as $$
begin
    new.resolution_status := 'unresolved';
    new.resolution_id := null;
    new.resolved_at := null;
    new.resolved_by_kind := null;
    new.resolved_by := null;
    new.updated_at := now();
    new.version := old.version + 1;
    return new;
end $$;

create trigger set_credits_left before update of resolved_person_id on set_credits
    for each row when (new.resolved_person_id is null and new.resolution_status = 'resolved') execute function leave_credits_unresolved();

-- Who is in a set because somebody says so, whatever it credits.
create table set_participants (
    client_id uuid not null references clients (id),
    id uuid not null,
    set_id uuid not null,
    person_id uuid not null,
    role text not null check (role in ('model', 'photographer')),
    notes text,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint set_participants_once unique (client_id, set_id, person_id, role),
    foreign key (client_id, set_id) references sets (client_id, id) on delete cascade,
    foreign key (client_id, person_id) references people (client_id, id) on delete cascade
);

-- what goes with a person
create index set_participants_person_idx on set_participants (client_id, person_id);

create trigger set_participants_change_log after insert or update or delete on set_participants
    for each row execute function write_change_log('set_participant', '{version,updated_at}', '{}');

-- Why somebody is in a set: by a credit, or by hand. A participant is there while any support is.
create view set_participant_support as
    select client_id, set_id, resolved_person_id as person_id, role, id as credit_id, raw_name, resolved_at as created_at, resolved_by as created_by
    from set_credits
    where resolution_status = 'resolved'
    union all
    select client_id, set_id, person_id, role, null, null, created_at, created_by
    from set_participants;

-- Whose work somebody says that a set is.
create table set_label_claims (
    client_id uuid not null references clients (id),
    id uuid not null,
    set_id uuid not null,
    label_id uuid not null,
    confidence double precision not null check (confidence between 0 and 1),
    notes text,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint set_label_claims_once unique (client_id, set_id, label_id),
    foreign key (client_id, set_id) references sets (client_id, id) on delete cascade,
    foreign key (client_id, label_id) references labels (client_id, id) on delete cascade
);

-- what goes with a label
create index set_label_claims_label_idx on set_label_claims (client_id, label_id);

create trigger set_label_claims_change_log after insert or update or delete on set_label_claims
    for each row execute function write_change_log('set_label_claim', '{version,updated_at}', '{}');

-- Whose work a set may be: because of its channel, or because somebody says so.
create view set_label_evidence as
    select s.client_id, s.id as set_id, link.label_id, 'channel_map' as evidence_type, link.confidence, link.notes, link.created_at, link.created_by
    from sets s
    join channel_labels link on link.client_id = s.client_id and link.channel_id = s.channel_id
    union all
    select client_id, set_id, label_id, 'manual', confidence, notes, created_at, created_by
    from set_label_claims;

-- Which session a set shows, as somebody says: of sets without media.
create table set_sessions (
    client_id uuid not null references clients (id),
    id uuid not null,
    set_id uuid not null,
    session_id uuid not null,
    notes text,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint set_sessions_once unique (client_id, set_id, session_id),
    foreign key (client_id, set_id) references sets (client_id, id) on delete cascade,
    foreign key (client_id, session_id) references sessions (client_id, id) on delete cascade
);

-- the sets that show a session, and what goes with one
create index set_sessions_session_idx on set_sessions (client_id, session_id);

create trigger set_sessions_change_log after insert or update or delete on set_sessions
    for each row execute function write_change_log('set_session', '{version,updated_at}', '{}');

-- When each of these people was last in a session or in a set.
create or replace function note_activity(client uuid, persons uuid[]) returns void
language plpgsql as $$
begin
    perform from people where client_id = client and id = any(persons) order by id for no key update; -- in their order: whoever else notes the same ones waits and does not lock us out
    update people p
    set last_active_on = latest.day
    from (
        select person.id, greatest(
            (
                select max((coalesce(s.produced_end_at, s.produced_start_at) at time zone 'UTC')::date)
                from session_participants sp
                join sessions s on s.client_id = client and s.id = sp.session_id
                where sp.client_id = client and sp.person_id = person.id and s.deleted_at is null),
            (
                select max((s.published_at at time zone 'UTC')::date)
                from set_participant_support support
                join sets s on s.client_id = client and s.id = support.set_id
                where support.client_id = client and support.person_id = person.id and s.deleted_at is null)) as day
        from unnest(persons) person (id)
    ) latest
    where p.client_id = client and p.id = latest.id and p.last_active_on is distinct from latest.day;
end $$;

create trigger set_participants_added after insert on set_participants referencing new table as changed for each statement execute function note_activity_of_participants();
create trigger set_participants_removed after delete on set_participants referencing old table as changed for each statement execute function note_activity_of_participants();

create function note_activity_of_credits() returns trigger
language plpgsql as $$
declare
    of_client record;
begin
    for of_client in
        select changed.client_id, array_agg(distinct person) as ids
        from changed
        join former using (client_id, id)
        cross join unnest(array[changed.resolved_person_id, former.resolved_person_id]) person
        where changed.resolved_person_id is distinct from former.resolved_person_id and person is not null
        group by changed.client_id
    loop
        perform note_activity(of_client.client_id, of_client.ids);
    end loop;
    return null;
end $$;

create trigger set_credits_resolved after update on set_credits referencing old table as former new table as changed for each statement execute function note_activity_of_credits();

create function note_activity_of_sets() returns trigger
language plpgsql as $$
declare
    of_client record;
begin
    for of_client in
        select support.client_id, array_agg(distinct support.person_id) as ids
        from changed
        join former using (client_id, id)
        join set_participant_support support on support.client_id = changed.client_id and support.set_id = changed.id
        where (changed.published_at, changed.deleted_at is null) is distinct from (former.published_at, former.deleted_at is null)
        group by support.client_id
    loop
        perform note_activity(of_client.client_id, of_client.ids);
    end loop;
    return null;
end $$;

create trigger sets_moved after update on sets referencing old table as former new table as changed for each statement execute function note_activity_of_sets();

-- Credits that were resolved in one go, by which they are undone so.
create table credit_resolutions (
    client_id uuid not null references clients (id),
    id uuid not null,
    person_id uuid not null,
    name_norm text not null,
    role text check (role in ('model', 'photographer')),
    channel_id uuid,
    credits int not null,
    undone int,
    undone_at timestamptz,
    undone_by_kind text,
    undone_by uuid,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    foreign key (client_id, person_id) references people (client_id, id) on delete cascade
);

-- what goes with a person
create index credit_resolutions_person_idx on credit_resolutions (client_id, person_id);

create trigger credit_resolutions_change_log after insert or update or delete on credit_resolutions
    for each row execute function write_change_log('credit_resolution', '{version,updated_at}', '{}');
