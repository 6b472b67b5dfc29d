using Bank.Accounts.Accounts;
using Bank.Contracts.Accounts;
using static Bank.Accounts.Tests.Accounts.Story;

namespace Bank.Accounts.Tests.Accounts;

public sealed class ValueDateTests
{
    private static readonly DateTimeOffset TenDaysLater = Noon.AddDays(10);

    [Fact]
    public void An_entry_counts_from_the_day_on_which_it_is_recorded_unless_another_is_asked_for()
    {
        var (hold, today) = (Guid.NewGuid(), new DateOnly(2026, 3, 11));
        var given = Given(Open(), Deposit(100), Reserve(30, hold));
        Assert.Equal(today, given.When(Deposit(5), TenDaysLater).Last<Deposited>().ValueDate);
        Assert.Equal(today, given.When(Withdraw(5), TenDaysLater).Last<Withdrawn>().ValueDate);
        Assert.Equal(today, given.When(Capture(hold), TenDaysLater).Last<Captured>().ValueDate);
        Assert.Equal(today, given.When(Credit(5), TenDaysLater).Last<Credited>().ValueDate);
    }

    [Fact]
    public void An_entry_may_be_back_dated_and_still_changes_the_balance_of_today()
    {
        var deposited = Given(Open(), Deposit(100)).When(Deposit(5) with { ValueDate = "2026-03-02" }, TenDaysLater).Then<Deposited>(105, 105).Last<Deposited>();
        Assert.Equal((new DateOnly(2026, 3, 2), TenDaysLater), (deposited.ValueDate, deposited.OccurredAt));
        var withdrawn = Given(Open(), Deposit(100)).When(Withdraw(5) with { ValueDate = "2026-03-02" }, TenDaysLater).Then<Withdrawn>(95, 95).Last<Withdrawn>();
        Assert.Equal(new DateOnly(2026, 3, 2), withdrawn.ValueDate);
    }

    [Fact]
    public void A_back_dated_withdrawal_is_checked_against_the_funds_of_today() =>
        Given(Open(), Deposit(100), Withdraw(90)).When(Withdraw(50) with { ValueDate = "2026-03-01" }, TenDaysLater)
            .ThenRefused<WithdrawalRefused>(DeclineReason.InsufficientFunds, 10, 10);

    [Theory]
    [InlineData("2026-03-12", DeclineReason.ValueDateInFuture)]
    [InlineData("2026-02-28", DeclineReason.ValueDateBeforeOpening)]
    [InlineData("2026-02-30", DeclineReason.Malformed)]
    [InlineData("02/03/2026", DeclineReason.Malformed)]
    [InlineData("2026-03-02T00:00:00Z", DeclineReason.Malformed)]
    [InlineData("", DeclineReason.Malformed)]
    public void A_value_date_out_of_bounds_is_refused_with_the_reason(string day, string reason)
    {
        Given(Open(), Deposit(100)).When(Deposit(5) with { ValueDate = day }, TenDaysLater).ThenRefused<RequestRefused>(reason, 100, 100);
        Given(Open(), Deposit(100)).When(Withdraw(5) with { ValueDate = day }, TenDaysLater).ThenRefused<WithdrawalRefused>(reason, 100, 100);
    }

    [Theory]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-11")]
    public void The_day_of_opening_and_today_are_within_the_bounds(string day) =>
        Given(Open(), Deposit(100)).When(Deposit(5) with { ValueDate = day }, TenDaysLater).Then<Deposited>(105, 105);

    [Fact]
    public void An_entry_is_dated_back_a_year_at_most()
    {
        var later = Noon.AddDays(400);
        Given(Open()).When(Deposit(5) with { ValueDate = "2026-04-05" }, later).Then<Deposited>(5, 5);
        Given(Open()).When(Deposit(5) with { ValueDate = "2026-04-04" }, later).ThenRefused<RequestRefused>(DeclineReason.ValueDateTooOld, 0, 0);
    }

    [Theory]
    // Summer time begins and ends in Europe; elsewhere it is another day already, or still.
    [InlineData("2026-03-29T00:30:00+01:00", "2026-03-28")]
    [InlineData("2026-03-29T03:30:00+02:00", "2026-03-29")]
    [InlineData("2026-10-25T02:30:00+02:00", "2026-10-25")]
    [InlineData("2026-10-25T01:30:00+14:00", "2026-10-24")]
    [InlineData("2026-12-31T23:00:00-05:00", "2027-01-01")]
    public void Today_is_the_day_in_UTC_whatever_the_clock_on_the_wall_says(string now, string today)
    {
        var at = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
        var day = DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(day, Given(Open()).When(Deposit(5), at).Last<Deposited>().ValueDate);
        Given(Open()).When(Deposit(5) with { ValueDate = today }, at).Then<Deposited>(5, 5);
        Given(Open()).When(Deposit(5) with { ValueDate = $"{day.AddDays(1):yyyy-MM-dd}" }, at).ThenRefused<RequestRefused>(DeclineReason.ValueDateInFuture, 0, 0);
    }
}
