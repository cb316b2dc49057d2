drop function library_object_is_known(uuid, text, text, uuid, boolean);
drop index object_deletions_key_idx;
drop index media_variants_stored_idx;
drop index media_assets_stored_idx;
drop table stray_renditions;
drop table library_findings;
drop table library_verifications;
delete from job_outbox o using jobs j where j.client_id = o.client_id and j.id = o.job_id and j.type in ('LIBRARY_VERIFY', 'LIBRARY_REBASE');
delete from jobs where type in ('LIBRARY_VERIFY', 'LIBRARY_REBASE');
