drop trigger api_keys_change_log on api_keys;
create trigger api_keys_change_log after insert or update or delete on api_keys
    for each row execute function write_change_log('api_key', '{version,updated_at,last_used_at}', '{secret_hash}');

alter table api_keys
    drop constraint api_keys_previous_ends,
    drop column rotated_at,
    drop column previous_until,
    drop column previous_secret_hash;

alter table users add column oidc_issuer text, add column oidc_subject text;

-- There is room for one: the oldest.
update users
set oidc_issuer = first.issuer, oidc_subject = first.subject
from (select distinct on (user_id) user_id, issuer, subject from user_identities order by user_id, created_at, id) first
where first.user_id = users.id;

alter table users add constraint users_subject_unique unique (oidc_issuer, oidc_subject);

drop table user_identities;
