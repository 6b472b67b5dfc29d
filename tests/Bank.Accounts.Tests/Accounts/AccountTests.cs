using Bank.Accounts.Accounts;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using static Bank.Accounts.Tests.Accounts.Story;

namespace Bank.Accounts.Tests.Accounts;

public sealed class AccountTests
{
    private static readonly Guid Hold = Guid.NewGuid();
    private static readonly Guid Transfer = Guid.NewGuid();

    [Fact]
    public void An_account_opens_empty_with_its_overdraft_available() => Given().When(Open(overdraft: 50)).Then<Opened>(0, 50);

    [Fact]
    public void An_account_opens_once() => Given(Open()).When(Open()).ThenRefused<RequestRefused>(DeclineReason.AccountAlreadyOpen, 0, 0);

    [Fact]
    public void A_closed_account_stays_closed()
    {
        Given(Open(), Close()).When(Open()).ThenRefused<RequestRefused>(DeclineReason.AccountIsClosed, 0, 0);
        Given(Open(), Close()).When(Deposit(1)).ThenRefused<RequestRefused>(DeclineReason.AccountIsClosed, 0, 0);
        Given(Open(), Close()).When(Withdraw(1)).ThenRefused<WithdrawalRefused>(DeclineReason.AccountIsClosed, 0, 0);
        Given(Open(), Close()).When(Reserve(1, Hold)).ThenRefused<ReservationRefused>(DeclineReason.AccountIsClosed, 0, 0);
        Given(Open(), Close()).When(Credit(1)).ThenRefused<CreditRefused>(DeclineReason.AccountIsClosed, 0, 0);
        Given(Open(), Close()).When(Close()).ThenRefused<RequestRefused>(DeclineReason.AccountIsClosed, 0, 0);
    }

    [Fact]
    public void An_unknown_account_refuses_everything_but_opening()
    {
        Given().When(Deposit(1)).ThenRefused<RequestRefused>(DeclineReason.AccountUnknown, 0, 0);
        Given().When(Withdraw(1)).ThenRefused<WithdrawalRefused>(DeclineReason.AccountUnknown, 0, 0);
        Given().When(Reserve(1, Hold)).ThenRefused<ReservationRefused>(DeclineReason.AccountUnknown, 0, 0);
        Given().When(Capture(Hold)).ThenRefused<RequestRefused>(DeclineReason.AccountUnknown, 0, 0);
        Given().When(Credit(1)).ThenRefused<CreditRefused>(DeclineReason.AccountUnknown, 0, 0);
        Given().When(Close()).ThenRefused<RequestRefused>(DeclineReason.AccountUnknown, 0, 0);
    }

    [Fact]
    public void A_refusal_by_an_unknown_account_is_in_the_currency_asked_for_or_in_none()
    {
        Assert.Equal("USD", Given().When(Withdraw(1, "USD")).Last<WithdrawalRefused>().UnitCurrency);
        Assert.Equal("XXX", Given().When(Close()).Last<RequestRefused>().UnitCurrency);
        Assert.Equal("XXX", Given().When(Open("no currency")).Last<RequestRefused>().UnitCurrency);
    }

    public static TheoryData<string, Origin> MalformedOrigins() => new()
    {
        { "blank", Alice with { RequestedBy = " " } },
        { "missing", Alice with { RequestedBy = null! } },
        { "long", Alice with { Channel = new string('c', 51) } },
        { "control", Alice with { Purpose = "two\nlines" } },
        { "half a character", Alice with { RequestedBy = new string('r', 99) + "\U0001F3E6" } },
    };

    [Theory]
    [MemberData(nameof(MalformedOrigins), DisableDiscoveryEnumeration = true)]
    public void A_command_whose_origin_nobody_could_store_is_refused_and_recorded_legibly(string what, Origin origin)
    {
        IBankCommand[] commands =
        [
            Open() with { Origin = origin }, Deposit(1) with { Origin = origin }, Withdraw(1) with { Origin = origin }, Reserve(1, Hold) with { Origin = origin },
            Capture(Hold) with { Origin = origin }, Release(Hold) with { Origin = origin }, Credit(1) with { Origin = origin }, Close() with { Origin = origin },
        ];
        foreach (var command in commands)
        {
            var decided = Decide(Given(Open(), Deposit(10)).Account, command, Noon);
            Assert.Equal((what, DeclineReason.Malformed), (what, ReasonOf(decided)));
            Assert.Equal(decided.Origin, decided.Origin.Legible());
            Assert.Equal((command.RequestId, 1_000L), (decided.RequestId, decided.Balance));
        }
    }

    [Fact]
    public void A_counterparty_that_is_no_account_id_is_refused_before_any_view_has_to_keep_it()
    {
        var given = Given(Open(), Deposit(10));
        given.When(Credit(1) with { CounterpartyAccountId = new string('c', 65) }).ThenRefused<CreditRefused>(DeclineReason.Malformed, 10, 10);
        given.When(Reserve(1, Hold) with { CounterpartyAccountId = "a\0b" }).ThenRefused<ReservationRefused>(DeclineReason.Malformed, 10, 10);
    }

