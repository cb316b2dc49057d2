-- The first answer to an Idempotency-Key, for a day. A claim is taken before the work; the work's own transaction says that it was done, so
-- that it is never done twice, whoever dies in between; the answer comes last.
create table idempotency_keys (
    client_id uuid not null,
    actor_kind text not null,
    actor_id uuid not null,
    key text not null,
    token uuid not null,
    fingerprint bytea not null,
    started_at timestamptz not null,
    held_until timestamptz not null,
    done_at timestamptz,
    answered_at timestamptz,
    status int,
    headers jsonb,
    body bytea,
    expires_at timestamptz not null,
    primary key (client_id, actor_kind, actor_id, key)
);

-- the work's transaction finds its claim
create unique index idempotency_keys_token_idx on idempotency_keys (token);
-- the sweep
create index idempotency_keys_expiry_idx on idempotency_keys (expires_at);
