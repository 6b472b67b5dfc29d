using Bank.StreamStore.Sql;
using Bank.Testing.Servers;
using Npgsql;

namespace Bank.StreamStore.Tests;

public sealed class PostgresAnnouncementsTests : IAsyncLifetime
{
    private const string Schema = "some_schema";
    private string connectionString = "";
    private int rounds;
    private int told;

    public async Task InitializeAsync() => connectionString = await TestDatabase.Create();

    public Task DisposeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task Nobody_is_told_while_none_but_the_store_itself_listens()
    {
        Skip.If(connectionString.Length == 0, TestDatabase.WhyMissing);
        using var announcements = Announcements();
        await using var own = await Connect();
        await announcements.Listen(own, default);

        // Two rounds are over when the third has begun.
        for (var round = 1; round <= 3; round++)
        {
            announcements.Tell();
            await Until(() => Task.FromResult(Volatile.Read(ref rounds) >= round), $"round {round}");
        }

        await Receive(own);
        Assert.Equal(0, told);

        using var others = Announcements();
        await using var other = await Connect();
        await others.Listen(other, default);
        announcements.Tell();
        await Until(
            async () =>
            {
                await Receive(other);
                return told > 0;
            },
            "the other listener to be told");
    }

    private PostgresAnnouncements Announcements() => new(
        async _ =>
        {
            Interlocked.Increment(ref rounds);
            return await Connect();
        },
        Schema);

    private async Task<NpgsqlConnection> Connect()
    {
        var connection = new NpgsqlConnection(connectionString);
        connection.Notification += (_, notification) => told += notification.Payload == Schema ? 1 : 0;
        await connection.OpenAsync();
        return connection;
    }

    private static async Task Until(Func<Task<bool>> condition, string what)
    {
        var deadline = DateTime.UtcNow.AddMinutes(1);
        while (!await condition())
        {
            if (DateTime.UtcNow > deadline) Assert.Fail($"There was no sign of {what} within a minute.");
            await Task.Delay(10);
        }
    }

    // What was told before comes with the answer.
    private static async Task Receive(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        await command.ExecuteNonQueryAsync();
    }
}
