using Npgsql;

namespace MediaPlatform.Tests.Support;

/// <summary>A fixture with a connection to a database of its own, which has the whole schema and nothing else.</summary>
public abstract class DatabaseFixture
{
    protected string ConnectionString { get; private set; } = null!;

    protected NpgsqlConnection Connection { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task Connect()
    {
        ConnectionString = await TestServers.CreateDatabase();
        Connection = new NpgsqlConnection(ConnectionString);
        await Connection.OpenAsync();
    }

    [OneTimeTearDown]
    public async Task Disconnect()
    {
        await Connection.DisposeAsync();
        await TestServers.DropDatabase(ConnectionString);
    }
}
