-- People who are in episodes as guests, as real as they are: who they are is kept as long as they have agreed to it.
create table guests (
    client_id uuid not null references clients (id),
    id uuid not null,
    name text not null,
    business_name text,
    business_email text,
    business_phone text,
    website text,
    bio_url text,
    role text,
    notes text,
    outfit_refs uuid[] not null,
    consent_notice_version text,
    consented_at timestamptz,
    consent_withdrawn_at timestamptz,
    user_id uuid,
    converted_at timestamptz,
    erased_at timestamptz,
    primary key (client_id, id),
    constraint guests_consent check (
        (consented_at is not null and consent_withdrawn_at is null) or coalesce(business_name, business_email, business_phone, website, bio_url, notes) is null),
    -- a member whose user turns out to be another one takes the guest along
    foreign key (client_id, user_id) references members (client_id, user_id) on update cascade on delete set null (user_id)
);

comment on column guests.business_email is 'sealed: encrypted and bound to its row, with the id of its key before it';
comment on column guests.business_phone is 'sealed: encrypted and bound to its row, with the id of its key before it';

select make_records('guest', 'guests', '{search}');

-- Who a guest is does not go into a log that nobody can change: that it changed does.
drop trigger guests_change_log on guests;
create trigger guests_change_log after insert or update or delete on guests
    for each row execute function write_change_log(
        'guest', '{version,updated_at,search}',
        '{name,business_name,business_email,business_phone,website,bio_url,role,notes,outfit_refs,external_id,tags,custom_fields,deleted_reason}');

alter table guests add column search tsvector not null generated always as (
    setweight(to_tsvector('names', name), 'A')
    || setweight(to_tsvector('names', tags_as_text(tags)), 'A')
    || setweight(to_tsvector('names', coalesce(role, '') || ' ' || coalesce(business_name, '')), 'B')
    || setweight(to_tsvector('names', coalesce(notes, '')), 'C')) stored;

-- the guest that a clip names; whether there is one of that name already
create index guests_lower_name_idx on guests (client_id, lower(name), id) where deleted_at is null and erased_at is null;

-- ?sort=name
create index guests_name_idx on guests (client_id, name, id) where deleted_at is null;

-- ?user_id=, and what follows a member
create index guests_user_idx on guests (client_id, user_id) where user_id is not null;

-- ?q=
create index guests_search_idx on guests using gin (client_id, search);

-- GET /search by a name with typos, and by the very name
create index guests_name_like_idx on guests using gin (client_id, search_name(name) gin_trgm_ops) where deleted_at is null;
create index guests_same_name_idx on guests (client_id, search_name(name)) where deleted_at is null;

-- A clip of the source Guest may name the guest's record beside the name that was written.
alter table clips
    add column guest_id uuid,
    add constraint clips_guest_fk foreign key (client_id, guest_id) references guests (client_id, id) on delete set null (guest_id);

-- the clips of a guest, and what a purge of the guest empties
create index clips_guest_idx on clips (client_id, guest_id, created_at desc, id desc) where guest_id is not null;
-- the clips that name somebody
create index clips_guest_name_idx on clips (client_id, lower(guest_name)) where guest_name is not null;

drop trigger clips_change_log on clips;
create trigger clips_change_log after insert or update or delete on clips
    for each row execute function write_change_log('clip', '{version,updated_at,search,file_name}', '{guest_name}');

create table episode_guests (
    client_id uuid not null references clients (id),
    id uuid not null,
    episode_id uuid not null,
    guest_id uuid not null,
    role text,
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint episode_guests_once unique (client_id, episode_id, guest_id),
    foreign key (client_id, episode_id) references episodes (client_id, id) on delete cascade,
    foreign key (client_id, guest_id) references guests (client_id, id) on delete cascade
);

-- the guests of an episode, as they came
create index episode_guests_order_idx on episode_guests (client_id, episode_id, created_at, id);
-- the episodes of a guest, and what goes with one
create index episode_guests_guest_idx on episode_guests (client_id, guest_id);

create trigger episode_guests_change_log after insert or update or delete on episode_guests
    for each row execute function write_change_log('episode_guest', '{version,updated_at}', '{role}');

-- What lets a guest send files in: a token, of which the hash is kept.
create table guest_sessions (
    client_id uuid not null references clients (id),
    id uuid not null,
    guest_id uuid not null,
    prefix text not null,
    token_hash bytea not null constraint guest_sessions_token_unique unique check (length(token_hash) = 32),
    created_at timestamptz not null,
    created_by_kind text not null,
    created_by uuid,
    updated_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    last_used_at timestamptz,
    version int not null default 1,
    primary key (client_id, id),
    foreign key (client_id, guest_id) references guests (client_id, id) on delete cascade
);

comment on column guest_sessions.token_hash is 'SHA-256 of the token, which is random and long, so that no salt or stretching is needed';

-- the sessions of a guest, newest first
create index guest_sessions_guest_idx on guest_sessions (client_id, guest_id, created_at desc, id desc);
-- those to forget
create index guest_sessions_expired_idx on guest_sessions (expires_at);

create trigger guest_sessions_change_log after insert or update or delete on guest_sessions
    for each row execute function write_change_log('guest_session', '{version,updated_at,last_used_at}', '{token_hash}');

-- ?created_by=: what a guest has sent
create index uploads_created_by_idx on uploads (client_id, created_by, created_at desc, id desc) where created_by is not null;

-- Of guests nothing is kept that they have not to be known by: also not in the record of an episode that introduces them.
drop trigger episodes_change_log on episodes;
create trigger episodes_change_log after insert or update or delete on episodes for each row
    execute function write_change_log('episode', '{version,updated_at,search,more_outfits}', '{guest_info}');

drop trigger outfits_change_log on outfits;
create trigger outfits_change_log after insert or update or delete on outfits for each row
    execute function write_change_log('outfit', '{version,updated_at,search,items_text}', '{worn_by}');
drop trigger episode_outfits_change_log on episode_outfits;
create trigger episode_outfits_change_log after insert or update or delete on episode_outfits for each row
    execute function write_change_log('episode_outfit', '{}', '{worn_by}');
