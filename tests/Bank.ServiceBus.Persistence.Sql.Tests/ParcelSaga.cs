using System.Data.Common;
using Bank.ServiceBus.Persistence.Sql;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

public sealed record StartParcel(string Parcel, bool Fail) : ICommand;

public sealed record ParcelPacked : IMessage;

public sealed record ParcelAged : IMessage;

public sealed record PrintLabel(string Message) : ICommand;

public sealed record ParcelDone : IMessage;

/// <summary>The prefix of the tables of one endpoint.</summary>
public sealed record OwnTable(string Prefix);

public class ParcelData : ContainSagaData
{
    public string Parcel { get; set; } = "";

    public List<string> Seen { get; set; } = [];
}

/// <summary>Remembers each message in its state and in a table without any key, sends something, and checks nothing: that each counts once is the affair of the bus.</summary>
public sealed class ParcelSaga(ISqlStorageSession session, OwnTable own)
    : Saga<ParcelData>, IAmStartedByMessages<StartParcel>, IHandleMessages<ParcelPacked>, IHandleTimeouts<ParcelAged>
{
    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<ParcelData> mapper) =>
        mapper.MapSaga(saga => saga.Parcel).ToMessage<StartParcel>(message => message.Parcel);

    public async Task Handle(StartParcel message, IMessageHandlerContext context)
    {
        Data.Seen.Add(context.MessageId);
        await Insert(session, context.MessageId, context.CancellationToken);
        await context.Send("Labels", new PrintLabel(context.MessageId));
        if (message.Fail) throw new InvalidOperationException("Not this one.");
    }

    public Task Handle(ParcelPacked message, IMessageHandlerContext context)
    {
        Data.Seen.Add(context.MessageId);
        return Task.CompletedTask;
    }

    public Task Timeout(ParcelAged state, IMessageHandlerContext context)
    {
        MarkAsComplete();
        return ReplyToOriginator(context, new ParcelDone());
    }

    private async Task Insert(ISqlStorageSession open, string message, CancellationToken cancellationToken)
    {
        await using DbCommand command = open.Connection.CreateCommand();
        command.Transaction = open.Transaction;
        command.CommandText = $"insert into \"{own.Prefix}own\" values ('{message}')";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
