-- pg_restore fills tables without a search path. What computes a column out of the platform's own functions and text search configurations finds them by its own.
alter function script_words(text) set search_path from current;
