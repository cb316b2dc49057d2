-- What was given to be imported, byte for byte and for ever, and what became of each of its rows.
create table imports (
    client_id uuid not null references clients (id),
    id uuid not null,
    format text not null check (format in ('json', 'csv')),
    payload bytea not null,
    payload_sha256 bytea not null,
    rows int not null,
    retried_at timestamptz,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    -- the same again is the same import
    constraint imports_once unique (client_id, payload_sha256)
);

comment on column imports.retried_at is 'when rows that had failed were tried again, since it came once more';

-- the list, newest first
create index imports_list_idx on imports (client_id, created_at desc, id desc);

create trigger imports_change_log after insert or update or delete on imports
    for each row execute function write_change_log('import', '{version,updated_at,payload}', '{}');

create function keep_imports() returns trigger
language plpgsql as $$
begin
    raise exception 'What was imported is kept as it came.' using errcode = 'integrity_constraint_violation', constraint = 'imports_kept';
end $$;

create trigger imports_raw before update of format, payload, payload_sha256, rows on imports
    for each row when ((old.format, old.payload_sha256, old.rows) is distinct from (new.format, new.payload_sha256, new.rows) or old.payload is distinct from new.payload) execute function keep_imports();
create trigger imports_kept before delete on imports for each row execute function keep_imports();

create table import_rows (
    client_id uuid not null references clients (id),
    import_id uuid not null,
    row int not null,
    outcome text not null default 'pending' check (outcome in ('pending', 'created', 'matched', 'failed')),
    set_id uuid,
    errors jsonb not null default '[]',
    primary key (client_id, import_id, row),
    foreign key (client_id, import_id) references imports (client_id, id),
    foreign key (client_id, set_id) references sets (client_id, id) on delete set null (set_id)
);

comment on column import_rows.row is 'from 1, as they stand in the payload';

-- what is left to do, and what failed
create index import_rows_outcome_idx on import_rows (client_id, import_id, outcome, row);
-- where a set comes from, and what a purge of it empties
create index import_rows_set_idx on import_rows (client_id, set_id) where set_id is not null;
