-- Whether what the rows say lies in the stores, and whether what lies there is anybody's.

create table library_verifications (
    client_id uuid not null references clients (id),
    id uuid not null,
    checksums boolean not null,
    quarantine boolean not null,
    status text not null default 'running' check (status in ('running', 'done', 'failed')),
    objects bigint not null default 0,
    bytes bigint not null default 0,
    unseen bigint not null default 0,
    missing bigint not null default 0,
    orphaned bigint not null default 0,
    corrupted bigint not null default 0,
    quarantined bigint not null default 0,
    cleared bigint not null default 0,
    deleted bigint not null default 0,
    reprocessed bigint not null default 0,
    error_code text,
    error_message text,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    finished_at timestamptz,
    version int not null default 1,
    primary key (client_id, id)
);

comment on column library_verifications.unseen is 'objects that could not be looked at: in stores that are not configured, or registered where the client may not read any more';

-- the list, newest first
create index library_verifications_list_idx on library_verifications (client_id, created_at desc, id desc);

create trigger library_verifications_change_log after insert or update or delete on library_verifications
    for each row execute function write_change_log(
        'library_verification', '{version,updated_at,status,objects,bytes,unseen,missing,orphaned,corrupted,quarantined,cleared,deleted,reprocessed,error_code,error_message,finished_at}', '{}');

create table library_findings (
    client_id uuid not null,
    id uuid not null,
    verification_id uuid not null,
    kind text not null check (kind in ('missing', 'orphaned', 'corrupted')),
    storage_provider text not null,
    storage_key text not null,
    asset_id uuid,
    size_bytes bigint,
    status text not null check (status in ('reported', 'quarantined', 'cleared', 'deleted')),
    found_at timestamptz not null,
    quarantined_at timestamptz,
    delete_after timestamptz,
    updated_at timestamptz not null,
    primary key (client_id, id),
    foreign key (client_id, verification_id) references library_verifications (client_id, id) on delete cascade,
    constraint library_findings_quarantined_orphans check (status <> 'quarantined' or (kind = 'orphaned' and delete_after is not null))
);

comment on column library_findings.verification_id is 'the latest that saw it';
comment on column library_findings.asset_id is 'no foreign key: what was found outlives its asset';

-- what is found again is the same finding while it is open
create unique index library_findings_one_open on library_findings (client_id, storage_provider, storage_key, kind) where status in ('reported', 'quarantined');
-- those of a verification, and the foreign key
create index library_findings_verification_idx on library_findings (client_id, verification_id, kind, id);
-- what is due to be deleted
create index library_findings_due_idx on library_findings (client_id, delete_after, id) where status = 'quarantined';

-- Folders of renditions that no asset has: nobody can say whose they were.
create table stray_renditions (
    storage_provider text not null,
    storage_folder text not null,
    objects bigint not null,
    bytes bigint not null,
    found_at timestamptz not null,
    delete_after timestamptz,
    primary key (storage_provider, storage_folder)
);

comment on column stray_renditions.delete_after is 'null while it is only reported';

-- the objects of a client's assets in the order in which a store lists them, which is that of bytes
create index media_assets_stored_idx on media_assets (client_id, storage_provider, storage_key collate "C");
create index media_variants_stored_idx on media_variants (client_id, storage_provider, storage_key collate "C");
-- whether an object or its folder has been let go of
create index object_deletions_key_idx on object_deletions (storage_key);

-- Whether anybody knows an object in the folder of an upload, or may come to: its row, an upload that is under way, a job about it, a deletion that was begun.
-- A copy of an original is stored before its row is, where new objects go.
create function library_object_is_known(of_client uuid, of_provider text, of_key text, of_upload uuid, takes_new boolean) returns boolean
language sql stable as $$
    select exists (select from media_assets where storage_key = of_key and storage_key not like 's3://%' and storage_provider = of_provider)
        or exists (select from media_variants where storage_key = of_key and storage_provider = of_provider)
        or exists (select from exports where storage_key = of_key and storage_provider = of_provider)
        or exists (select from uploads where client_id = of_client and id = of_upload and status in ('open', 'received', 'verifying', 'conflict'))
        or exists (select from jobs where client_id = of_client and subject_id = of_upload and status in ('queued', 'running'))
        or exists (select from object_deletions where storage_key in (of_key, regexp_replace(of_key, '[^/]+$', '')) and storage_provider = of_provider)
        or (takes_new and of_key ~ '/original\.[^/]+$' and exists (select from media_assets where client_id = of_client and id = of_upload))
$$;
