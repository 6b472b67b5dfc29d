using Bank.StreamStore.Sql;
using Bank.StreamStore.Streams;
using Microsoft.Data.SqlClient;
using Microsoft.Data.SqlClient.Server;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Bank.StreamStore.Tests;

/// <summary>Every statement for SQL Server, read by Microsoft's own parser, and what is sent with them.</summary>
public sealed class MsSqlStatementTests
{
    public static TheoryData<string, string> Statements()
    {
        var data = new TheoryData<string, string>();
        AddTexts(data, MsSqlSql.For("bank"));
        var scripts = new MsSqlScripts("bank");
        foreach (var property in typeof(MsSqlScripts).GetProperties())
        {
            var value = property.GetValue(scripts);
            foreach (var statement in value as IReadOnlyList<string> ?? [(string)value!]) data.Add(property.Name, statement);
        }

        return data;
    }

    private static void AddTexts(TheoryData<string, string> data, object texts)
    {
        foreach (var property in texts.GetType().GetProperties())
        {
            switch (property.GetValue(texts))
            {
                case string statement:
                    data.Add(property.Name, statement);
                    break;
                case Func<bool, bool, string> page:
                    foreach (var (forwards, prefetch) in new[] { (true, true), (true, false), (false, true), (false, false) })
                        data.Add($"{property.Name} {forwards} {prefetch}", page(forwards, prefetch));
                    break;
                case Func<Pattern, string> list:
                    foreach (var pattern in new[] { Pattern.Anything(), Pattern.StartsWith("a"), Pattern.EndsWith("a") }) data.Add($"{property.Name} {pattern}", list(pattern));
                    break;
                case RetentionText or ArchiveText:
                    AddTexts(data, property.GetValue(texts)!);
                    break;
                case null:
                    break;
                case { } other:
                    throw new InvalidOperationException($"{property.Name} is a {other.GetType()}, which this test does not know.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void Every_statement_is_T_SQL(string name, string statement) => AssertParses(name, statement);

    [Fact]
    public void The_parser_does_complain() => Assert.NotEmpty(Parse("CREATE TABLE IF NOT EXISTS x (id INT)").Errors);

    [Fact]
    public void Statements_for_any_schema_leave_nothing_open() =>
        Assert.All(Statements().Select(row => (string)row[1]), statement => Assert.DoesNotContain("{", statement, StringComparison.Ordinal));

    [Fact]
    public void The_procedure_is_created_from_within_the_script()
    {
        var executed = Executed(new MsSqlScripts("bank").CreateSchema);
        Assert.Contains(executed, text => text.Contains("CREATE PROCEDURE [bank].[AppendGroup_1]", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("stream-1", "0268031BC591AD2023A9540AB9658BD67CB296D8")]
    [InlineData("$deleted", "3A6B2F0A2C8DE85A87ACD69A74E8B58B0233C7AA")]
    [InlineData("$$stream-1", "$$0268031BC591AD2023A9540AB9658BD67CB296D8")]
    [InlineData("$$$deleted", "$$3A6B2F0A2C8DE85A87ACD69A74E8B58B0233C7AA")]
    [InlineData("7c9e6679-7425-40de-944b-e07fc1f90ae7", "7c9e6679-7425-40de-944b-e07fc1f90ae7")]
    [InlineData("$$7c9e6679-7425-40de-944b-e07fc1f90ae7", "$$7c9e6679-7425-40de-944b-e07fc1f90ae7")]
    public void Metadata_streams_have_the_key_of_their_stream_after_two_dollars(string stream, string key) => Assert.Equal(key, MsSqlStreamKey.Of(stream));

    [Fact]
    public void No_key_is_longer_than_its_column() =>
        Assert.Equal(40, MsSqlStreamKey.OfMetadata("\t\t7c9e6679-7425-40de-944b-e07fc1f90ae7\t\t\t").Length);

    [Fact]
    public void Ids_of_metadata_are_those_that_SqlStreamStore_makes_on_SQL_Server()
    {
        using var store = new MsSqlStreamStoreV3(new MsSqlStreamStoreV3Settings("Server=nowhere"));
        var metadata = new MetadataMessage { StreamId = "stream-1", MaxCount = 2 };
        var message = Assert.Single(RetentionRules.MessagesFor(metadata, store.MetadataIdStream("stream-1"), ExpectedVersion.Any, head: -1));
        Assert.Equal(new Guid("201a15c8-873c-57f1-afae-237c72154d8a"), message.MessageId);
    }

    [Fact]
    public void No_character_of_a_pattern_is_special() => Assert.Equal(@"a\\b\%c\_d\[e]", MsSqlSql.Literally(@"a\b%c_d[e]"));

    [Theory]
    [InlineData(1205, 13, true)]
    [InlineData(1222, 16, true)]
    [InlineData(-2, 11, true)]
    [InlineData(596, 21, true)]
    [InlineData(99999, 20, true)]
    [InlineData(2627, 14, false)]
    [InlineData(18456, 14, false)]
    [InlineData(50000, 16, false)]
    public void What_may_pass_is_tried_again(int number, byte severity, bool mayPass) => Assert.Equal(mayPass, MsSqlErrors.MayPass(number, severity));

    [Fact]
    public void A_group_is_sent_as_three_tables()
    {
        PendingAppend[] group =
        [
            new("a", "", ExpectedVersion.Any, Messages(1, 2), default), new("b", "", 4, Messages(1), default), new("a", "", ExpectedVersion.NoStream, [], default), new("b", "", 5, Messages(2), default),
        ];
        using var command = new MsSqlAppends("bank").Command(null, group, null);
        Assert.Equal("[bank].[AppendGroup_1]", command.CommandText);
        Assert.Equal(["1|86F7E437FAA5A7FCE15D1DDCB9EAEAEA377667B8|a|$$86F7E437FAA5A7FCE15D1DDCB9EAEAEA377667B8", $"2|{MsSqlStreamKey.Of("b")}|b|$${MsSqlStreamKey.Of("b")}"], Rows(command, "@streams"));
        // Number, stream, round, expected version, count.
        Assert.Equal(["1|1|1|-2|2", "2|2|1|4|1", "3|1|2|-3|0", "4|2|2|5|1"], Rows(command, "@appends"));
        var first = new Guid(1, 0, 0, new byte[8]);
        var second = new Guid(2, 0, 0, new byte[8]);
        Assert.Equal(
            [$"1|0|{first}|type|{{\"number\":1}}|", $"1|1|{second}|type|{{\"number\":2}}|", $"2|0|{first}|type|{{\"number\":1}}|", $"4|0|{second}|type|{{\"number\":2}}|"],
            Rows(command, "@messages"));
        Assert.Equal(DBNull.Value, command.Parameters["@created"].Value);
    }

    [Fact]
    public void A_table_without_rows_is_sent_as_null()
    {
        using var command = new MsSqlAppends("bank").Command(null, [new("a", "", ExpectedVersion.Any, [], default)], null);
        Assert.Null(command.Parameters["@messages"].Value);
    }

    private static NewStreamMessage[] Messages(params int[] ids) =>
        [.. ids.Select(id => new NewStreamMessage(new Guid(id, 0, 0, new byte[8]), "type", $$"""{"number":{{id}}}"""))];

    // The rows share one record, so each must be read before the next.
    private static List<string> Rows(SqlCommand command, string parameter)
    {
        var rows = new List<string>();
        foreach (var record in (IEnumerable<SqlDataRecord>)command.Parameters[parameter].Value!)
            rows.Add(string.Join('|', Enumerable.Range(0, record.FieldCount).Select(record.GetValue)));
        return rows;
    }

    private static void AssertParses(string name, string statement)
    {
        var errors = Parse(statement).Errors;
        Assert.True(errors.Count == 0, $"{name}: {string.Join("; ", errors.Select(error => $"line {error.Line}: {error.Message}"))}\n{statement}");
        foreach (var executed in Executed(statement)) AssertParses(name, executed);
    }

    private static (TSqlFragment Tree, IList<ParseError> Errors) Parse(string statement) =>
        (new TSql130Parser(initialQuotedIdentifiers: true).Parse(new StringReader(statement), out var errors), errors);

    /// <summary>The texts that a statement hands to EXEC.</summary>
    private static List<string> Executed(string statement)
    {
        var literals = new Literals();
        Parse(statement).Tree.Accept(literals);
        return literals.Texts;
    }

    private sealed class Literals : TSqlFragmentVisitor
    {
        public List<string> Texts { get; } = [];

        public override void Visit(ExecutableStringList node) => Texts.Add(string.Concat(node.Strings.OfType<StringLiteral>().Select(literal => literal.Value)));
    }
}
