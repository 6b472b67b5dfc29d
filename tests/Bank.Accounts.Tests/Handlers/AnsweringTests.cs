using Bank.Accounts.Accounts;
using Bank.Accounts.Handlers;
using Bank.Accounts.Tests.Accounts;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.ServiceBus;
using Bank.ServiceBus.Testing;
using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Microsoft.Extensions.Time.Testing;
using static Bank.Accounts.Tests.Accounts.Story;

namespace Bank.Accounts.Tests.Handlers;

public sealed class AnsweringTests
{
    private readonly InMemoryStreamStore streams = new();
    private readonly FakeTimeProvider clock = new(Noon);
    private readonly AccountStore accounts;

    public AnsweringTests() => accounts = new AccountStore(streams);

    [Fact]
    public async Task A_command_that_comes_twice_is_answered_once()
    {
        var deposit = Deposit(10);
        await Send(accounts, Open());
        await Send(accounts, deposit);
        await Send(accounts, deposit);
        Assert.Equal(["account-opened", "money-deposited"], await Types());
    }

    [Fact]
    public async Task A_command_that_comes_again_after_hundreds_of_others_is_still_known()
    {
        var deposit = Deposit(10);
        await Send(accounts, Open());
        await Send(accounts, deposit);
        for (var i = 0; i < 600; i++) await Send(accounts, Deposit(1));
        await Send(accounts, deposit);
        await Send(new AccountStore(streams), deposit);
        Assert.Equal(602, (await Types()).Count);
        Assert.Equal(61_000, (await accounts.Load(AccountId, default)).Balance);
    }

    [Fact]
    public async Task A_state_that_another_process_has_overtaken_is_read_anew()
    {
        var elsewhere = new AccountStore(streams);
        await Send(accounts, Open());
        await Send(accounts, Deposit(10));
        await Send(elsewhere, Withdraw(8));
        await Send(accounts, Withdraw(8));
        Assert.Equal(["account-opened", "money-deposited", "money-withdrawn", "withdrawal-refused"], await Types());
    }

    [Fact]
    public async Task What_another_process_answered_counts_even_if_this_one_would_answer_otherwise()
    {
        var hold = Guid.NewGuid();
        var reserve = Reserve(5, hold, validUntil: Noon.AddMinutes(1));
        await Send(accounts, Open());
        await Send(accounts, Deposit(10));
        await Send(new AccountStore(new AppendsBehind(streams, () => Send(new AccountStore(streams), reserve, Noon))), reserve, Noon.AddMinutes(2));
        await Send(accounts, Capture(hold), Noon.AddMinutes(2));
        Assert.Equal(["account-opened", "money-deposited", "funds-reserved", "reservation-captured"], await Types());
    }

    [Fact]
    public async Task A_process_believes_the_stream_and_not_what_it_meant_to_append()
    {
        var hold = Guid.NewGuid();
        var reserve = Reserve(5, hold, validUntil: Noon.AddMinutes(1));
        await Send(accounts, Open());
        await Send(accounts, Deposit(10));
        var late = new AccountStore(new AppendsBehind(streams, () => Send(accounts, reserve, Noon)));
        await Send(late, reserve, Noon.AddMinutes(2));
        Assert.Equal(500, (await late.Load(AccountId, default)).Held);
    }

