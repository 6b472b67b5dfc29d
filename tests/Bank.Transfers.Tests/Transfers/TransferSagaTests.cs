using System.Text.Json;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;
using Bank.ServiceBus.Testing;
using Bank.Tests;
using Bank.Transfers.Transfers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bank.Transfers.Tests.Transfers;

public sealed class TransferSagaTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Transfer = new("0195f3a0-0000-7000-8000-000000000001");
    private static readonly Origin Alice = new() { RequestedBy = "alice", Channel = "branch", RequestedAt = Noon, Purpose = "rent" };
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider clock = new(Noon);
    private readonly TestableSaga<TransferSaga, TransferSagaData> saga;

    public TransferSagaTests() =>
        saga = new(() => new TransferSaga(new AccountsHeardOf(), new TransferTimes(Limit), clock, NullLogger<TransferSaga>.Instance), Noon.UtcDateTime);

    [Fact]
    public async Task A_transfer_reserves_credits_captures_and_completes()
    {
        var started = await saga.Handle(Initiate(100));
        var reserve = started.FindSentMessage<ReserveFunds>();
        Assert.Equal((ModelBank.Payer, Transfer, Transfer, new Money(100, "EUR"), Noon + Limit), (reserve.AccountId, reserve.ReservationId, reserve.TransferId, reserve.Amount, reserve.ValidUntil));
        Assert.Null(reserve.ExpiresAt);
        Assert.Equal(Noon + Limit, started.Told<TransferInitiated>().Deadline);

        var credit = (await saga.Handle(Answers.Reserved(reserve, Noon))).FindSentMessage<CreditAccount>();
        Assert.Equal((ModelBank.Payee, Transfer, new Money(100, "EUR"), Noon + Limit), (credit.AccountId, credit.TransferId, credit.Amount, credit.ValidUntil));

        var capture = (await saga.Handle(Answers.Credited(credit, Noon))).FindSentMessage<CaptureReservation>();
        Assert.Equal((ModelBank.Payer, Transfer, Transfer), (capture.AccountId, capture.ReservationId, capture.TransferId));

        var ended = await saga.Handle(Answers.Captured(capture, 100, Noon));
        Assert.Equal(Transfer, ended.Told<TransferCompleted>().TransferId);
        Assert.Equal(4, new[] { reserve.RequestId, credit.RequestId, capture.RequestId, started.SagaDataSnapshot.RequestId }.Distinct().Count());
        Assert.All(new IBankCommand[] { reserve, credit, capture }, command => Assert.Equal(Alice, command.Origin));
        Assert.False(ended.Completed);
    }

    [Fact]
    public async Task A_payer_without_funds_ends_the_transfer()
    {
        var reserve = await Started();
        var ended = await saga.Handle(Answers.Declined(reserve, DeclineReason.InsufficientFunds, Noon));
        var failed = ended.Told<TransferFailed>();
        Assert.Equal((DeclineReason.InsufficientFunds, ModelBank.Payer), (failed.Reason, failed.RefusingAccountId));
        Assert.Empty(ended.Asked());
    }

    [Fact]
    public async Task A_payee_who_refuses_makes_the_hold_end_before_the_transfer_fails()
    {
        var reserve = await Started();
        var credit = (await saga.Handle(Answers.Reserved(reserve, Noon))).FindSentMessage<CreditAccount>();
        var refused = await saga.Handle(Answers.Rejected(credit, DeclineReason.AccountIsClosed, Noon));
        Assert.Empty(refused.Told());
        var ended = await saga.Handle(Answers.Released(refused.FindSentMessage<ReleaseReservation>(), 100, Noon));
        Assert.Equal(DeclineReason.AccountIsClosed, ended.Told<TransferFailed>().Reason);
    }

    [Fact]
    public async Task A_hold_that_does_not_come_in_time_is_called_off()
    {
        await Started();
        var release = (await TimesOut()).FindSentMessage<ReleaseReservation>();
        var ended = await saga.Handle(Answers.Released(release, 0, Noon));
        Assert.Equal(DeclineReason.TooLate, ended.Told<TransferFailed>().Reason);
    }

    [Fact]
    public async Task A_hold_refused_after_it_was_called_off_ends_the_transfer_too()
    {
        var reserve = await Started();
        await TimesOut();
        var ended = await saga.Handle(Answers.Declined(reserve, DeclineReason.ReservationAlreadyUsed, Noon));
        var failed = ended.Told<TransferFailed>();
        Assert.Equal((DeclineReason.TooLate, null), (failed.Reason, failed.RefusingAccountId));
    }

    [Fact]
    public async Task A_credit_without_an_answer_is_asked_for_again_and_never_guessed()
    {
        var reserve = await Started();
        var credit = (await saga.Handle(Answers.Reserved(reserve, Noon))).FindSentMessage<CreditAccount>();
        var again = await TimesOut();
        Assert.Equal(credit, again.FindSentMessage<CreditAccount>());
        Assert.Empty(again.Told());
    }

    [Fact]
    public async Task A_capture_without_an_answer_is_asked_for_again_and_again_with_longer_waits()
    {
        var reserve = await Started();
        var credit = (await saga.Handle(Answers.Reserved(reserve, Noon))).FindSentMessage<CreditAccount>();
        var capture = (await saga.Handle(Answers.Credited(credit, Noon))).FindSentMessage<CaptureReservation>();
        var waits = new List<TimeSpan>();
        for (var result = await TimesOut(); waits.Count < 6; result = Assert.Single(await saga.AdvanceTime(waits[^1])))
        {
            Assert.Equal(capture, result.FindSentMessage<CaptureReservation>());
            waits.Add(result.Context.TimeoutMessages.Single().Within!.Value);
        }

        Assert.Equal([5, 10, 20, 40, 60, 60], waits.Select(wait => wait.TotalMinutes));
    }

    [Fact]
    public async Task An_ended_transfer_hears_nothing_more()
    {
        var reserve = await Started();
        await saga.Handle(Answers.Declined(reserve, DeclineReason.InsufficientFunds, Noon));
        Assert.True(IsSilent(await saga.Handle(Answers.Declined(reserve, DeclineReason.InsufficientFunds, Noon))));
        Assert.True(IsSilent(await saga.Handle(Answers.Reserved(reserve, Noon))));
        Assert.True(IsSilent(await saga.Handle(Initiate(100))));
        var timeout = await TimesOut();
        Assert.True(IsSilent(timeout));
        Assert.Empty(timeout.Context.TimeoutMessages);
    }

    [Fact]
    public async Task Another_request_under_the_id_of_a_transfer_is_refused_and_leaves_the_transfer_alone()
    {
        var reserve = await Started();
        var other = Initiate(700) with { RequestId = Guid.NewGuid(), PayerAccountId = "no/slash", Origin = Alice with { RequestedBy = "bob", Purpose = new string('p', 200) } };
        foreach (var _ in new[] { "first", "delivered again" })
        {
            var result = await saga.Handle(other);
            var refused = Assert.IsType<TransferRequestDeclined>(Assert.Single(result.Told()));
            Assert.Empty(result.Asked());
            Assert.Equal((other.RequestId, Transfer, DeclineReason.TransferIdAlreadyUsed), (refused.RequestId, refused.TransferId, refused.Reason));
            Assert.Equal((TransferIds.Declined(Transfer, other.RequestId), new Money(700, "EUR"), "bob", "no?slash"), (refused.EventId, refused.Amount, refused.Origin.RequestedBy, refused.PayerAccountId));
            Assert.Equal(140, refused.Origin.Purpose!.Length);
        }

        await saga.Handle(Answers.Declined(reserve, DeclineReason.InsufficientFunds, Noon));
        Assert.NotNull((await saga.Handle(other)).Told<TransferRequestDeclined>());
    }

    [Fact]
    public async Task A_request_under_the_ids_of_two_transfers_is_refused_by_an_event_for_each()
    {
        Guid[] taken = [Transfer, Guid.NewGuid()];
        foreach (var transfer in taken) await saga.Handle(Initiate(100) with { TransferId = transfer, RequestId = Guid.NewGuid() });
        var refused = new HashSet<Guid>();
        foreach (var transfer in taken.Concat(taken)) refused.Add((await saga.Handle(Initiate(700) with { TransferId = transfer })).Told<TransferRequestDeclined>().EventId);
        Assert.Equal(taken.Length, refused.Count);
    }

    [Fact]
    public async Task A_message_that_comes_twice_makes_one_step()
    {
        var reserve = await Started();
        Assert.True(IsSilent(await saga.Handle(Initiate(100))));
        Assert.False(IsSilent(await saga.Handle(Answers.Reserved(reserve, Noon))));
        Assert.True(IsSilent(await saga.Handle(Answers.Reserved(reserve, Noon))));
    }

    [Fact]
    public async Task Somebody_elses_hold_or_credit_under_the_id_of_the_transfer_moves_nothing()
    {
        var reserve = await Started();
        var foreign = reserve with { RequestId = Guid.NewGuid(), AccountId = "other", TransferId = null };
        Assert.True(IsSilent(await saga.Handle(Answers.Reserved(foreign, Noon))));
        Assert.True(IsSilent(await saga.Handle(Answers.Declined(foreign, DeclineReason.InsufficientFunds, Noon))));
        var credit = (await saga.Handle(Answers.Reserved(reserve, Noon))).FindSentMessage<CreditAccount>();
        var foreignCredit = credit with { RequestId = Guid.NewGuid(), AccountId = "other" };
        Assert.True(IsSilent(await saga.Handle(Answers.Credited(foreignCredit, Noon))));
        Assert.True(IsSilent(await saga.Handle(Answers.Rejected(foreignCredit, DeclineReason.AccountUnknown, Noon))));
    }

    public static TheoryData<string, InitiateTransfer> Refused() => new()
    {
        { DeclineReason.SameAccount, Initiate(100) with { PayeeAccountId = ModelBank.Payer } },
        { DeclineReason.AmountNotPositive, Initiate(0) },
        { DeclineReason.AmountNotPositive, Initiate(-1) },
        { DeclineReason.CurrencyUnknown, Initiate(100) with { Amount = new Money(1, "ZZZ") } },
        { DeclineReason.Malformed, Initiate(100) with { PayeeAccountId = "" } },
        { DeclineReason.Malformed, Initiate(100) with { PayerAccountId = "no/slash" } },
        { DeclineReason.Malformed, Initiate(100) with { Reference = new string('r', 141) } },
        { DeclineReason.Malformed, Initiate(100) with { Origin = Alice with { Channel = "" } } },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task A_transfer_that_makes_no_sense_fails_at_once_with_the_reason(string reason, InitiateTransfer command)
    {
        var ended = await saga.Handle(command);
        Assert.Equal(reason, Assert.IsType<TransferFailed>(Assert.Single(ended.Told())).Reason);
        Assert.Empty(ended.Asked());
    }

    [Fact]
    public async Task What_is_told_of_a_hostile_request_can_be_stored_by_everybody()
    {
        var hostile = Initiate(100) with
        {
            PayerAccountId = new string('x', 5000),
            PayeeAccountId = "a\0b<script>",
            Origin = Alice with { RequestedBy = new string('r', 5000), Channel = null!, Purpose = "line\nbreak\0" },
        };
        var failed = (await saga.Handle(hostile)).Told<TransferFailed>();
        Assert.Equal((DeclineReason.Malformed, new string('x', 64), "a?b?script?"), (failed.Reason, failed.PayerAccountId, failed.PayeeAccountId));
        Assert.Equal((new string('r', 100), "", "line?break?"), (failed.Origin.RequestedBy, failed.Origin.Channel, failed.Origin.Purpose));
    }

    [Fact]
    public async Task A_transfer_without_an_amount_goes_to_the_error_queue_naming_it()
    {
        var error = await Assert.ThrowsAsync<MalformedTransferException>(() => saga.Handle(Initiate(1) with { Amount = null! }));
        Assert.StartsWith("Amount:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stored_state_of_a_transfer_stays_what_it_was()
    {
        var data = (await saga.Handle(Initiate(100))).SagaDataSnapshot;
        (data.Id, data.OriginalMessageId, data.Originator) = (Transfer, "m-1", "Bank.Channels");
        GoldenFile.Check("transfer-saga", JsonSerializer.Serialize(data));
    }

    [Fact]
    public void Ids_of_steps_follow_from_the_transfer_as_they_always_did()
    {
        GoldenFile.Check("transfer-ids", JsonSerializer.Serialize(new[] { "reserve", "credit", "capture", "release", "initiated", "completed", "failed" }.ToDictionary(step => step, step => TransferIds.Of(Transfer, step))));
        Assert.All([TransferIds.Reserve(Transfer), TransferIds.Release(Transfer)], id => Assert.Equal((5, 0x8), (id.Version, id.Variant & 0xC)));
    }

    [Theory]
    [InlineData(null, 300)]
    [InlineData("00:00:10", 10)]
    public void The_time_limit_is_read_from_the_configuration(string? text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), TransferTimes.Read(Configured(text)).Limit);

    [Theory]
    [InlineData("soon")]
    [InlineData("00:00:00")]
    [InlineData("-00:01:00")]
    public void A_time_limit_that_is_none_is_named(string text) =>
        Assert.Contains("Bank:Transfers:TimeLimit", Assert.Throws<InvalidOperationException>(() => TransferTimes.Read(Configured(text))).Message, StringComparison.Ordinal);

    internal static InitiateTransfer Initiate(long amount) => new()
    {
        RequestId = new Guid("0195f3a0-0000-7000-8000-000000000002"), Origin = Alice, TransferId = Transfer, PayerAccountId = ModelBank.Payer, PayeeAccountId = ModelBank.Payee,
        Amount = new Money(amount, "EUR"), Reference = "March",
    };

    private async Task<ReserveFunds> Started() => (await saga.Handle(Initiate(100))).FindSentMessage<ReserveFunds>();

    private async Task<TestableSaga<TransferSaga, TransferSagaData>.HandleResult> TimesOut()
    {
        clock.Advance(Limit);
        return Assert.Single(await saga.AdvanceTime(Limit));
    }

    private static bool IsSilent(TestableSaga<TransferSaga, TransferSagaData>.HandleResult result) =>
        result.Context.PublishedMessages.Length == 0 && result.Context.SentMessages.Length == 0;

    private static IConfiguration Configured(string? limit) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Bank:Transfers:TimeLimit"] = limit }).Build();
}
