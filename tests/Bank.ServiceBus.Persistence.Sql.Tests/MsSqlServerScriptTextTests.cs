using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>The scripts for SQL Server, read as sqlcmd runs them: without QUOTED_IDENTIFIER and outside of a transaction.</summary>
public sealed class MsSqlServerScriptTextTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("scripts-").FullName;
    private readonly IReadOnlyList<string> files;

    public MsSqlServerScriptTextTests() =>
        files = ScriptWriter.Write(new SqlPersistenceSettingsAttribute { MsSqlServerScripts = true }, [typeof(OrderSaga), typeof(InvoiceSaga)], folder);

    [Fact]
    public void Outbox_and_sagas_each_have_a_script_that_creates_and_one_that_drops() =>
        Assert.Equal(
            [
                "MsSqlServer/Outbox_Create.sql", "MsSqlServer/Outbox_Drop.sql", "MsSqlServer/Sagas/Invoices_Create.sql", "MsSqlServer/Sagas/Invoices_Drop.sql",
                "MsSqlServer/Sagas/OrderSaga_Create.sql", "MsSqlServer/Sagas/OrderSaga_Drop.sql",
            ],
            files.Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_script_makes_names_of_what_is_in_double_quotes_before_it_has_any() =>
        Assert.All(files, file =>
        {
            var errors = Errors(File.ReadAllText(file));
            Assert.True(errors.Count == 0, $"{file}: {string.Join("; ", errors.Select(error => $"line {error.Line}: {error.Message}"))}\n{File.ReadAllText(file)}");
        });

    [Fact]
    public void Without_its_first_line_no_script_could_be_read() =>
        Assert.All(files, file => Assert.NotEmpty(Errors(string.Join('\n', File.ReadAllLines(file).Skip(1)))));

    [Fact]
    public void A_lock_that_belongs_to_the_transaction_is_asked_for_only_where_there_is_one() =>
        Assert.All(files.Where(file => file.EndsWith("_Create.sql", StringComparison.Ordinal)), file =>
        {
            var locks = new Locks();
            Parse(File.ReadAllText(file)).Tree.Accept(locks);
            Assert.Equal((1, 1), (locks.All, locks.InTransaction));
        });

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static IList<ParseError> Errors(string script) => Parse(script).Errors;

    private static (TSqlFragment Tree, IList<ParseError> Errors) Parse(string script) =>
        (new TSql130Parser(initialQuotedIdentifiers: false).Parse(new StringReader(script), out var errors), errors);

    private sealed class Locks : TSqlFragmentVisitor
    {
        public int All { get; private set; }

        public int InTransaction { get; private set; }

        public override void Visit(ExecutableProcedureReference node) => All++;

        public override void Visit(IfStatement node)
        {
            if (node is { Predicate: BooleanComparisonExpression { FirstExpression: GlobalVariableExpression { Name: "@@trancount" } }, ThenStatement: ExecuteStatement }) InTransaction++;
        }
    }
}
