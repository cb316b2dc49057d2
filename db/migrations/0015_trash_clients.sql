-- A client goes to the trash, and comes back as it was.
alter table clients
    add column deleted_at timestamptz,
    add column deleted_by_kind text,
    add column deleted_by uuid,
    add column deleted_reason text,
    add column restored_at timestamptz,
    add column restored_by_kind text,
    add column restored_by uuid;

