alter table job_outbox drop column due_at;
