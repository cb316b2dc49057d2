namespace MediaPlatform.Bench.Reading;

/// <summary>Rows by the million: triggers are set aside, and plain indexes are built once at the end instead of a million times.</summary>
internal static class BulkLoad
{
    private const string Build = """
        do $$
        declare
            one record;
        begin
            for one in select definition from set_aside loop
                execute one.definition;
            end loop;
        end $$;
        """;

    /// <param name="tables">Those that get many rows.</param>
    /// <param name="inserts">Statements that fill them, in one transaction.</param>
    public static async Task Run(BenchPlatform platform, IReadOnlyList<string> tables, string inserts)
    {
        await platform.Sql($"{SetAside(tables)}\n{inserts}\n{Build}");
        await platform.Sql($"vacuum (analyze) {string.Join(", ", tables)}");
        await platform.Sql("checkpoint");
    }

    /// <summary>
    /// Reads every table and index once, so that what is measured is in memory: what a load has just written is not, and a disk that is read for the first
    /// time says nothing of the statements.
    /// </summary>
    public static async Task Warm(BenchPlatform platform)
    {
        await platform.Sql("create extension if not exists pg_prewarm");
        await platform.Sql("""
            select sum(pg_prewarm(c.oid::regclass))
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('public', 'pg_toast') and c.relkind in ('r', 'i', 't') and pg_relation_size(c.oid) > 0
            """);
    }

    private static string SetAside(IReadOnlyList<string> tables) => $$"""
        set session_replication_role = replica;
        set synchronous_commit = off;
        set maintenance_work_mem = '512MB';
        set work_mem = '256MB';
        create temp table set_aside as
        select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
        from pg_index
        where indrelid = any ('{{{string.Join(",", tables)}}}'::regclass[]) and not exists (select from pg_constraint where conindid = indexrelid);
        do $$
        declare
            one record;
        begin
            for one in select name from set_aside loop
                execute 'drop index ' || one.name;
            end loop;
        end $$;
        """;
}