    [Fact]
    public async Task Commands_at_the_same_time_are_all_answered_and_never_overdraw()
    {
        await Send(accounts, Open());
        await Send(accounts, Deposit(10));
        var processes = new[] { accounts, new AccountStore(streams), new AccountStore(streams) };
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => UntilAnswered(processes[i % 3], Withdraw(1)))));
        var types = await Types();
        Assert.Equal((10, 50), (types.Count(type => type == "money-withdrawn"), types.Count(type => type == "withdrawal-refused")));
        Assert.Equal(0, (await accounts.Load(AccountId, default)).Balance);
    }

    [Fact]
    public async Task The_same_command_at_the_same_time_in_many_processes_is_answered_once()
    {
        var deposit = Deposit(10);
        await Send(accounts, Open());
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => UntilAnswered(new AccountStore(streams), deposit))));
        Assert.Equal(["account-opened", "money-deposited"], await Types());
    }

    [Fact]
    public async Task An_event_keeps_which_message_caused_it()
    {
        var context = new TestableMessageHandlerContext { MessageId = "message-7" };
        context.MessageHeaders[Headers.ConversationId] = "conversation-9";
        await Handle(accounts, Open(), context);
        var page = await streams.ReadStreamForwards("account-" + AccountId, 0, 1, true, default);
        Assert.Contains("message-7", page.Messages[0].JsonMetadata, StringComparison.Ordinal);
        Assert.Contains("conversation-9", page.Messages[0].JsonMetadata, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hold_that_expires_is_asked_to_at_its_time()
    {
        var context = new TestableMessageHandlerContext();
        await Handle(accounts, Reserve(5, Guid.NewGuid(), expires: Noon.AddHours(1)), context);
        var sent = Assert.Single(context.SentMessages);
        Assert.Equal(Noon.AddHours(1), sent.Options.GetDeliveryDate());
    }

    [Fact]
    public async Task A_hold_for_longer_than_any_message_can_wait_is_looked_at_again_and_never_ends_early()
    {
        var expires = Noon.AddYears(20);
        var context = new TestableMessageHandlerContext();
        await Send(accounts, Open());
        await Send(accounts, Deposit(10));
        await Handle(accounts, Reserve(5, Guid.NewGuid(), expires: expires), context);
        for (var now = Noon; now < expires;)
        {
            var sent = Assert.Single(context.SentMessages);
            Assert.True(sent.Options.GetDeliveryDate() - now <= TimeSpan.FromDays(365));
            Assert.Equal(500, (await accounts.Load(AccountId, default)).Held);
            now = sent.Options.GetDeliveryDate()!.Value;
            context = new TestableMessageHandlerContext();
            await Handle(accounts, (IBankCommand)sent.Message, context, new FakeTimeProvider(now));
        }

        Assert.Empty(context.SentMessages);
        Assert.Equal(["account-opened", "money-deposited", "funds-reserved", "reservation-released-2"], await Types());
    }

    [Fact]
    public async Task After_a_crash_between_append_and_send_the_redelivered_command_asks_for_the_same_expiry()
    {
        var reserve = Reserve(5, Guid.NewGuid(), expires: Noon.AddHours(1));
        var (before, after) = (new TestableMessageHandlerContext(), new TestableMessageHandlerContext());
        await Send(accounts, Open());
        await Send(accounts, Deposit(10));
        await Handle(accounts, reserve, before);
        await Handle(new AccountStore(streams), reserve, after);
        Assert.Equal(["account-opened", "money-deposited", "funds-reserved"], await Types());
        Assert.Equal(before.FindSentMessage<ExpireReservation>(), after.FindSentMessage<ExpireReservation>());
        await Send(accounts, after.FindSentMessage<ExpireReservation>(), Noon.AddHours(1));
        Assert.Equal(0, (await accounts.Load(AccountId, default)).Held);
    }

    [Fact]
    public async Task A_hold_without_end_is_not_asked_to_expire()
    {
        var context = new TestableMessageHandlerContext();
        await Handle(accounts, Reserve(5, Guid.NewGuid()), context);
        Assert.Empty(context.SentMessages);
    }

    public static TheoryData<string, IBankCommand> Malformed() => new()
    {
        { "AccountId", Deposit(1) with { AccountId = "" } },
        { "AccountId", Deposit(1) with { AccountId = "no/slash" } },
        { "AccountId", Deposit(1) with { AccountId = new string('a', 65) } },
        { "AccountId", Deposit(1) with { AccountId = null! } },
        { "RequestId", Withdraw(1) with { RequestId = Guid.Empty } },
        { "Amount", Withdraw(1) with { Amount = null! } },
        { "Amount", Reserve(1, Guid.NewGuid()) with { Amount = null! } },
        { "Origin", Close() with { Origin = null! } },
    };

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public async Task A_command_that_cannot_be_understood_is_refused_by_name_and_writes_nothing(string field, IBankCommand command)
    {
        var error = await Assert.ThrowsAsync<MalformedCommandException>(() => Send(accounts, command));
        Assert.StartsWith(field + ":", error.Message, StringComparison.Ordinal);
        Assert.Equal(-1, await streams.ReadHeadPosition(default));
    }

    private async Task UntilAnswered(AccountStore store, IBankCommand command)
    {
        // What recoverability does when others were faster again and again.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await Send(store, command);
                return;
            }
            catch (WrongExpectedVersionException) when (attempt < 100)
            {
                await Task.Yield();
            }
        }
    }

    private Task Send(AccountStore store, IBankCommand command, DateTimeOffset? at = null)
    {
        var time = at is { } moved ? new FakeTimeProvider(moved) : clock;
        return Handle(store, command, new TestableMessageHandlerContext(), time);
    }

    private Task Handle(AccountStore store, IBankCommand command, TestableMessageHandlerContext context, TimeProvider? time = null) => command switch
    {
        OpenAccount c => new LifecycleHandlers(store, time ?? clock).Handle(c, context),
        CloseAccount c => new LifecycleHandlers(store, time ?? clock).Handle(c, context),
        Contracts.Accounts.Deposit c => new CashHandlers(store, time ?? clock).Handle(c, context),
        Contracts.Accounts.Withdraw c => new CashHandlers(store, time ?? clock).Handle(c, context),
        ReserveFunds c => new ReserveFundsHandler(store, time ?? clock).Handle(c, context),
        CaptureReservation c => new ReservationEndHandlers(store, time ?? clock).Handle(c, context),
        ReleaseReservation c => new ReservationEndHandlers(store, time ?? clock).Handle(c, context),
        ExpireReservation c => new ReservationEndHandlers(store, time ?? clock).Handle(c, context),
        CreditAccount c => new CreditAccountHandler(store, time ?? clock).Handle(c, context),
        _ => throw new InvalidOperationException($"{command} has no handler here."),
    };

    private async Task<IReadOnlyList<string>> Types()
    {
        var page = await streams.ReadStreamForwards("account-" + AccountId, 0, 1000, false, default);
        return [.. page.Messages.Select(message => message.Type)];
    }
}
