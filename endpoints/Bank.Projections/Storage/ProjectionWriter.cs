using System.Data.Common;
using System.Threading.Channels;

namespace Bank.Projections.Storage;

/// <summary>Writes the batches of messages that are handled at the same time in one transaction. A batch is written when its call returns.</summary>
internal sealed class ProjectionWriter : IAsyncDisposable
{
    private const int Capacity = 1024;
    private const int MostTogether = 100;

    private readonly Channel<Pending> waiting = Channel.CreateBounded<Pending>(Capacity);
    private readonly ReadDatabase database;
    private readonly Task loop;

    public ProjectionWriter(ReadDatabase database)
    {
        this.database = database;
        loop = Task.Run(Work);
    }

    public async Task Write(ProjectionBatch batch, CancellationToken cancellationToken)
    {
        var pending = new Pending(batch);
        await waiting.Writer.WriteAsync(pending, cancellationToken);
        await pending.Written.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await loop;
    }

    private async Task Work()
    {
        var group = new List<Pending>();
        while (await waiting.Reader.WaitToReadAsync())
        {
            while (group.Count < MostTogether && waiting.Reader.TryRead(out var pending)) group.Add(pending);
            await WriteGroup(group);
            group.Clear();
        }
    }

    private async Task WriteGroup(List<Pending> group)
    {
        try
        {
            await WriteTogether(group);
            foreach (var pending in group) pending.Written.TrySetResult();
        }
        catch (DbException) when (group.Count > 1)
        {
            // One bad batch must not fail its neighbours.
            foreach (var pending in group) await WriteGroup([pending]);
        }
        catch (Exception exception)
        {
            foreach (var pending in group) pending.Written.TrySetException(exception);
        }
    }

    private async Task WriteTogether(List<Pending> group)
    {
        await using var connection = await database.Open(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var (sql, parameters) in group.SelectMany(pending => pending.Batch.Statements))
        {
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            foreach (var (name, value) in parameters) SqlParameters.Add(command, name, value);
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }

    private sealed record Pending(ProjectionBatch Batch)
    {
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
