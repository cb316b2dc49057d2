using Npgsql;

namespace MediaPlatform.Tests.Support;

/// <summary>Makes a used database what it was when it was made, without making it again: that costs a test more than all else it does.</summary>
internal static class Renewal
{
    private const string Functions = """
        create function pg_temp.seeded() returns text[] language plpgsql as $$
        declare
            place regclass;
            is_filled boolean;
            found text[] := '{}';
        begin
            for place in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by relname loop
                execute format('select exists (select from %s)', place) into is_filled;
                if is_filled then found := found || place::text; end if;
            end loop;
            return found;
        end $$;

        create function pg_temp.fingerprint(seeded text[]) returns text language plpgsql as $$
        declare
            place text;
            held text;
            result text := (
                select md5(string_agg(concat_ws(' ', version, id, part), ',' order by version::text, id, part))
                from (
                    select xmin as version, oid as id, 0 as part from pg_proc where pronamespace = 'public'::regnamespace
                    union all
                    select xmin, oid, 0 from pg_constraint where connamespace = 'public'::regnamespace
                    union all
                    select definition.xmin, definition.oid, 0 from pg_trigger definition join pg_class on pg_class.oid = tgrelid where relnamespace = 'public'::regnamespace
                    union all
                    select definition.xmin, attrelid, attnum from pg_attribute definition join pg_class on pg_class.oid = attrelid where relnamespace = 'public'::regnamespace
                ) as definitions);
        begin
            foreach place in array seeded loop
                execute format('select md5(string_agg(content::text, '','' order by content::text)) from %s as content', place) into held;
                result := md5(concat(result, held));
            end loop;
            return result;
        end $$;
        """;

    private const string Note = Functions + """
        do $$
        begin
            execute format('comment on database %I is %L', current_database(), json_build_object('seeded', pg_temp.seeded(), 'fingerprint', pg_temp.fingerprint(pg_temp.seeded())));
        end $$
        """;

    // whoever was at something is sent away, and those who are idle stay
    private const string Empty = Functions + """
        select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state is distinct from 'idle';

        set session_replication_role = replica;

        create function pg_temp.empty(known json) returns boolean language plpgsql as $$
        declare
            place regclass;
            seeded text[] := array(select json_array_elements_text(known -> 'seeded'));
        begin
            if pg_temp.fingerprint(seeded) is distinct from known ->> 'fingerprint' then return false; end if;

            for place in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and not oid = any(seeded::regclass[]) loop
                execute format('delete from %s', place);
            end loop;
            perform setval(oid::regclass, 1, false) from pg_class where relkind = 'S' and relname not like 'schemaversions%';
            return true;
        end $$;

        select pg_temp.empty(shobj_description((select oid from pg_database where datname = @template), 'pg_database')::json);
        """;

    /// <summary>Writes down what a new template is, as a comment on it: its definitions and what the migrations put in its tables.</summary>
    public static async Task NoteTemplate(string connectionString)
    {
        await using var connection = await Open(connectionString);
        await using var command = new NpgsqlCommand(Note, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Ends what goes on there and takes out all that was put in since. Whether that made it as new: it does not where a test has
    /// changed definitions, or what the migrations had put in. And how many sessions it has ended.
    /// </summary>
    public static async Task<(bool IsNew, long Ended)> TryEmpty(string connectionString, string template)
    {
        await using var connection = await Open(connectionString);
        await using var command = new NpgsqlCommand(Empty, connection);
        command.Parameters.AddWithValue("template", template);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var ended = reader.GetInt64(0);
        await reader.NextResultAsync();
        await reader.ReadAsync();
        return (reader.GetBoolean(0), ended);
    }

    private static async Task<NpgsqlConnection> Open(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
