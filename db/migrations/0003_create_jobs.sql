-- A job is a row written in the transaction that needs it; the broker carries wake-ups alone.

create table jobs (
    client_id uuid not null references clients (id),
    id uuid not null,
    type text not null,
    family text not null check (family in ('image', 'video', 'generation', 'library', 'maintenance')),
    subject_type text,
    subject_id uuid,
    payload jsonb not null default '{}',
    status text not null default 'queued' check (status in ('queued', 'running', 'succeeded', 'failed', 'dead', 'canceled')),
    attempts int not null default 0,
    max_attempts int not null check (max_attempts between 1 and 100),
    run_after timestamptz not null,
    lease_token uuid,
    lease_until timestamptz,
    progress int not null default 0 check (progress between 0 and 100),
    timeline jsonb not null default '[]',
    error_code text,
    error_message text,
    dedupe_key text,
    request_id text,
    cancel_requested_at timestamptz,
    canceled_by uuid,
    retried_at timestamptz,
    retried_by uuid,
    created_at timestamptz not null,
    created_by uuid,
    started_at timestamptz,
    finished_at timestamptz,
    updated_at timestamptz not null,
    version int not null default 1,
    primary key (client_id, id),
    constraint jobs_leased_while_running check ((status = 'running') = (lease_token is not null and lease_until is not null)),
    constraint jobs_finished_at_the_end check ((status in ('queued', 'running')) = (finished_at is null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02); -- a job's row is updated at least twice

-- one live job for one piece of work
create unique index jobs_one_live_per_key on jobs (client_id, type, dedupe_key) where status in ('queued', 'running');
-- the claim: tenants of a family by skipping along client_id, then the first due job of one
create index jobs_claim_idx on jobs (family, client_id, run_after, id) where status = 'queued';
-- how many a tenant runs
create index jobs_running_idx on jobs (family, client_id) where status = 'running';
-- leases that ran out
create index jobs_lease_idx on jobs (lease_until) where status = 'running';
-- the list, newest first
create index jobs_list_idx on jobs (client_id, created_at desc, id desc);
-- the timeline of a subject
create index jobs_subject_idx on jobs (client_id, subject_id, created_at desc) where subject_id is not null;
-- what may be forgotten
create index jobs_finished_idx on jobs (finished_at) where finished_at is not null;

create table job_outbox (
    id bigint generated always as identity primary key,
    client_id uuid not null,
    job_id uuid not null,
    family text not null
) with (autovacuum_vacuum_scale_factor = 0.01);

-- the machine runs a job; a person queues, cancels and retries it
create trigger jobs_change_log after insert or update or delete on jobs
    for each row execute function write_change_log(
        'job',
        '{version,updated_at,status,attempts,run_after,lease_token,lease_until,progress,timeline,error_code,error_message,started_at,finished_at}',
        '{payload}');
