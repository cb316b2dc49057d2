-- Uploads own the time before a hash is known; an asset comes into being with its hash and is the only one with it in its client.

create extension if not exists unaccent;
create extension if not exists btree_gin;

create text search configuration prose (copy = english);
alter text search configuration prose
    alter mapping for hword, hword_part, word with unaccent, english_stem;
create text search configuration names (copy = simple);
alter text search configuration names
    alter mapping for hword, hword_part, word, numword, asciihword, asciiword, hword_asciipart, file, host, url, url_path with unaccent, simple;

-- array_to_string is stable for the sake of other types; over text it is immutable, which a stored column needs
create function tags_as_text(tags text[]) returns text
language sql immutable parallel safe as $$ select array_to_string(tags, ' ') $$;
-- a file name's parts are words: "Beach_Ann-0042.jpg" is found by "ann"
create function file_name_as_text(name text) returns text
language sql immutable parallel safe as $$ select regexp_replace(name, '[^[:alnum:]]+', ' ', 'g') $$;

create table media_assets (
    client_id uuid not null references clients (id),
    id uuid not null,
    external_id text,
    type text not null check (type in ('image', 'video', 'audio', 'document', 'other')),
    format text not null,
    mime_type text not null,
    title text,
    description text,
    alt_text text,
    caption text,
    original_filename text not null,
    size_bytes bigint not null check (size_bytes > 0),
    sha256 bytea not null check (length(sha256) = 32),
    width int,
    height int,
    frames int,
    duration_ms bigint,
    frame_rate double precision,
    video_codec text,
    audio_codec text,
    bit_rate bigint,
    has_audio boolean,
    captured_at timestamptz,
    placeholder_hash text,
    dominant_colors text[] not null default '{}',
    exif jsonb not null default '{}',
    gps jsonb,
    storage_provider text not null,
    storage_key text not null constraint media_assets_key_unique unique,
    status text not null check (status in ('processing', 'ready', 'failed')),
    error_code text,
    error_message text,
    processing_warnings jsonb not null default '[]',
    visibility text not null default 'private' check (visibility in ('private', 'shared', 'public')),
    source text not null,
    provider text,
    source_url text,
    last_used_at timestamptz,
    tags text[] not null default '{}',
    custom_fields jsonb not null default '{}',
    schema_version text not null default '1.0',
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    deleted_at timestamptz,
    deleted_by uuid,
    deleted_reason text,
    restored_at timestamptz,
    restored_by uuid,
    search tsvector not null generated always as (
        setweight(to_tsvector('prose', coalesce(title, '')), 'A')
        || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
        || setweight(to_tsvector('prose', coalesce(caption, '') || ' ' || coalesce(alt_text, '')), 'B')
        || setweight(to_tsvector('prose', coalesce(description, '')), 'C')
        || setweight(to_tsvector('names', file_name_as_text(original_filename)), 'D')) stored,
    primary key (client_id, id),
    constraint media_assets_one_per_hash unique (client_id, sha256)
);

comment on column media_assets.gps is 'WGS 84 position read from the file; never part of a rendition or of what leaves by a link';

-- the list, newest first, and its sorts; what is in the trash is apart
create index media_assets_list_idx on media_assets (client_id, created_at desc, id desc) where deleted_at is null;
create index media_assets_type_idx on media_assets (client_id, type, created_at desc, id desc) where deleted_at is null;
create index media_assets_captured_idx on media_assets (client_id, captured_at desc nulls last, id desc) where deleted_at is null;
create index media_assets_size_idx on media_assets (client_id, size_bytes desc, id desc) where deleted_at is null;
create index media_assets_trash_idx on media_assets (client_id, deleted_at) where deleted_at is not null;
-- ?tags[all]=
create index media_assets_tags_idx on media_assets using gin (client_id, tags);
-- ?q=
create index media_assets_search_idx on media_assets using gin (client_id, search);

create table uploads (
    client_id uuid not null references clients (id),
    id uuid not null,
    kind text not null check (kind in ('direct', 'presigned', 'multipart', 'registered', 'url', 'stock', 'generated')),
    status text not null check (status in ('open', 'received', 'verifying', 'completed', 'conflict', 'rejected', 'expired')),
    file_name text not null,
    declared_mime_type text,
    declared_size bigint,
    on_trashed text not null check (on_trashed in ('restore', 'refuse')),
    storage_provider text not null,
    storage_key text not null constraint uploads_key_unique unique,
    size_bytes bigint,
    sha256 bytea,
    asset_id uuid,
    error_code text,
    error_message text,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint uploads_completed_with_asset check (status <> 'completed' or asset_id is not null)
);

