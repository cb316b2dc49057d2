drop table import_rows;
drop table imports;
drop function keep_imports();
delete from job_outbox o using jobs j where j.client_id = o.client_id and j.id = o.job_id and j.type = 'SET_IMPORT';
delete from jobs where type = 'SET_IMPORT';
