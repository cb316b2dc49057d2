drop table change_log_forgotten;
drop index change_log_fields_idx;
drop index change_log_actor_idx;
drop index change_log_list_idx;
drop index change_log_feed_idx;
drop function changed_fields(jsonb);
