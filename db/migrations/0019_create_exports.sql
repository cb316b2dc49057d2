-- Lists that the worker writes into files. A row names the object of its latest attempt, whether it is there or not, so that none is forgotten.
create table exports (
    client_id uuid not null references clients (id),
    id uuid not null,
    resource text not null,
    format text not null check (format in ('csv', 'json')),
    request jsonb not null,
    fields text[] not null default '{}',
    status text not null default 'queued' check (status in ('queued', 'running', 'ready', 'failed')),
    progress int not null default 0 check (progress between 0 and 100),
    rows int not null default 0,
    size_bytes bigint,
    storage_provider text,
    storage_key text,
    error_code text,
    error_message text,
    expires_at timestamptz,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    finished_at timestamptz,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint exports_ready_with_file check (status <> 'ready' or (size_bytes is not null and storage_key is not null and storage_provider is not null)),
    constraint exports_expire_when_ended check ((status in ('ready', 'failed')) = (expires_at is not null))
);

comment on column exports.request is 'the list as it was asked for';

-- the list, newest first
create index exports_list_idx on exports (client_id, created_at desc, id desc);
-- what the sweep looks for
create index exports_expiry_idx on exports (expires_at) where expires_at is not null;
-- whether an object that was let go of is in use after all
create unique index exports_key_unique on exports (storage_key) where storage_key is not null;

-- a person asks for an export and deletes it; the machine writes it
create trigger exports_change_log after insert or update or delete on exports
    for each row execute function write_change_log(
        'export',
        '{version,updated_at,status,progress,rows,size_bytes,storage_provider,storage_key,error_code,error_message,expires_at,finished_at}',
        '{request}');
