using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;
using Bank.ServiceBus.Testing;
using Bank.Transfers.Transfers;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bank.Transfers.Tests.Transfers;

public sealed class TransferModelTests
{
    private const long Amount = 100;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Which of the waiting messages comes next, and what becomes of it.</summary>
    private enum Fate
    {
        Deliver,
        DeliverAndKeep,
        LetTimePass,
    }

    private static readonly Gen<(int Pick, Fate Fate)[]> Schedules =
        Gen.Select(Gen.Int[0, 1000], Gen.Frequency((5, Fate.Deliver), (2, Fate.DeliverAndKeep), (2, Fate.LetTimePass))).Array[0, 60];

    [Fact]
    public void Any_order_repetition_and_delay_ends_once_with_the_money_moved_or_not_moved() =>
        Gen.Select(Gen.OneOf(0L, 99L, 100L, 500L), Gen.Bool, Gen.Bool, Schedules).Sample(
            (funds, payeeOpen, isHeardOf, schedule) =>
            {
                var accounts = new AccountsHeardOf();
                // The copy may be behind, but is never wrong.
                if (!payeeOpen && isHeardOf) accounts.Closed(ModelBank.Payee);
                var run = new Run(new ModelBank(funds, payeeOpen), accounts);
                foreach (var (pick, fate) in schedule) run.Step(pick, fate);
                run.Finish();
                run.AssertEnded(funds);
            },
            iter: 2_000);

    private sealed class Run
    {
        private readonly ModelBank bank;
        private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        private readonly TestableSaga<TransferSaga, TransferSagaData> saga;
        private readonly List<object> waiting = [];
        private readonly List<IBankEvent> ends = [];
        private int copies;

        public Run(ModelBank bank, AccountsHeardOf accounts)
        {
            this.bank = bank;
            saga = new(() => new TransferSaga(accounts, new TransferTimes(Limit), clock, NullLogger<TransferSaga>.Instance), clock.GetUtcNow().UtcDateTime);
            var start = TransferSagaTests.Initiate(Amount);
            Keep(saga.Handle(start).GetAwaiter().GetResult());
            waiting.Add(start);
        }

        public void Step(int pick, Fate fate)
        {
            if (fate == Fate.LetTimePass) Pass(TimeSpan.FromMinutes(3));
            else if (waiting.Count > 0) Deliver(pick % waiting.Count, keep: fate == Fate.DeliverAndKeep && copies++ < 40);
        }

        public void Finish()
        {
            for (var i = 0; i < 200 && (waiting.Count > 0 || ends.Count == 0); i++)
            {
                while (waiting.Count > 0) Deliver(0, keep: false);
                Pass(TimeSpan.FromHours(1));
            }
        }

        public void AssertEnded(long funds)
        {
            var end = Assert.Single(ends);
            Assert.Empty(bank.Holds);
            var moved = end is TransferCompleted ? Amount : 0;
            Assert.Equal((funds - moved, moved), (bank.PayerBalance, bank.PayeeBalance));
        }

        private void Deliver(int index, bool keep)
        {
            var message = waiting[index];
            if (!keep) waiting.RemoveAt(index);
            if (message is IBankCommand and not InitiateTransfer)
            {
                if (bank.Answer(message, clock.GetUtcNow()) is { } answer) waiting.Add(answer);
                return;
            }

            Keep(message switch
            {
                InitiateTransfer m => saga.Handle(m).GetAwaiter().GetResult(),
                FundsReserved m => saga.Handle(m).GetAwaiter().GetResult(),
                FundsReservationDeclined m => saga.Handle(m).GetAwaiter().GetResult(),
                AccountCredited m => saga.Handle(m).GetAwaiter().GetResult(),
                CreditRejected m => saga.Handle(m).GetAwaiter().GetResult(),
                ReservationCaptured m => saga.Handle(m).GetAwaiter().GetResult(),
                ReservationReleased m => saga.Handle(m).GetAwaiter().GetResult(),
                _ => throw new InvalidOperationException($"A transfer hears nothing of {message}."),
            });
        }

        private void Pass(TimeSpan time)
        {
            clock.Advance(time);
            foreach (var timeout in saga.AdvanceTime(time).GetAwaiter().GetResult()) Keep(timeout);
        }

        private void Keep(TestableSaga<TransferSaga, TransferSagaData>.HandleResult result)
        {
            waiting.AddRange(result.Asked());
            ends.AddRange(result.Told().Where(e => e is TransferCompleted or TransferFailed));
        }
    }
}
