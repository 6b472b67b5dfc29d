using System.Data.Common;
using Bank.Hosting;

namespace Bank.Channels.Outcomes;

/// <summary>Remembers what was sent and what became of it.</summary>
public sealed class RequestStore(BankDatabase database)
{
    public Task Migrate(CancellationToken cancellationToken) => database.Migrate(typeof(RequestStore).Assembly, cancellationToken);

    /// <summary>Remembers a request before it is sent.</summary>
    /// <returns>What was remembered before under the same id, or the request itself.</returns>
    public async Task<RequestRecord> Remember(RequestRecord request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = Command(
            connection,
            """
            INSERT INTO request (request_id, fingerprint, command, account_id, transfer_id, asked_at, status)
            VALUES (@id, @fingerprint, @command, @account, @transfer, @at, @status) ON CONFLICT (request_id) DO NOTHING
            """,
            ("id", request.RequestId.ToString()), ("fingerprint", request.Fingerprint), ("command", request.Command), ("account", request.AccountId),
            ("transfer", (object?)request.TransferId?.ToString() ?? DBNull.Value), ("at", ToStored(request.AskedAt)), ("status", Outcome.Pending.Status));
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 1) return request;
        return await Find(connection, request.RequestId, cancellationToken) ?? request;
    }

    public async Task<RequestRecord?> Find(Guid requestId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await Find(connection, requestId, cancellationToken);
    }

    /// <summary>Notes what became of a request. The first answer stays.</summary>
    /// <returns>False when the request was not sent from here, or has its answer.</returns>
    public async Task<bool> Decide(Guid requestId, Outcome outcome, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = Command(
            connection,
            """
            UPDATE request SET status = @status, event_type = @type, reason = @reason, version = @version, currency = @currency,
                balance = @balance, available = @available, decided_at = @at, refusing_account_id = @refusing
            WHERE request_id = @id AND status = 'pending'
            """,
            ("id", requestId.ToString()), ("status", outcome.Status), ("type", outcome.EventType!), ("reason", (object?)outcome.Reason ?? DBNull.Value),
            ("version", (object?)outcome.Account?.Version ?? DBNull.Value), ("currency", (object?)outcome.Account?.Currency ?? DBNull.Value),
            ("balance", (object?)outcome.Account?.Balance ?? DBNull.Value), ("available", (object?)outcome.Account?.Available ?? DBNull.Value),
            ("at", ToStored(outcome.DecidedAt!.Value)), ("refusing", (object?)outcome.RefusingAccountId ?? DBNull.Value));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static async Task<RequestRecord?> Find(DbConnection connection, Guid requestId, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            """
            SELECT fingerprint, command, account_id, transfer_id, asked_at, status, event_type, reason, version, currency, balance, available, decided_at, refusing_account_id
            FROM request WHERE request_id = @id
            """,
            ("id", requestId.ToString()));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new RequestRecord
        {
            RequestId = requestId,
            Fingerprint = reader.GetString(0),
            Command = reader.GetString(1),
            AccountId = reader.GetString(2),
            TransferId = reader.IsDBNull(3) ? null : Guid.Parse(reader.GetString(3)),
            AskedAt = FromStored(reader.GetInt64(4)),
            Outcome = new Outcome(
                reader.GetString(5),
                reader.IsDBNull(6) ? null : reader.GetString(6),
                reader.IsDBNull(7) ? null : reader.GetString(7),
                reader.IsDBNull(8) ? null : new AccountAfter(reader.GetInt64(8), reader.GetString(9), reader.GetInt64(10), reader.GetInt64(11)),
                reader.IsDBNull(12) ? null : FromStored(reader.GetInt64(12)),
                reader.IsDBNull(13) ? null : reader.GetString(13)),
        };
    }

    private static DbCommand Command(DbConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static long ToStored(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static DateTimeOffset FromStored(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
