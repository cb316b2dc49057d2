create table scripts (
    client_id uuid not null references clients (id),
    id uuid not null,
    episode_id uuid not null,
    kind text not null check (kind in ('main', 'trailer')),
    active_version int,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint scripts_one_of_a_kind unique (client_id, episode_id, kind),
    foreign key (client_id, episode_id) references episodes (client_id, id) on delete cascade
);

comment on column scripts.version is 'goes up with whatever is done to one of its versions as well';

create table script_versions (
    client_id uuid not null references clients (id),
    id uuid not null,
    script_id uuid not null,
    number int not null check (number between 1 and 100),
    author text,
    change_notes text,
    body text,
    file_reference text,
    approval_status text not null default 'approved' check (approval_status in ('draft', 'approved', 'rejected')),
    source text not null check (source in ('manual_upload', 'import', 'system')),
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint script_versions_number_unique unique (client_id, script_id, number),
    constraint script_versions_not_empty check (body is not null or file_reference is not null),
    foreign key (client_id, script_id) references scripts (client_id, id) on delete cascade
);

-- what is active is one of the script's own versions
alter table scripts add foreign key (client_id, id, active_version) references script_versions (client_id, script_id, number);

-- A text as it stands in a page. Scripts are searched as such: <she turns> is a direction, and to the parser it would be a tag, which it drops.
create function html_escaped(given text) returns text
language sql immutable parallel safe as $$
    select replace(replace(replace(given, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')
$$;

-- The words of a script. A vector has its limit, which only a text of ever different words comes near: of such a one the beginning is searched.
create function script_words(body text) returns tsvector
language plpgsql immutable parallel safe as $$
begin
    return setweight(to_tsvector('names', html_escaped(coalesce(body, ''))), 'A');
exception when program_limit_exceeded then
    return setweight(to_tsvector('names', html_escaped(left(body, 100000))), 'A');
end $$;

alter table script_versions add column search tsvector not null generated always as (script_words(body)) stored;

-- /scripts/search?q=
create index script_versions_search_idx on script_versions using gin (client_id, search);

create trigger scripts_change_log after insert or update or delete on scripts
    for each row execute function write_change_log('script', '{version,updated_at}', '{}', '{active_version}');
create trigger script_versions_change_log after insert or update or delete on script_versions
    for each row execute function write_change_log('script_version', '{version,updated_at,search}', '{}', '{*}');
