-- Uploads whose bytes do not pass through the API: sent to the storage by a signed link, in parts, fetched by URL, or registered where they lie.

alter table uploads
    add column declared_sha256 bytea check (length(declared_sha256) = 32),
    add column part_bytes bigint check (part_bytes > 0),
    add column multipart_id text,
    add column texts jsonb not null default '{}',
    add column source_url text;

comment on column uploads.part_bytes is 'the size of all parts but the last; null where there are none';
comment on column uploads.multipart_id is 'what the storage calls the parts that wait to be put together';
comment on column uploads.texts is 'what its asset is to be called: title, description, alt_text, caption, tags';
comment on column uploads.source_url is 'where kind is url; it may carry a signature, and is neither shown nor logged';

-- What is registered lies where its owner put it: two clients may, and one may try again.
alter table uploads drop constraint uploads_key_unique;
create unique index uploads_key_unique on uploads (storage_key) where kind <> 'registered';
alter table media_assets drop constraint media_assets_key_unique;
create unique index media_assets_key_unique on media_assets (storage_key) where storage_key not like 's3://%';

-- What is received is the business of its job; only what never came expires.
drop index uploads_expiry_idx;
create index uploads_expiry_idx on uploads (expires_at) where status = 'open';

alter table clients add column allowed_s3_prefixes text[] not null default '{}';

comment on column clients.allowed_s3_prefixes is 'what the client may register: addresses that begin so, such as s3://bucket/folder/; set by an operator alone';

drop trigger uploads_change_log on uploads;
create trigger uploads_change_log after insert or update or delete on uploads
    for each row execute function write_change_log('upload', '{version,updated_at,multipart_id}', '{texts,source_url}');
