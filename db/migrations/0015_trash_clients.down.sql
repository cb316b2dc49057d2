alter table clients
    drop column restored_by,
    drop column restored_by_kind,
    drop column restored_at,
    drop column deleted_reason,
    drop column deleted_by,
    drop column deleted_by_kind,
    drop column deleted_at;
