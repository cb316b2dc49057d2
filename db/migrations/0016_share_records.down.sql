drop index object_deletions_receipt_idx;
alter table object_deletions drop column receipt_id;
drop table purge_receipts;
drop index media_assets_unapproved_idx;
drop index media_assets_external_id_idx;
alter table media_assets
    drop column approval_status,
    drop column approved_at,
    drop column original_approver_kind,
    drop column original_approver,
    drop column deletion_id;
