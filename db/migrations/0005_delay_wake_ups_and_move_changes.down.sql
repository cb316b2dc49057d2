create or replace function create_change_log_partitions(starting date, months int) returns void
language plpgsql as $$
declare
    month date := date_trunc('month', starting)::date;
begin
    for i in 0 .. months - 1 loop
        execute format(
            'create table if not exists change_log_%s partition of change_log for values from (%L) to (%L)',
            to_char(month, 'YYYYMM'), month::timestamp at time zone 'UTC', (month + interval '1 month')::timestamp at time zone 'UTC');
        month := (month + interval '1 month')::date;
    end loop;
end $$;

alter table job_outbox drop column due_at;
