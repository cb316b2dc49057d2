-- What every primary record has beside its fields. Approval is for whoever wants it: what comes in is approved.
alter table media_assets
    add column approval_status text not null default 'approved' check (approval_status in ('draft', 'approved', 'rejected')),
    add column approved_at timestamptz,
    add column original_approver_kind text,
    add column original_approver uuid,
    add column deletion_id uuid;

comment on column media_assets.deletion_id is 'the deletion that took it: a restore brings back exactly what that took';

-- ?external_id=
create index media_assets_external_id_idx on media_assets (client_id, external_id) where external_id is not null;
-- what waits for somebody's approval
create index media_assets_unapproved_idx on media_assets (client_id, approval_status, created_at desc, id desc) where approval_status <> 'approved' and deleted_at is null;

-- That something is gone for good can be shown afterwards: the receipt outlives it, and whatever the change log forgets.
create table purge_receipts (
    client_id uuid not null references clients (id),
    id uuid not null,
    entity text not null,
    entity_id uuid not null,
    reason text,
    taken jsonb not null default '{}',
    purged_at timestamptz not null,
    purged_by_kind text not null,
    purged_by uuid,
    request_id text,
    primary key (client_id, id)
);

-- the list, newest first
create index purge_receipts_list_idx on purge_receipts (client_id, purged_at desc, id desc);
-- what became of one record
create index purge_receipts_entity_idx on purge_receipts (client_id, entity_id);

create trigger purge_receipts_change_log after insert or update or delete on purge_receipts
    for each row execute function write_change_log('purge_receipt', '{}', '{}');

alter table object_deletions add column receipt_id uuid;

-- the objects that a receipt still waits for
create index object_deletions_receipt_idx on object_deletions (client_id, receipt_id) where receipt_id is not null;
