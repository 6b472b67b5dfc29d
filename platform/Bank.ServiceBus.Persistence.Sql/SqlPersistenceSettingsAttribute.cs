namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Says which scripts the build writes for an assembly with sagas.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class SqlPersistenceSettingsAttribute : Attribute
{
    /// <summary>Scripts for SQL Server. When no dialect is asked for, scripts are written for each.</summary>
    public bool MsSqlServerScripts { get; set; }

    /// <summary>Scripts for PostgreSQL. When no dialect is asked for, scripts are written for each.</summary>
    public bool PostgreSqlScripts { get; set; }

    /// <summary>Scripts for the outbox. Default: true.</summary>
    public bool ProduceOutboxScripts { get; set; } = true;

    /// <summary>Scripts for sagas. Default: true.</summary>
    public bool ProduceSagaScripts { get; set; } = true;

    /// <summary>Scripts for subscriptions. Nothing is written: every transport of this library keeps its subscriptions itself.</summary>
    public bool ProduceSubscriptionScripts { get; set; } = true;

    /// <summary>Scripts for timeouts. Nothing is written: every transport of this library delays messages itself.</summary>
    public bool ProduceTimeoutScripts { get; set; } = true;

    /// <summary>Where the scripts are copied to, besides the output folder; null for nowhere. <c>$(ProjectDir)</c> and <c>$(SolutionDir)</c> stand for those folders.</summary>
    public string? ScriptPromotionPath { get; set; }
}
