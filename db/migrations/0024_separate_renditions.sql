-- Renditions lie in a folder of their own, whose name cannot be guessed: who knows the URL of a public one knows no other object by it,
-- and a CDN is given "renditions/" alone. The name follows from the asset's id and a secret, so that it is known as well when the asset is
-- gone and an attempt has stored something late. What was rendered before stays where it is.

create table storage_salt (
    is_only boolean primary key default true check (is_only),
    salt bytea not null check (length(salt) = 32)
);

comment on table storage_salt is 'one row, made here and never changed: it is what folders of renditions are named by';

insert into storage_salt (salt)
values (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

create function renditions_folder(asset_id uuid) returns text
language sql stable parallel safe as $$
    select 'renditions/' || left(name, 2) || '/' || name || '/'
    from (select left(encode(sha256(salt || uuid_send(asset_id)), 'hex'), 32) as name from storage_salt) named
$$;

-- whether a folder that is to be deleted holds a rendition that is in use: by bytes, since keys are prefixes of keys
create index media_variants_key_prefix_idx on media_variants (storage_key text_pattern_ops);

-- What a client registered is read with the platform's credentials for as long as an operator allows it, and not only once.
create function may_read_original(client_id uuid, storage_key text) returns boolean
language sql stable parallel safe as $$
    select storage_key not like 's3://%' or exists (
        select from clients client, unnest(client.allowed_s3_prefixes) prefix
        where client.id = may_read_original.client_id and starts_with(may_read_original.storage_key, prefix))
$$;

-- A URL may carry a signature; it is kept while it is needed.
update uploads
set source_url = null
where source_url is not null and status in ('completed', 'rejected', 'expired');

-- how many uploads of a client are under way, which is limited
create index uploads_under_way_idx on uploads (client_id) where status in ('open', 'received', 'verifying');
