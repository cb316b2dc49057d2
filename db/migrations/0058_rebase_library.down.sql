drop table library_rebase_objects;
drop table library_rebases;
alter table clients drop column library_root_version;
delete from job_outbox o using jobs j where j.client_id = o.client_id and j.id = o.job_id and j.type = 'LIBRARY_REBASE';
delete from jobs where type = 'LIBRARY_REBASE';
