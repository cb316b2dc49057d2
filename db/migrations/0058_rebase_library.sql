-- Where the media of a client lie, changed as a whole after each object was found in the other store.

alter table clients add column library_root_version int not null default 1 check (library_root_version >= 1);

comment on column clients.library_root_version is 'raised when the media of the client are taken to lie in another store';

create table library_rebases (
    client_id uuid not null references clients (id),
    id uuid not null,
    from_provider text not null,
    to_provider text not null,
    checksums boolean not null,
    status text not null default 'running' check (status in ('running', 'done', 'failed')),
    moved bigint,
    error_code text,
    error_message text,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    finished_at timestamptz,
    version int not null default 1,
    primary key (client_id, id),
    constraint library_rebases_elsewhere check (from_provider <> to_provider)
);

create trigger library_rebases_change_log after insert or update or delete on library_rebases
    for each row execute function write_change_log('library_rebase', '{version,updated_at}', '{}');

-- The objects that one has found, until it ends: no others are changed.
create table library_rebase_objects (
    client_id uuid not null,
    rebase_id uuid not null,
    storage_key text not null,
    asset_id uuid not null,
    variant_id uuid,
    made_at timestamptz not null,
    primary key (client_id, rebase_id, storage_key),
    foreign key (client_id, rebase_id) references library_rebases (client_id, id) on delete cascade
);

comment on column library_rebase_objects.made_at is 'a rendition that was made again since is another';