    [Fact]
    public void An_account_needs_a_currency_of_ISO_4217() => Given().When(Open("ZZZ")).ThenRefused<RequestRefused>(DeclineReason.CurrencyUnknown, 0, 0);

    [Fact]
    public void An_overdraft_is_not_negative_and_in_the_currency_of_the_account()
    {
        Given().When(Open(overdraft: -1)).ThenRefused<RequestRefused>(DeclineReason.OverdraftLimitNegative, 0, 0);
        Given().When(Open("USD", overdraft: 1)).ThenRefused<RequestRefused>(DeclineReason.CurrencyMismatch, 0, 0);
    }

    [Fact]
    public void A_deposit_raises_the_balance() => Given(Open(), Deposit(10)).When(Deposit(5.25m)).Then<Deposited>(15.25m, 15.25m);

    [Fact]
    public void A_withdrawal_may_use_the_overdraft() => Given(Open(overdraft: 50), Deposit(100)).When(Withdraw(150)).Then<Withdrawn>(-50, 0);

    [Fact]
    public void A_withdrawal_beyond_available_funds_is_declined() =>
        Given(Open(overdraft: 50), Deposit(100)).When(Withdraw(150.01m)).ThenRefused<WithdrawalRefused>(DeclineReason.InsufficientFunds, 100, 150);

