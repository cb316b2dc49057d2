-- A wake-up may be for later: the end of a backoff. It is relayed when it is due.

alter table job_outbox add column due_at timestamptz not null default now();

-- the relay, oldest due first
create index job_outbox_due_idx on job_outbox (due_at, id);

-- Rows that came when their month had no partition lie in the default one, and keep a partition of that month from being made:
-- then they move into it. The default is taken off meanwhile, which also takes off the trigger that keeps it from losing rows.
create or replace function create_change_log_partitions(starting date, months int) returns void
language plpgsql as $$
declare
    month date := date_trunc('month', starting)::date;
    lower_bound timestamptz;
    upper_bound timestamptz;
    command text;
begin
    for i in 0 .. months - 1 loop
        lower_bound := month::timestamp at time zone 'UTC';
        upper_bound := (month + interval '1 month')::timestamp at time zone 'UTC';
        command := format(
            'create table if not exists change_log_%s partition of change_log for values from (%L) to (%L)', to_char(month, 'YYYYMM'), lower_bound, upper_bound);
        begin
            execute command;
        exception when check_violation then
            alter table change_log detach partition change_log_default;
            execute command;
            with moved as (
                delete from change_log_default
                where occurred_at >= lower_bound and occurred_at < upper_bound
                returning id, occurred_at, transaction_id, client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes
            )
            insert into change_log (id, occurred_at, transaction_id, client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes)
            overriding system value
            select id, occurred_at, transaction_id, client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes
            from moved;
            alter table change_log attach partition change_log_default default;
        end;
        month := (month + interval '1 month')::date;
    end loop;
end $$;

select create_change_log_partitions((now() at time zone 'UTC')::date, 3);
