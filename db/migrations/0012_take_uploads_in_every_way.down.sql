drop trigger uploads_change_log on uploads;
create trigger uploads_change_log after insert or update or delete on uploads
    for each row execute function write_change_log('upload', '{version,updated_at}', '{}');

alter table clients drop column allowed_s3_prefixes;

drop index uploads_expiry_idx;
create index uploads_expiry_idx on uploads (expires_at) where status in ('open', 'received', 'verifying');

drop index media_assets_key_unique;
alter table media_assets add constraint media_assets_key_unique unique (storage_key);
drop index uploads_key_unique;
alter table uploads add constraint uploads_key_unique unique (storage_key);

alter table uploads
    drop column source_url,
    drop column texts,
    drop column multipart_id,
    drop column part_bytes,
    drop column declared_sha256;
