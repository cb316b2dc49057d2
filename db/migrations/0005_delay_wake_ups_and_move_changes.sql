-- A wake-up may be for later: the end of a backoff. It is relayed when it is due.

alter table job_outbox add column due_at timestamptz not null default now();

-- the relay, oldest due first
create index job_outbox_due_idx on job_outbox (due_at, id);
