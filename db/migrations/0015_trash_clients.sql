-- A client goes to the trash before it goes for good, like everything else.
alter table clients
    add column deleted_at timestamptz,
    add column deleted_by_kind text,
    add column deleted_by uuid,
    add column deleted_reason text,
    add column restored_at timestamptz,
    add column restored_by_kind text,
    add column restored_by uuid;

-- clients whose time in the trash may be over; there are few
create index clients_deleted_idx on clients (deleted_at) where deleted_at is not null;
