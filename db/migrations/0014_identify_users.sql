-- A person may come by several issuers: each that says who the person is gives an identity. What an issuer calls the person (its
-- subject) is known once, and an issuer knows a user by one subject alone: an email that was given to somebody else there must not
-- bring the old owner's rights along.
create table user_identities (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    issuer text not null check (length(issuer) between 1 and 500),
    subject text not null check (length(subject) between 1 and 255),
    created_at timestamptz not null,
    constraint user_identities_subject_unique unique (issuer, subject), -- also how each sign-in is looked up
    constraint user_identities_one_per_issuer unique (user_id, issuer)
);

insert into user_identities (id, user_id, issuer, subject, created_at)
select gen_random_uuid(), id, oidc_issuer, oidc_subject, created_at
from users
where oidc_issuer is not null and oidc_subject is not null;

alter table users drop column oidc_issuer, drop column oidc_subject;

create trigger user_identities_change_log after insert or update or delete on user_identities
    for each row execute function write_change_log('user_identity', '{}', '{}');

-- A key that is rotated has two secrets for a while.
alter table api_keys
    add column previous_secret_hash bytea constraint api_keys_previous_secret_unique unique check (length(previous_secret_hash) = 32),
    add column previous_until timestamptz,
    add column rotated_at timestamptz,
    add constraint api_keys_previous_ends check ((previous_secret_hash is null) = (previous_until is null));

comment on column api_keys.previous_secret_hash is 'the secret before the last rotation, which lets in until previous_until';

drop trigger api_keys_change_log on api_keys;
create trigger api_keys_change_log after insert or update or delete on api_keys
    for each row execute function write_change_log('api_key', '{version,updated_at,last_used_at}', '{secret_hash,previous_secret_hash}');
