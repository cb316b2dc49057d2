-- A name as names are compared: lower case, without diacritics, trimmed, inner blanks collapsed. Qualified throughout, since an index calls it also where nothing is on the path.
create function normal_name(given text) returns text
language plpgsql immutable strict parallel safe as $$
begin
    return btrim(regexp_replace(lower(public.unaccent('public.unaccent'::regdictionary, normalize(given))), '[[:space:]\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]+', ' ', 'g'));
end $$;

-- Who makes productions: networks, the labels that belong to them (a label to any number), and the projects of a label.
create table networks (
    client_id uuid not null references clients (id),
    id uuid not null,
    name text not null,
    notes text,
    primary key (client_id, id)
);

create table labels (
    client_id uuid not null references clients (id),
    id uuid not null,
    name text not null,
    notes text,
    primary key (client_id, id)
);

create table projects (
    client_id uuid not null references clients (id),
    id uuid not null,
    label_id uuid not null,
    name text not null,
    start_at timestamptz,
    end_at timestamptz,
    notes text,
    primary key (client_id, id),
    foreign key (client_id, label_id) references labels (client_id, id) on delete cascade,
    check (end_at >= start_at)
);

select make_records('network', 'networks', '{search}');
select make_records('label', 'labels', '{search}');
select make_records('project', 'projects', '{search}');
select bear_promoted_values('networks', 'networks');
select bear_promoted_values('labels', 'labels');
select bear_promoted_values('projects', 'projects');

do $$
declare
    records text;
begin
    foreach records in array array['networks', 'labels', 'projects'] loop
        execute format(
            $ddl$
            alter table %1$I add column search tsvector not null generated always as (
                setweight(to_tsvector('names', name), 'A')
                || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
                || setweight(to_tsvector('names', coalesce(notes, '')), 'C')) stored
            $ddl$, records);
        -- ?sort=name, and ?name=
        execute format('create index %1$s_name_idx on %1$s (client_id, name, id) where deleted_at is null', records);
        -- ?q=
        execute format('create index %1$s_search_idx on %1$s using gin (client_id, search)', records);
        -- /search?q=: names that are nearly the same, and those that are the same
        execute format('create index %1$s_name_like_idx on %1$s using gin (client_id, search_name(name) gin_trgm_ops) where deleted_at is null', records);
        execute format('create index %1$s_same_name_idx on %1$s (client_id, search_name(name)) where deleted_at is null', records);
    end loop;
end $$;

-- a name stands for one label and for one network: imports and people name them by it
create unique index networks_name_unique on networks (client_id, normal_name(name)) where deleted_at is null;
create unique index labels_name_unique on labels (client_id, normal_name(name)) where deleted_at is null;
create unique index projects_name_unique on projects (client_id, label_id, normal_name(name)) where deleted_at is null;

-- the projects of a label, and what goes with one
create index projects_label_idx on projects (client_id, label_id, created_at desc, id desc);
-- ?sort=-start_at
create index projects_start_idx on projects (client_id, start_at desc nulls last, id desc) where deleted_at is null;

create table label_networks (
    client_id uuid not null references clients (id),
    id uuid not null,
    label_id uuid not null,
    network_id uuid not null,
    notes text,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint label_networks_once unique (client_id, label_id, network_id),
    foreign key (client_id, label_id) references labels (client_id, id) on delete cascade,
    foreign key (client_id, network_id) references networks (client_id, id) on delete cascade
);

-- the networks of a label, as they came
create index label_networks_order_idx on label_networks (client_id, label_id, created_at, id);
-- the labels of a network, and what goes with one
create index label_networks_network_idx on label_networks (client_id, network_id);

create trigger label_networks_change_log after insert or update or delete on label_networks
    for each row execute function write_change_log('label_network', '{version,updated_at}', '{}');
