-- The tenant is the client. Users are members of clients; services hold keys.

create table clients (
    id uuid primary key,
    name text not null check (length(name) between 1 and 200),
    slug text not null constraint clients_slug_unique unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    allowed_file_types text[],
    trash_retention_days int not null default 30 check (trash_retention_days between 0 and 3650),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1
);

comment on column clients.allowed_file_types is 'MIME types taken in; null takes all that the platform supports';

create table users (
    id uuid primary key,
    email text not null check (email = lower(email) and length(email) between 3 and 320),
    email_verified boolean not null default false,
    display_name text,
    oidc_issuer text,
    oidc_subject text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version int not null default 1,
    constraint users_email_unique unique (email),
    constraint users_subject_unique unique (oidc_issuer, oidc_subject)
);

create table members (
    client_id uuid not null references clients (id),
    id uuid not null,
    user_id uuid not null references users (id),
    role text not null check (role in ('owner', 'admin', 'editor', 'viewer')),
    status text not null check (status in ('invited', 'active', 'suspended')),
    permissions jsonb not null default '{}',
    created_at timestamptz not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint members_one_per_user unique (client_id, user_id)
);

-- the clients of a user who signs in
create index members_user_idx on members (user_id);
-- the list, newest first
create index members_list_idx on members (client_id, created_at desc, id desc);

create table api_keys (
    client_id uuid not null references clients (id),
    id uuid not null,
    name text not null check (length(name) between 1 and 200),
    role text not null check (role in ('owner', 'admin', 'editor', 'viewer')),
    prefix text not null,
    secret_hash bytea not null constraint api_keys_secret_unique unique check (length(secret_hash) = 32),
    created_at timestamptz not null,
    created_by uuid,
    updated_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    revoked_by uuid,
    last_used_at timestamptz,
    version int not null default 1,
    primary key (client_id, id)
);

comment on column api_keys.secret_hash is 'SHA-256 of the secret, which is random and long, so that no salt or stretching is needed';

-- the list, newest first
create index api_keys_list_idx on api_keys (client_id, created_at desc, id desc);

create trigger clients_change_log after insert or update or delete on clients
    for each row execute function write_change_log('client', '{version,updated_at}', '{}');
create trigger users_change_log after insert or update or delete on users
    for each row execute function write_change_log('user', '{version,updated_at}', '{}');
create trigger members_change_log after insert or update or delete on members
    for each row execute function write_change_log('member', '{version,updated_at}', '{}');
create trigger api_keys_change_log after insert or update or delete on api_keys
    for each row execute function write_change_log('api_key', '{version,updated_at,last_used_at}', '{secret_hash}');
