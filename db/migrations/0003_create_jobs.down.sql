drop table job_outbox;
drop table jobs;
