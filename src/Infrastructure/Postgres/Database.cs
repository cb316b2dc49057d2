using System.Diagnostics;
using MediaPlatform.Application.Media;
using Npgsql;

namespace MediaPlatform.Infrastructure.Postgres;

/// <summary>Makes the one data source of a process.</summary>
internal static class Database
{
    public static NpgsqlDataSource CreateDataSource(DatabaseOptions options, string applicationName)
    {
        DapperSetup.EnsureRegistered();
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            ApplicationName = applicationName,
            MaxPoolSize = options.MaxPoolSize,
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            Timeout = 15, // also the wait for a free connection, in which a burst of uploads of the same bytes stands in line
            CommandTimeout = (int)options.StatementTimeout.TotalSeconds + 5, // the server's own limit speaks first
            IncludeErrorDetail = false,
            NoResetOnClose = true, // nothing is set on a session: actors are settings of a transaction, locks of the worker's own connections
        };
        var longest = (int)options.StatementTimeout.TotalMilliseconds;
        var longestWait = longest * 4 / 5; // below the statement's, so that who waited for others is told that, and not that the query was too expensive
        // Above the server's default of 4 MB, in which a bitmap of what is found in a million rows does not keep the rows apart, so that whole pages are looked through. An option of the
        // connection string comes later and counts.
        connection.Options = $"-c work_mem=16MB {connection.Options} -c statement_timeout={longest} -c lock_timeout={longestWait} -c timezone=UTC -c jit=off -c pg_trgm.word_similarity_threshold=0.4".Trim(); // at the default of 0.6 a word may not have two letters exchanged
        var source = Named(connection.ConnectionString, applicationName);
        source.MapComposite<VariantDetails>("rendition");
        return source.Build();
    }

    /// <summary>A source that figures and spans show by a name, which otherwise would be the connection string.</summary>
    public static NpgsqlDataSourceBuilder Named(string connectionString, string name)
    {
        var source = new NpgsqlDataSourceBuilder(connectionString) { Name = name };
        return source.ConfigureTracing(static traced => traced
            .ConfigureCommandFilter(static _ => Activity.Current is not null) // what a request or a job asks; not what looks for work, several times a second
            .EnablePhysicalOpenTracing(false)
            .EnableFirstResponseEvent(false));
    }
}
