using System.Security.Cryptography;
using System.Text;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>PostgreSQL cuts names off after 63 bytes, so that longer ones must not come to be.</summary>
public sealed class PostgreSqlNameLengthTests(PostgreSqlDatabase database) : IClassFixture<PostgreSqlDatabase>
{
    [SkippableFact]
    public async Task A_saga_table_of_20_and_43_characters_is_the_longest_and_keeps_its_whole_name()
    {
        Skip.If(database.Missing is not null, database.Missing);
        var (prefix, suffix) = ("Twenty_characters__x", new string('s', 43));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Install(suffix + "s"));
        Assert.Contains($"the table suffix '{suffix}s' is longer than 43 characters", error.Message, StringComparison.Ordinal);
        await Install(suffix);
        Assert.Equal(
            [$"{prefix}{suffix}|{prefix}_i_{OrderIndexOf(suffix)}"],
            await database.Ask($"select tablename, indexname from pg_indexes where tablename like '{prefix}sss%' and indexname like '%\\_i\\_%'"));

        Task Install(string name) => database.Install(prefix, configure: values => values.SagaTableName = _ => name);
    }

    private static string OrderIndexOf(string suffix) =>
        Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(suffix + "/OrderId")));
}
