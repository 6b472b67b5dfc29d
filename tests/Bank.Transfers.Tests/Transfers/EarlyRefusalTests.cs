using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;
using Bank.ServiceBus.Testing;
using Bank.Transfers.KnownAccounts;
using Bank.Transfers.Transfers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bank.Transfers.Tests.Transfers;

/// <summary>Transfers that an account would refuse for ever, refused before anything is asked of it.</summary>
public sealed class EarlyRefusalTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly KnownAccount Euros = new("EUR", false), Dollars = new("USD", false), Closed = new("EUR", true), ClosedDollars = new("USD", true), ClosedUnheardOf = new(null, true), NothingYet = new(null, false);

    private readonly AccountsHeardOf accounts = new();
    private readonly TestableSaga<TransferSaga, TransferSagaData> saga;

    public EarlyRefusalTests()
    {
        var clock = new FakeTimeProvider(Noon);
        saga = new(() => new TransferSaga(accounts, new TransferTimes(TimeSpan.FromMinutes(5)), clock, NullLogger<TransferSaga>.Instance), Noon.UtcDateTime);
    }

    public static TheoryData<KnownAccount?, KnownAccount?, string?, string?> Rules => new()
    {
        { null, null, null, null },
        { Euros, Euros, null, null },
        { Euros, null, null, null },
        { NothingYet, NothingYet, null, null },
        { Closed, Euros, DeclineReason.AccountIsClosed, ModelBank.Payer },
        { Euros, Closed, DeclineReason.AccountIsClosed, ModelBank.Payee },
        { null, ClosedUnheardOf, DeclineReason.AccountIsClosed, ModelBank.Payee },
        { Dollars, Euros, DeclineReason.CurrencyMismatch, ModelBank.Payer },
        { null, Dollars, DeclineReason.CurrencyMismatch, ModelBank.Payee },
        // As the accounts would say it: the payer is asked first, and whether it is open before its currency.
        { ClosedDollars, Closed, DeclineReason.AccountIsClosed, ModelBank.Payer },
        { Dollars, Closed, DeclineReason.CurrencyMismatch, ModelBank.Payer },
    };

    [Theory]
    [MemberData(nameof(Rules), DisableDiscoveryEnumeration = true)]
    public void Only_what_can_never_be_accepted_is_refused(KnownAccount? payer, KnownAccount? payee, string? reason, string? account) =>
        Assert.Equal(reason is null ? null : new Refusal(reason, account), TransferRules.Refuse(TransferSagaTests.Initiate(100), payer, payee));

    [Theory]
    [InlineData(ModelBank.Payer)]
    [InlineData(ModelBank.Payee)]
    public async Task A_transfer_with_an_account_that_is_known_to_be_closed_fails_at_once_and_nothing_is_asked_for(string closed)
    {
        accounts.Closed(closed);
        var ended = await saga.Handle(TransferSagaTests.Initiate(100));
        var failed = Assert.IsType<TransferFailed>(Assert.Single(ended.Told()));
        Assert.Equal((DeclineReason.AccountIsClosed, closed), (failed.Reason, failed.RefusingAccountId));
        Assert.Empty(ended.Asked());
        Assert.Empty(ended.Context.TimeoutMessages);
    }

    [Fact]
    public async Task A_transfer_in_another_currency_than_the_payees_fails_at_once_and_nothing_is_asked_for()
    {
        accounts.Opened(ModelBank.Payee, "USD");
        var ended = await saga.Handle(TransferSagaTests.Initiate(100));
        var failed = Assert.IsType<TransferFailed>(Assert.Single(ended.Told()));
        Assert.Equal((DeclineReason.CurrencyMismatch, ModelBank.Payee), (failed.Reason, failed.RefusingAccountId));
        Assert.Empty(ended.Asked());
    }

    [Fact]
    public async Task A_request_that_comes_again_gets_the_outcome_of_the_first_though_the_account_was_closed_in_between()
    {
        var reserve = (await saga.Handle(TransferSagaTests.Initiate(100))).FindSentMessage<ReserveFunds>();
        accounts.Closed(ModelBank.Payee);
        var again = await saga.Handle(TransferSagaTests.Initiate(100));
        Assert.Empty(again.Context.SentMessages);
        // Under way, it is for the accounts to say.
        var credit = (await saga.Handle(Answers.Reserved(reserve, Noon))).FindSentMessage<CreditAccount>();
        var capture = (await saga.Handle(Answers.Credited(credit, Noon))).FindSentMessage<CaptureReservation>();
        Assert.NotNull((await saga.Handle(Answers.Captured(capture, 100, Noon))).Told<TransferCompleted>());
        Assert.Equal(1, accounts.Asked);
    }

    [Fact]
    public async Task A_transfer_that_was_refused_early_has_one_outcome_however_often_it_is_asked_for()
    {
        accounts.Closed(ModelBank.Payer);
        Assert.NotNull((await saga.Handle(TransferSagaTests.Initiate(100))).Told<TransferFailed>());
        Assert.Empty((await saga.Handle(TransferSagaTests.Initiate(100))).Context.SentMessages);
        var other = await saga.Handle(TransferSagaTests.Initiate(100) with { RequestId = Guid.NewGuid() });
        Assert.Equal(DeclineReason.TransferIdAlreadyUsed, other.Told<TransferRequestDeclined>().Reason);
    }

    [Fact]
    public async Task An_account_refuses_itself_what_the_copy_did_not_know_and_is_named_as_well()
    {
        var reserve = (await saga.Handle(TransferSagaTests.Initiate(100))).FindSentMessage<ReserveFunds>();
        var credit = (await saga.Handle(Answers.Reserved(reserve, Noon))).FindSentMessage<CreditAccount>();
        var release = (await saga.Handle(Answers.Rejected(credit, DeclineReason.AccountIsClosed, Noon))).FindSentMessage<ReleaseReservation>();
        var failed = (await saga.Handle(Answers.Released(release, 100, Noon))).Told<TransferFailed>();
        Assert.Equal((DeclineReason.AccountIsClosed, ModelBank.Payee), (failed.Reason, failed.RefusingAccountId));
    }

    [Fact]
    public async Task A_step_that_an_account_refuses_because_time_ran_out_names_neither_account()
    {
        var reserve = (await saga.Handle(TransferSagaTests.Initiate(100))).FindSentMessage<ReserveFunds>();
        var declined = (await saga.Handle(Answers.Declined(reserve, DeclineReason.TooLate, Noon))).Told<TransferFailed>();
        Assert.Equal((DeclineReason.TooLate, null), (declined.Reason, declined.RefusingAccountId));
    }

    [Fact]
    public async Task A_credit_that_comes_too_late_names_neither_account()
    {
        var reserve = (await saga.Handle(TransferSagaTests.Initiate(100))).FindSentMessage<ReserveFunds>();
        var credit = (await saga.Handle(Answers.Reserved(reserve, Noon))).FindSentMessage<CreditAccount>();
        var release = (await saga.Handle(Answers.Rejected(credit, DeclineReason.TooLate, Noon))).FindSentMessage<ReleaseReservation>();
        var failed = (await saga.Handle(Answers.Released(release, 100, Noon))).Told<TransferFailed>();
        Assert.Equal((DeclineReason.TooLate, null), (failed.Reason, failed.RefusingAccountId));
    }

    [Fact]
    public async Task What_makes_no_sense_by_itself_is_refused_without_a_look_at_the_copy_and_names_no_account()
    {
        accounts.Closed(ModelBank.Payer);
        var failed = (await saga.Handle(TransferSagaTests.Initiate(0))).Told<TransferFailed>();
        Assert.Equal((DeclineReason.AmountNotPositive, null, 0), (failed.Reason, failed.RefusingAccountId, accounts.Asked));
    }
}
