drop table change_log;
drop function write_change_log();
drop function refuse_change();
drop function create_change_log_partitions(date, int);
