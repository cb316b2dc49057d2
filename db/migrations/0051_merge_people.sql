-- Two who are the same person: one is merged into the other and leaves its id behind, which leads there; and all of it can be undone.
alter table people
    add column merged_into uuid,
    add constraint people_merged check (merged_into is null or deleted_at is not null),
    add constraint people_not_into_themselves check (merged_into <> id),
    add constraint people_merged_into_fk foreign key (client_id, merged_into) references people (client_id, id) on delete cascade;

-- who was merged into somebody, and goes with that one
create index people_merged_into_idx on people (client_id, merged_into) where merged_into is not null;

create table person_merges (
    client_id uuid not null references clients (id),
    id uuid not null,
    from_id uuid not null,
    into_id uuid not null,
    aliases uuid[] not null,
    added_alias uuid,
    session_participants uuid[] not null,
    set_participants uuid[] not null,
    credits uuid[] not null,
    resolutions uuid[] not null,
    undone_at timestamptz,
    undone_by_kind text,
    undone_by uuid,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    foreign key (client_id, from_id) references people (client_id, id) on delete cascade,
    foreign key (client_id, into_id) references people (client_id, id) on delete cascade
);

comment on column person_merges.aliases is 'those that went over; as of the other lists';
comment on column person_merges.added_alias is 'what the one who was merged was called, as an alias of the other';

-- the merges of a person, and what goes with one
create index person_merges_from_idx on person_merges (client_id, from_id);
create index person_merges_into_idx on person_merges (client_id, into_id);

create trigger person_merges_change_log after insert or update or delete on person_merges
    for each row execute function write_change_log('person_merge', '{version,updated_at}', '{}');

-- An alias that goes from one person to another is no longer a name of the one.
create function name_by_moved_aliases() returns trigger
language plpgsql as $$
declare
    of_client record;
begin
    for of_client in
        select client_id, array_agg(distinct person_id) as people
        from (select client_id, person_id from changed union all select client_id, person_id from former) both_of_them
        group by client_id
    loop
        update people p
        set aliases_text = coalesce((select string_agg(a.alias, ' ' order by a.created_at, a.id) from person_aliases a where a.client_id = p.client_id and a.person_id = p.id), '')
        where p.client_id = of_client.client_id and p.id = any(of_client.people);

        perform index_people(of_client.client_id, of_client.people);
    end loop;
    return null;
end $$;

drop trigger person_aliases_changed on person_aliases;
create trigger person_aliases_changed after update on person_aliases referencing old table as former new table as changed for each statement execute function name_by_moved_aliases();
