-- Forgets the oldest month of the log that had ended before the time given: its partition is dropped, and what is critical goes on to live in a
-- small one in its place, "…_kept", so that whoever reads the log finds it where it was. Gives the partition's name, or null when there is
-- none to forget. All in one transaction, and one at a time: who is killed half-way has changed nothing, and who comes second takes the next.
-- Nothing is deleted row by row, so that the log stays append-only for this function as for everybody.
create function forget_changes(before timestamptz) returns text
language plpgsql
set lock_timeout = '2s' -- writers wait behind who waits for the log: rather another time
as $$
declare
    old_name text;
    kept_name text;
    lower_bound timestamptz;
    upper_bound timestamptz;
    newest xid8;
    kept bigint;
begin
    if before > now() - interval '90 days' then
        raise exception 'changes are kept for 90 days at least' using errcode = 'restrict_violation';
    end if;

    perform pg_advisory_xact_lock(hashtextextended('mediaplatform.forget_changes', 0));

    select
        partition.relname,
        to_date(substring(partition.relname from 12), 'YYYYMM')::timestamp at time zone 'UTC',
        (to_date(substring(partition.relname from 12), 'YYYYMM') + interval '1 month')::timestamp at time zone 'UTC'
    into old_name, lower_bound, upper_bound
    from pg_inherits child
    join pg_class partition on partition.oid = child.inhrelid
    where child.inhparent = 'change_log'::regclass
        and partition.relname ~ '^change_log_\d{6}$'
        and (to_date(substring(partition.relname from 12), 'YYYYMM') + interval '1 month')::timestamp at time zone 'UTC' <= before
    order by partition.relname
    limit 1;

    if old_name is null then
        return null;
    end if;

    kept_name := old_name || '_kept';
    execute format('lock table %I in share row exclusive mode', old_name); -- whoever still wrote there is seen below
    execute format(
        'create table %I (like change_log including defaults including constraints, '
        || 'constraint in_its_month check (occurred_at is not null and occurred_at >= %L and occurred_at < %L))', -- so that attaching need not look
        kept_name, lower_bound, upper_bound);
    execute format(
        'insert into %I (id, occurred_at, transaction_id, client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes, critical) '
        || 'select id, occurred_at, transaction_id, client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes, true '
        || 'from %I where critical or operation = ''delete'' or changes ? ''deleted_at''', -- rows from before they said so themselves
        kept_name, old_name);
    get diagnostics kept = row_count;
    execute format('select transaction_id from %I order by transaction_id desc limit 1', old_name) into newest;
    update change_log_forgotten set through = greatest(through, newest);

    execute format('alter table change_log detach partition %I', old_name);
    execute format('drop table %I', old_name);
    if kept = 0 then
        execute format('drop table %I', kept_name);
    else
        execute format('alter table change_log attach partition %I for values from (%L) to (%L)', kept_name, lower_bound, upper_bound);
        execute format('alter table %I drop constraint in_its_month', kept_name);
    end if;

    return old_name;
end $$;
