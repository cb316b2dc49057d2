-- An upload whose bytes lie in the trash waits for somebody to say what is to become of them, so that nobody sends 40 GB twice.
alter table uploads add column format text;

comment on column uploads.format is 'what the bytes are, of an upload in conflict: that is all it takes to make an asset of them if the one in the trash is purged meanwhile';

-- what never came expires, and what nobody has decided
drop index uploads_expiry_idx;
create index uploads_expiry_idx on uploads (expires_at) where status in ('open', 'conflict');

drop trigger uploads_change_log on uploads;
create trigger uploads_change_log after insert or update or delete on uploads
    for each row execute function write_change_log('upload', '{version,updated_at,multipart_id,format}', '{texts,source_url}');
