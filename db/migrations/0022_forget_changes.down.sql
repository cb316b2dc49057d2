drop function forget_changes(timestamptz);
