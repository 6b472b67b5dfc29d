using Bank.StreamStore.Sql;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Bank.StreamStore.Tests;

/// <summary>The tables that the script for SQL Server makes are those of SqlStreamStore's schema version 3: read from the script by Microsoft's own parser.</summary>
public sealed class MsSqlSchemaTextTests
{
    private static readonly string[] s_streams =
    [
        "[Id] CHAR (42) NOT NULL",
        "[IdOriginal] NVARCHAR (1000) NOT NULL",
        "[IdInternal] INT IDENTITY (1, 1) NOT NULL",
        "[Version] INT DEFAULT (-1) NOT NULL",
        "[Position] BIGINT DEFAULT (-1) NOT NULL",
        "[MaxAge] INT DEFAULT (NULL) NULL",
        "[MaxCount] INT DEFAULT (NULL) NULL",
        "[IdOriginalReversed] AS REVERSE([IdOriginal])",
        "CONSTRAINT [PK_Streams] PRIMARY KEY CLUSTERED ([IdInternal])",
    ];

    private static readonly string[] s_messages =
    [
        "[StreamIdInternal] INT NOT NULL",
        "[StreamVersion] INT NOT NULL",
        "[Position] BIGINT IDENTITY (0, 1) NOT NULL",
        "[Id] UNIQUEIDENTIFIER NOT NULL",
        "[Created] DATETIME NOT NULL",
        "[Type] NVARCHAR (128) NOT NULL",
        "[JsonData] NVARCHAR (MAX) NOT NULL",
        "[JsonMetadata] NVARCHAR (MAX) NULL",
        "CONSTRAINT [PK_Events] PRIMARY KEY CLUSTERED ([Position])",
        "CONSTRAINT [FK_Events_Streams] FOREIGN KEY ([StreamIdInternal]) REFERENCES [bank].[Streams] ([IdInternal])",
        // Ours, added to theirs: null unless the message is archived.
        "[ArchivedIn] BIGINT NULL",
    ];

    private static readonly string[] s_newStreamMessages =
    [
        "[StreamVersion] INT IDENTITY (0, 1) NOT NULL",
        "[Id] UNIQUEIDENTIFIER NOT NULL",
        "[Created] DATETIME DEFAULT (GETUTCDATE()) NOT NULL",
        "[Type] NVARCHAR (128) NOT NULL",
        "[JsonData] NVARCHAR (MAX) NULL",
        "[JsonMetadata] NVARCHAR (MAX) NULL",
    ];

    private static readonly string[] s_indexes =
    [
        "UNIQUE IX_Messages_StreamIdInternal_Id Messages StreamIdInternal Id",
        "UNIQUE IX_Messages_StreamIdInternal_Revision Messages StreamIdInternal StreamVersion",
        "IX_Messages_StreamIdInternal_Created Messages StreamIdInternal Created",
        "UNIQUE IX_Streams_Id Streams Id",
        "IX_Streams_IdOriginal Streams IdOriginal IdInternal",
        "IX_Streams_IdOriginalReversed Streams IdOriginalReversed IdInternal",
    ];

    private readonly Made made = Made.By(new MsSqlScripts("bank").CreateSchema);

    [Fact]
    public void Tables_have_the_columns_types_defaults_and_keys_of_SqlStreamStore()
    {
        Assert.Equal(s_streams, made.Tables["Streams"]);
        Assert.Equal(s_messages, made.Tables["Messages"]);
    }

    [Fact]
    public void The_type_that_SqlStreamStore_sends_messages_with_has_its_columns() => Assert.Equal(s_newStreamMessages, made.Tables["NewStreamMessages"]);

    [Fact]
    public void Indexes_have_the_names_and_columns_of_SqlStreamStore() => Assert.Equal(s_indexes.Order(StringComparer.Ordinal), made.Indexes.Order(StringComparer.Ordinal));

    [Fact]
    public void The_version_is_a_property_of_the_streams()
    {
        Assert.Equal(["sys.sp_addextendedproperty @name=version @value=3 @level0type=SCHEMA @level0name=bank @level1type=TABLE @level1name=Streams"], made.Properties);
        Assert.Contains("N'version'", new MsSqlScripts("bank").ReadVersion, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_migration_adds_is_what_version_3_has_and_version_2_has_not()
    {
        var added = Made.By(new MsSqlScripts("bank").MigrateTo3);
        Assert.Equal(["[MaxAge] INT DEFAULT (NULL) NULL", "[MaxCount] INT DEFAULT (NULL) NULL", "[IdOriginalReversed] AS REVERSE([IdOriginal])"], added.Tables["Streams"]);
        Assert.Equal(s_indexes.Where(index => index.Contains("IdOriginal", StringComparison.Ordinal)).Order(), added.Indexes.Order());
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    // Version 3 with messages that are archived.
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void The_store_starts_on_every_version_that_it_works_with(int version, bool works)
    {
        var refusal = Record.Exception(() => MsSqlStreamStoreV3.CheckVersion(version, "bank"));
        if (works) Assert.Null(refusal);
        else Assert.Contains($"bank has version {version}", Assert.IsType<InvalidOperationException>(refusal).Message, StringComparison.Ordinal);
    }

    private sealed class Made : TSqlFragmentVisitor
    {
        private readonly Sql130ScriptGenerator generator = new(new SqlScriptGeneratorOptions { AlignColumnDefinitionFields = false, NewLineBeforeCloseParenthesisInMultilineList = false });

        public Dictionary<string, List<string>> Tables { get; } = [];

        public List<string> Indexes { get; } = [];

        public List<string> Properties { get; } = [];

        public static Made By(string script)
        {
            var made = new Made();
            made.Read(script);
            return made;
        }

        public override void Visit(CreateTableStatement node) => Add(node.SchemaObjectName, node.Definition);

        public override void Visit(CreateTypeTableStatement node) => Add(node.Name, node.Definition);

        public override void Visit(AlterTableAddTableElementStatement node) => Add(node.SchemaObjectName, node.Definition);

        public override void Visit(CreateIndexStatement node) => Indexes.Add(
            (node.Unique ? "UNIQUE " : "") + string.Join(' ', [node.Name.Value, node.OnName.BaseIdentifier.Value, .. node.Columns.Select(column => column.Column.MultiPartIdentifier.Identifiers[^1].Value)]));

        public override void Visit(ExecutableStringList node) => Read(string.Concat(node.Strings.OfType<StringLiteral>().Select(literal => literal.Value)));

        public override void Visit(ExecutableProcedureReference node)
        {
            var name = string.Join('.', node.ProcedureReference.ProcedureReference.Name.Identifiers.Select(part => part.Value));
            if (name.EndsWith("addextendedproperty", StringComparison.Ordinal))
                Properties.Add(string.Join(' ', [name, .. node.Parameters.Select(parameter => $"{parameter.Variable.Name}={((StringLiteral)parameter.ParameterValue).Value}")]));
        }

        private void Add(SchemaObjectName name, TableDefinition definition)
        {
            if (!Tables.TryGetValue(name.BaseIdentifier.Value, out var lines)) Tables.Add(name.BaseIdentifier.Value, lines = []);
            lines.AddRange(definition.ColumnDefinitions.Select(Text));
            lines.AddRange(definition.TableConstraints.Select(Text));
        }

        private void Read(string script) => new TSql130Parser(initialQuotedIdentifiers: true).Parse(new StringReader(script), out _).Accept(this);

        private string Text(TSqlFragment fragment)
        {
            generator.GenerateScript(fragment, out var text);
            return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
    }
}
