-- Who acted is a kind and an id, as in the change log: an id alone does not say whether it is a user's, a key's or a job's.
-- So far only keys have called; where there is no id, it was the platform itself.

alter table members add column created_by_kind text not null default 'key';
alter table api_keys add column created_by_kind text not null default 'key', add column revoked_by_kind text;
alter table jobs add column created_by_kind text not null default 'key', add column canceled_by_kind text, add column retried_by_kind text;
alter table media_assets add column deleted_by_kind text, add column restored_by_kind text;
alter table attachable_owners add column created_by_kind text not null default 'key';
alter table media_attachments add column created_by_kind text not null default 'key';

update members set created_by_kind = 'system' where created_by is null;
update api_keys set created_by_kind = 'system' where created_by is null;
update jobs set created_by_kind = 'system' where created_by is null;
update attachable_owners set created_by_kind = 'system' where created_by is null;
update media_attachments set created_by_kind = 'system' where created_by is null;

update api_keys set revoked_by_kind = case when revoked_by is null then 'system' else 'key' end where revoked_at is not null;
update jobs set canceled_by_kind = 'key' where canceled_by is not null;
update jobs set retried_by_kind = 'key' where retried_by is not null;
update media_assets set deleted_by_kind = case when deleted_by is null then 'system' else 'key' end where deleted_at is not null;
update media_assets set restored_by_kind = case when restored_by is null then 'system' else 'key' end where restored_at is not null;

alter table members alter column created_by_kind drop default;
alter table api_keys alter column created_by_kind drop default;
alter table jobs alter column created_by_kind set default 'system'; -- the scheduler's are the platform's own
alter table attachable_owners alter column created_by_kind drop default;
alter table media_attachments alter column created_by_kind drop default;
