drop trigger uploads_change_log on uploads;
create trigger uploads_change_log after insert or update or delete on uploads
    for each row execute function write_change_log('upload', '{version,updated_at,multipart_id}', '{texts,source_url}');

drop index uploads_expiry_idx;
create index uploads_expiry_idx on uploads (expires_at) where status = 'open';

-- a version before knows no end of a conflict
insert into object_deletions (client_id, storage_provider, storage_key, reason)
select client_id, storage_provider, regexp_replace(storage_key, '[^/]+$', ''), 'rejected'
from uploads
where status = 'conflict' and kind <> 'registered';
update uploads
set status = 'rejected', asset_id = null
where status = 'conflict';

alter table uploads drop column format;