comment on column uploads.asset_id is 'the asset that the bytes are; no foreign key, since the record of an upload outlives a purged asset';

-- the list, newest first
create index uploads_list_idx on uploads (client_id, created_at desc, id desc);
-- what the sweep looks for
create index uploads_expiry_idx on uploads (expires_at) where status in ('open', 'received', 'verifying');
-- the uploads of an asset, for its timeline
create index uploads_asset_idx on uploads (client_id, asset_id) where asset_id is not null;

create table media_variants (
    client_id uuid not null,
    id uuid not null,
    asset_id uuid not null,
    kind text not null check (kind in ('thumbnail', 'preview', 'poster', 'frame')),
    preset text not null,
    recipe int not null,
    format text not null,
    mime_type text not null,
    width int not null,
    height int not null,
    size_bytes bigint not null,
    storage_provider text not null,
    storage_key text not null,
    created_at timestamptz not null,
    primary key (client_id, id),
    constraint media_variants_one_per_preset unique (client_id, asset_id, preset),
    constraint media_variants_key_unique unique (storage_key),
    foreign key (client_id, asset_id) references media_assets (client_id, id) on delete cascade
);

-- what media can be attached to: kept by the platform's own tables, and by PUT /owners for things outside
create table attachable_owners (
    client_id uuid not null references clients (id),
    owner_type text not null check (owner_type ~ '^[a-z][a-z0-9_]{0,62}$'),
    owner_id text not null check (length(owner_id) between 1 and 200),
    id uuid not null,
    title text,
    created_at timestamptz not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, owner_type, owner_id),
    constraint attachable_owners_id_unique unique (client_id, id)
);

create table media_attachments (
    client_id uuid not null,
    id uuid not null,
    asset_id uuid not null,
    owner_type text not null,
    owner_id text not null,
    role text not null check (role in ('cover', 'inline', 'gallery', 'reference')),
    sort_order int not null default 0,
    meta jsonb not null default '{}',
    created_at timestamptz not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint media_attachments_once_per_role unique (client_id, owner_type, owner_id, role, asset_id),
    foreign key (client_id, asset_id) references media_assets (client_id, id) on delete cascade,
    foreign key (client_id, owner_type, owner_id) references attachable_owners (client_id, owner_type, owner_id)
);

-- a cover is one; galleries are many
create unique index media_attachments_one_cover on media_attachments (client_id, owner_type, owner_id) where role = 'cover';
-- the attachments of an asset, and the cascade
create index media_attachments_asset_idx on media_attachments (client_id, asset_id);

-- Objects that nothing refers to any more, written in the transaction that let go of them; keys are never used twice, so a row here is final.
create table object_deletions (
    id bigint generated always as identity primary key,
    client_id uuid not null,
    storage_provider text not null,
    storage_key text not null,
    reason text not null,
    created_at timestamptz not null default now(),
    due_at timestamptz not null default now(),
    attempts int not null default 0,
    last_error text
);

-- the sweep, oldest due first
create index object_deletions_due_idx on object_deletions (due_at);

create trigger media_assets_change_log after insert or update or delete on media_assets
    for each row execute function write_change_log(
        'media_asset',
        '{version,updated_at,search,width,height,frames,duration_ms,frame_rate,video_codec,audio_codec,bit_rate,has_audio,captured_at,placeholder_hash,dominant_colors,exif,status,error_code,error_message,processing_warnings,last_used_at,gps}',
        '{}');
create trigger uploads_change_log after insert or update or delete on uploads
    for each row execute function write_change_log('upload', '{version,updated_at}', '{}');
create trigger attachable_owners_change_log after insert or update or delete on attachable_owners
    for each row execute function write_change_log('attachable_owner', '{version,updated_at}', '{}');
create trigger media_attachments_change_log after insert or update or delete on media_attachments
    for each row execute function write_change_log('media_attachment', '{version,updated_at}', '{}');