    [Fact]
    public void A_hold_leaves_the_balance_and_lowers_what_is_available()
    {
        Given(Open(), Deposit(100)).When(Reserve(30, Hold)).Then<Reserved>(100, 70);
        Given(Open(), Deposit(100), Reserve(30, Hold)).When(Withdraw(80)).ThenRefused<WithdrawalRefused>(DeclineReason.InsufficientFunds, 100, 70);
        Given(Open(), Deposit(100), Reserve(30, Hold)).When(Reserve(80, Guid.NewGuid())).ThenRefused<ReservationRefused>(DeclineReason.InsufficientFunds, 100, 70);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Amounts_are_above_zero(int amount)
    {
        Given(Open(), Deposit(9)).When(Deposit(amount)).ThenRefused<RequestRefused>(DeclineReason.AmountNotPositive, 9, 9);
        Given(Open(), Deposit(9)).When(Withdraw(amount)).ThenRefused<WithdrawalRefused>(DeclineReason.AmountNotPositive, 9, 9);
        Given(Open(), Deposit(9)).When(Reserve(amount, Hold)).ThenRefused<ReservationRefused>(DeclineReason.AmountNotPositive, 9, 9);
        Given(Open(), Deposit(9)).When(Credit(amount)).ThenRefused<CreditRefused>(DeclineReason.AmountNotPositive, 9, 9);
    }

    [Fact]
    public void Amounts_are_in_the_currency_of_the_account()
    {
        Given(Open(), Deposit(9)).When(Deposit(1, "USD")).ThenRefused<RequestRefused>(DeclineReason.CurrencyMismatch, 9, 9);
        Given(Open(), Deposit(9)).When(Withdraw(1, "USD")).ThenRefused<WithdrawalRefused>(DeclineReason.CurrencyMismatch, 9, 9);
        Given(Open(), Deposit(9)).When(Credit(1, "USD")).ThenRefused<CreditRefused>(DeclineReason.CurrencyMismatch, 9, 9);
    }

    [Fact]
    public void An_amount_that_no_balance_can_hold_is_refused()
    {
        var most = new Money(long.MaxValue, "EUR").ToDecimal();
        Given(Open(), Deposit(1)).When(Deposit(most)).ThenRefused<RequestRefused>(DeclineReason.AmountTooLarge, 1, 1);
        Given(Open(), Deposit(1)).When(Credit(most)).ThenRefused<CreditRefused>(DeclineReason.AmountTooLarge, 1, 1);
        Given(Open(overdraft: 1)).When(Deposit(most)).ThenRefused<RequestRefused>(DeclineReason.AmountTooLarge, 0, 1);
        Given(Open()).When(Deposit(most)).Then<Deposited>(most, most);
    }

    [Fact]
    public void Capturing_a_hold_books_it() => Given(Open(), Deposit(100), Reserve(30, Hold)).When(Capture(Hold)).Then<Captured>(70, 70);

    [Fact]
    public void Releasing_a_hold_gives_it_back() => Given(Open(), Deposit(100), Reserve(30, Hold)).When(Release(Hold)).Then<Released>(100, 100);

    [Fact]
    public void A_hold_ends_once()
    {
        Given(Open(), Deposit(100), Reserve(30, Hold), Capture(Hold)).When(Capture(Hold)).ThenRefused<RequestRefused>(DeclineReason.ReservationAlreadyCaptured, 70, 70);
        Given(Open(), Deposit(100), Reserve(30, Hold), Capture(Hold)).When(Release(Hold)).ThenRefused<RequestRefused>(DeclineReason.ReservationAlreadyCaptured, 70, 70);
        Given(Open(), Deposit(100), Reserve(30, Hold), Release(Hold)).When(Capture(Hold)).ThenRefused<RequestRefused>(DeclineReason.ReservationEnded, 100, 100);
        Given(Open(), Deposit(100), Reserve(30, Hold), Release(Hold)).When(Release(Hold)).Then<Released>(100, 100);
    }

    [Fact]
    public void An_unknown_hold_cannot_be_captured() =>
        Given(Open(), Deposit(100)).When(Capture(Hold)).ThenRefused<RequestRefused>(DeclineReason.ReservationUnknown, 100, 100);

    [Fact]
    public void Releasing_an_unknown_hold_keeps_it_from_ever_standing() =>
        Given(Open(), Deposit(100), Release(Hold)).When(Reserve(30, Hold)).ThenRefused<ReservationRefused>(DeclineReason.ReservationAlreadyUsed, 100, 100);

    [Fact]
    public void The_name_of_a_hold_is_used_once()
    {
        Given(Open(), Deposit(100), Reserve(30, Hold)).When(Reserve(30, Hold)).ThenRefused<ReservationRefused>(DeclineReason.ReservationAlreadyUsed, 100, 70);
        Given(Open(), Deposit(100), Reserve(30, Hold), Capture(Hold)).When(Reserve(30, Hold)).ThenRefused<ReservationRefused>(DeclineReason.ReservationAlreadyUsed, 70, 70);
    }

    [Fact]
    public void The_hold_of_a_transfer_ends_only_in_its_name()
    {
        var story = Given(Open(), Deposit(100), Reserve(30, Hold, Transfer));
        story.When(Capture(Hold)).ThenRefused<RequestRefused>(DeclineReason.ReservationUnknown, 100, 70);
        story.When(Release(Hold, Guid.NewGuid())).ThenRefused<RequestRefused>(DeclineReason.ReservationUnknown, 100, 70);
        story.When(Capture(Hold, Transfer)).Then<Captured>(70, 70);
    }

    [Fact]
    public void A_hold_expires_once_and_can_then_not_be_captured()
    {
        var story = Given(Open(), Deposit(100), Reserve(30, Hold, expires: Noon.AddHours(1)));
        story.When(Capture(Hold), Noon.AddHours(1)).ThenRefused<RequestRefused>(DeclineReason.ReservationEnded, 100, 70);
        story.When(Expire(Hold), Noon.AddHours(1)).Then<Released>(100, 100);
        Assert.Equal(ReleaseReason.Expired, story.Last<Released>().Reason);
        story.When(Expire(Hold), Noon.AddHours(1)).ThenRefused<RequestRefused>(DeclineReason.ReservationEnded, 100, 100);
    }

    [Fact]
    public void A_hold_can_be_captured_until_it_expires() =>
        Given(Open(), Deposit(100), Reserve(30, Hold, expires: Noon.AddHours(1))).When(Capture(Hold), Noon.AddHours(1).AddTicks(-1)).Then<Captured>(70, 70);

    [Fact]
    public void Past_its_time_a_request_is_refused()
    {
        Given(Open(), Deposit(100)).When(Reserve(30, Hold, validUntil: Noon), Noon.AddTicks(1)).ThenRefused<ReservationRefused>(DeclineReason.TooLate, 100, 100);
        Given(Open(), Deposit(100)).When(Reserve(30, Hold, expires: Noon), Noon).ThenRefused<ReservationRefused>(DeclineReason.TooLate, 100, 100);
        Given(Open(), Deposit(100)).When(Credit(30, validUntil: Noon), Noon.AddTicks(1)).ThenRefused<CreditRefused>(DeclineReason.TooLate, 100, 100);
        Given(Open(), Deposit(100)).When(Credit(30, validUntil: Noon), Noon).Then<Credited>(130, 130);
    }

    [Fact]
    public void An_account_closes_empty_and_without_holds()
    {
        Given(Open(), Deposit(1)).When(Close()).ThenRefused<RequestRefused>(DeclineReason.BalanceNotZero, 1, 1);
        Given(Open(overdraft: 9), Reserve(5, Hold)).When(Close()).ThenRefused<RequestRefused>(DeclineReason.ReservationsOpen, 0, 4);
        Given(Open(), Deposit(1), Withdraw(1)).When(Close()).Then<Closed>(0, 0);
    }

    [Fact]
    public void Every_event_tells_who_asked_and_when()
    {
        var command = Deposit(1);
        var happened = Given(Open()).When(command).Last<Deposited>();
        Assert.Equal((command.RequestId, Alice, Noon), (happened.RequestId, happened.Origin, happened.OccurredAt));
    }

    [Fact]
    public void What_may_be_done_now_depends_on_the_account()
    {
        Assert.Equal(["open", "release"], Allowed(Given()));
        Assert.Equal(["deposit", "release", "close"], Allowed(Given(Open())));
        Assert.Equal(["deposit", "withdraw", "reserve", "release", "transfer"], Allowed(Given(Open(), Deposit(1))));
        Assert.Equal(["deposit", "capture", "release"], Allowed(Given(Open(), Deposit(1), Reserve(1, Hold))));
        Assert.Equal(["release"], Allowed(Given(Open(), Close())));
    }

    private static IEnumerable<string> Allowed(Story story) =>
        AvailableCommands.Of(story.Account).Where(command => command.Allowed).Select(command => command.Name);
}
