using Bank.Channels.Outcomes;
using Bank.Contracts;
using Bank.Contracts.Accounts;

namespace Bank.Channels.Tests.Outcomes;

public sealed class OutcomeOfTests
{
    private static readonly Guid Request = Guid.NewGuid();

    [Fact]
    public void A_fact_completes_a_request_and_shows_the_account_after_it()
    {
        var outcome = OutcomeOf.Event(Events.Withdrawn(Request));

        Assert.Equal(new Outcome("completed", "MoneyWithdrawn", null, new AccountAfter(7, "EUR", 8_766, 13_766), Events.Now), outcome);
    }

    [Fact]
    public void The_end_of_a_hold_is_no_refusal_though_it_has_a_reason() =>
        Assert.Equal(("completed", null), (OutcomeOf.Event(Events.Released(Request))!.Status, OutcomeOf.Event(Events.Released(Request))!.Reason));

    [Fact]
    public void Every_refusal_declines_a_request_with_its_reason()
    {
        (IBankEvent Event, string Reason)[] refusals =
        [
            (Events.Declined(Request), DeclineReason.InsufficientFunds), (Events.ReservationDeclined(Request), DeclineReason.InsufficientFunds),
            (Events.CreditRejected(Request), DeclineReason.TooLate), (Events.Refused(Request), DeclineReason.BalanceNotZero),
            (Events.TransferRefused(Request), DeclineReason.AccountIsClosed), (Events.TransferIdUsed(Request), DeclineReason.TransferIdAlreadyUsed),
        ];
        Assert.All(refusals, refusal =>
        {
            var outcome = OutcomeOf.Event(refusal.Event)!;
            Assert.Equal(("declined", refusal.Reason, refusal.Event.GetType().Name), (outcome.Status, outcome.Reason, outcome.EventType));
        });

        // A refusal that is added to the contracts must be added here, lest it pass for success.
        string[] endings = ["Declined", "Rejected", "Failed"];
        var inContracts = typeof(IBankEvent).Assembly.GetExportedTypes()
            .Where(type => typeof(IBankEvent).IsAssignableFrom(type) && endings.Any(ending => type.Name.EndsWith(ending, StringComparison.Ordinal)));
        Assert.Equal(inContracts.Select(type => type.Name).Order(StringComparer.Ordinal), refusals.Select(refusal => refusal.Event.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_transfer_that_began_decides_nothing() => Assert.Null(OutcomeOf.Event(Events.Initiated(Request)));

    [Fact]
    public void A_transfer_that_failed_because_of_an_account_names_it() => Assert.Equal("acc-2", OutcomeOf.Event(Events.TransferRefused(Request))!.RefusingAccountId);

    [Fact]
    public void A_transfer_ends_without_an_account_after_it()
    {
        Assert.Equal(new Outcome("completed", "TransferCompleted", null, null, Events.Now), OutcomeOf.Event(Events.TransferDone(Request)));
        Assert.Null(OutcomeOf.Event(Events.TransferRefused(Request))!.Account);
    }
}
