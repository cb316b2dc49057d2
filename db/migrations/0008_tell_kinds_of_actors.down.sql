alter table media_attachments drop column created_by_kind;
alter table attachable_owners drop column created_by_kind;
alter table media_assets drop column deleted_by_kind, drop column restored_by_kind;
alter table jobs drop column created_by_kind, drop column canceled_by_kind, drop column retried_by_kind;
alter table api_keys drop column created_by_kind, drop column revoked_by_kind;
alter table members drop column created_by_kind;
