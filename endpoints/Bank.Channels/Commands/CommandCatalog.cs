using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;

namespace Bank.Channels.Commands;

/// <summary>What may be sent, by the last part of its address, and how a request becomes a message.</summary>
public static class CommandCatalog
{
    private const string OfEveryCommand = "purpose";

    private static readonly Dictionary<string, Kind> Known = new(StringComparer.Ordinal)
    {
        ["open"] = new(["currency", "overdraftLimit"], Open),
        ["deposit"] = new(["amount", "currency", "valueDate"], request => new Deposit
        {
            RequestId = request.RequestId, Origin = request.Origin, AccountId = request.AccountId, Amount = AmountOf(request),
            ValueDate = request.Errors.OptionalDay("valueDate", request.Body.ValueDate),
        }),
        ["withdraw"] = new(["amount", "currency", "valueDate"], request => new Withdraw
        {
            RequestId = request.RequestId, Origin = request.Origin, AccountId = request.AccountId, Amount = AmountOf(request),
            ValueDate = request.Errors.OptionalDay("valueDate", request.Body.ValueDate),
        }),
        ["reserve"] = new(["amount", "currency", "expiresAt"], request => new ReserveFunds
        {
            RequestId = request.RequestId, Origin = request.Origin, AccountId = request.AccountId,
            // The hold is named after the request, so that asking again names the same one.
            ReservationId = request.RequestId, Amount = AmountOf(request), ExpiresAt = request.Body.ExpiresAt,
        }),
        ["capture"] = new(["reservationId"], request => new CaptureReservation
        {
            RequestId = request.RequestId, Origin = request.Origin, AccountId = request.AccountId, ReservationId = ReservationOf(request),
        }),
        ["release"] = new(["reservationId"], request => new ReleaseReservation
        {
            RequestId = request.RequestId, Origin = request.Origin, AccountId = request.AccountId, ReservationId = ReservationOf(request),
        }),
        ["close"] = new([], request => new CloseAccount { RequestId = request.RequestId, Origin = request.Origin, AccountId = request.AccountId }),
        ["transfer"] = new(["amount", "currency", "to", "reference"], request => new InitiateTransfer
        {
            RequestId = request.RequestId, Origin = request.Origin, TransferId = request.RequestId,
            PayerAccountId = request.AccountId, PayeeAccountId = request.Errors.AccountId("to", request.Body.To), Amount = AmountOf(request),
            Reference = request.Errors.OptionalText("reference", request.Body.Reference, 140),
        }),
    };

    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>Makes the message. What is wrong with the request is in its errors, and the message must then not be sent.</summary>
    /// <returns>Null when there is no such command.</returns>
    public static IBankCommand? Make(string name, CommandRequest request) => Known.TryGetValue(name, out var kind) ? kind.Make(request) : null;

    /// <summary>Whether a command heeds a member of its body. To take one that it does not heed would promise what is not done.</summary>
    /// <returns>True also when there is no such command.</returns>
    public static bool Heeds(string name, string member) =>
        !Known.TryGetValue(name, out var kind) || kind.Members.Append(OfEveryCommand).Contains(member, StringComparer.OrdinalIgnoreCase);

    private static OpenAccount Open(CommandRequest request)
    {
        var currency = request.Errors.Currency("currency", request.Body.Currency);
        return new OpenAccount
        {
            RequestId = request.RequestId,
            Origin = request.Origin,
            AccountId = request.AccountId,
            Currency = currency,
            OverdraftLimit = request.Body.OverdraftLimit is null ? null : request.Errors.Amount("overdraftLimit", request.Body.OverdraftLimit, currency, mayBeZero: true),
        };
    }

    private static Money AmountOf(CommandRequest request) =>
        request.Errors.Amount("amount", request.Body.Amount, request.Errors.Currency("currency", request.Body.Currency));

    private static Guid ReservationOf(CommandRequest request)
    {
        if (request.Body.ReservationId is { } id && id != Guid.Empty) return id;
        request.Errors.Add("reservationId", "is missing");
        return Guid.Empty;
    }

    private sealed record Kind(string[] Members, Func<CommandRequest, IBankCommand> Make);
}

/// <summary>A request on its way to become a message.</summary>
public sealed record CommandRequest(Guid RequestId, string AccountId, Origin Origin, CommandBody Body, FieldErrors Errors);
