using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;
using Bank.Transfers.KnownAccounts;

namespace Bank.Transfers.Transfers;

/// <summary>Reserve at the payer, credit the payee, capture at the payer; or give the hold back and say why.</summary>
public sealed class TransferSaga(IAccountCopy accounts, TransferTimes times, TimeProvider clock, ILogger<TransferSaga> logger) : Saga<TransferSagaData>,
    IAmStartedByMessages<InitiateTransfer>,
    IHandleMessages<FundsReserved>,
    IHandleMessages<FundsReservationDeclined>,
    IHandleMessages<AccountCredited>,
    IHandleMessages<CreditRejected>,
    IHandleMessages<ReservationCaptured>,
    IHandleMessages<ReservationReleased>,
    IHandleTimeouts<TransferTimedOut>
{
    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<TransferSagaData> mapper) =>
        mapper.MapSaga(saga => saga.TransferId)
            .ToMessage<InitiateTransfer>(message => message.TransferId)
            .ToMessage<FundsReserved>(message => message.ReservationId)
            .ToMessage<FundsReservationDeclined>(message => message.ReservationId)
            .ToMessage<AccountCredited>(message => message.TransferId)
            .ToMessage<CreditRejected>(message => message.TransferId)
            .ToMessage<ReservationCaptured>(message => message.ReservationId)
            .ToMessage<ReservationReleased>(message => message.ReservationId);

    public async Task Handle(InitiateTransfer message, IMessageHandlerContext context)
    {
        TransferRules.Check(message);
        if (Data.State != nameof(TransferState.New))
        {
            // The outcome that the first request gets tells nothing to somebody who asked under another.
            if (message.RequestId != Data.RequestId) await Tell(TransferMessages.RequestDeclined(message, clock.GetUtcNow()), context);
            return;
        }

        Begin(message);
        var next = TransferProcess.Start(await Refuse(message, context.CancellationToken));
        if (next.Step == TransferStep.Reserve)
        {
            await Tell(TransferMessages.Initiated(Data, message.Reference, clock.GetUtcNow()), context);
            await RequestTimeout<TransferTimedOut>(context, Data.Deadline);
        }

        await Go(next, context);
    }

    public Task Handle(FundsReserved message, IMessageHandlerContext context) => Hear(message, TransferIds.Reserve(Data.TransferId), TransferNews.Reserved, null, context);

    public Task Handle(FundsReservationDeclined message, IMessageHandlerContext context) => Hear(message, TransferIds.Reserve(Data.TransferId), TransferNews.ReservationDeclined, Because(message.Reason, message.AccountId), context);

    public Task Handle(AccountCredited message, IMessageHandlerContext context) => Hear(message, TransferIds.Credit(Data.TransferId), TransferNews.Credited, null, context);

    public Task Handle(CreditRejected message, IMessageHandlerContext context) => Hear(message, TransferIds.Credit(Data.TransferId), TransferNews.CreditRejected, Because(message.Reason, message.AccountId), context);

    public Task Handle(ReservationCaptured message, IMessageHandlerContext context) => Hear(message, TransferIds.Capture(Data.TransferId), TransferNews.Captured, null, context);

    public Task Handle(ReservationReleased message, IMessageHandlerContext context) => Hear(message, TransferIds.Release(Data.TransferId), TransferNews.Released, null, context);

    public async Task Timeout(TransferTimedOut state, IMessageHandlerContext context)
    {
        if (TransferProcess.HasEnded(State)) return;
        logger.LogWarning("Transfer {TransferId} is still {State} after its time limit; the step is asked for again.", Data.TransferId, State);
        await RequestTimeout<TransferTimedOut>(context, times.ReminderAfter(Data.Reminders++));
        await Hear(TransferNews.TimeOut, null, context);
    }

    // Asked when a transfer begins, and never again: what an answer under way will be is for the account to say.
    private async Task<Refusal?> Refuse(InitiateTransfer message, CancellationToken cancellationToken)
    {
        if (TransferRules.Refuse(message) is { } reason) return new Refusal(reason);
        var (payer, payee) = await accounts.Find(message.PayerAccountId, message.PayeeAccountId, cancellationToken);
        return TransferRules.Refuse(message, payer, payee);
    }

    private TransferState State => Enum.Parse<TransferState>(Data.State);

    private Refusal? Failing => Data.FailureReason is { } reason ? new Refusal(reason, Data.RefusingAccountId) : null;

    private void Begin(InitiateTransfer message)
    {
        var origin = message.Origin.Legible();
        Data.RequestId = message.RequestId;
        Data.PayerAccountId = TransferRules.LegibleId(message.PayerAccountId);
        Data.PayeeAccountId = TransferRules.LegibleId(message.PayeeAccountId);
        Data.AmountMinorUnits = message.Amount.MinorUnits;
        Data.Currency = message.Amount.Currency;
        Data.RequestedBy = origin.RequestedBy;
        Data.Channel = origin.Channel;
        Data.RequestedAt = origin.RequestedAt;
        Data.Purpose = origin.Purpose;
        Data.Deadline = clock.GetUtcNow() + times.Limit;
    }

    // Anybody may use a transfer's id for a hold or a credit of their own. Only the answer to this transfer's own request counts.
    private Task Hear(IBankEvent answer, Guid request, TransferNews news, Refusal? refusal, IMessageHandlerContext context) =>
        answer.RequestId == request ? Hear(news, refusal, context) : Task.CompletedTask;

    private Task Hear(TransferNews news, Refusal? refusal, IMessageHandlerContext context) =>
        Go(TransferProcess.On(State, Failing, news, refusal), context);

    // Time runs out because of neither account, whoever notices it first.
    private static Refusal Because(string reason, string accountId) => new(reason, reason == DeclineReason.TooLate ? null : accountId);

    // Published from the journal alone, or a rebuild could miss what its subscriber had heard of before.
    private static Task Tell(ITransferEvent @event, IMessageHandlerContext context) => context.SendLocal(RecordTransferEvent.Of(@event));

    private Task Go(TransferProcess.Next next, IMessageHandlerContext context)
    {
        Data.State = next.State.ToString();
        (Data.FailureReason, Data.RefusingAccountId) = (next.Refusal?.Reason, next.Refusal?.AccountId);
        return next.Step switch
        {
            TransferStep.Reserve => context.Send(TransferMessages.Reserve(Data)),
            TransferStep.Credit => context.Send(TransferMessages.Credit(Data)),
            TransferStep.Capture => context.Send(TransferMessages.Capture(Data)),
            TransferStep.Release => context.Send(TransferMessages.Release(Data)),
            TransferStep.AnnounceCompletion => Tell(TransferMessages.Completed(Data, clock.GetUtcNow()), context),
            TransferStep.AnnounceFailure => Tell(TransferMessages.Failed(Data, clock.GetUtcNow()), context),
            _ => Task.CompletedTask,
        };
    }
}
