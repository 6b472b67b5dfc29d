using Bank.Accounts.Accounts;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using CsCheck;
using static Bank.Accounts.Tests.Accounts.Story;

namespace Bank.Accounts.Tests.Accounts;

public sealed class AccountProperties
{
    private static readonly Guid[] Holds = [.. Enumerable.Range(1, 4).Select(number => new Guid(number, 0, 0, new byte[8]))];

    // In the smallest unit, so that sequences meet their limits exactly.
    private static readonly Gen<decimal> Amounts = Gen.Int[-2, 60].Select(amount => amount / 100m);
    private static readonly Gen<Guid> Hold = Gen.OneOf(Holds);
    private static readonly Gen<Guid?> Transfer = Gen.OneOf<Guid?>(null, Holds[0]);
    private static readonly Gen<DateTimeOffset?> Time = Gen.OneOf<DateTimeOffset?>(null, Noon.AddMinutes(20), Noon.AddMinutes(60));

    private static readonly Gen<IBankCommand> Command = Gen.OneOf<IBankCommand>(
        Gen.Int[0, 50].Select(limit => (IBankCommand)Open(overdraft: limit / 100m)),
        Amounts.Select(amount => (IBankCommand)Deposit(amount)),
        Amounts.Select(amount => (IBankCommand)Withdraw(amount)),
        Gen.Select(Amounts, Hold, Transfer, Time, Time).Select((amount, hold, transfer, expires, until) => (IBankCommand)Reserve(amount, hold, transfer, expires, until)),
        Gen.Select(Hold, Transfer).Select((hold, transfer) => (IBankCommand)Capture(hold, transfer)),
        Gen.Select(Hold, Transfer).Select((hold, transfer) => (IBankCommand)Release(hold, transfer)),
        Hold.Select(hold => (IBankCommand)Expire(hold)),
        Gen.Select(Amounts, Time).Select((amount, until) => (IBankCommand)Credit(amount, validUntil: until)),
        Gen.Const(0).Select(_ => (IBankCommand)Close()));

    private static readonly Gen<IBankCommand[]> Commands = Command.Array[0, 80].Select(rest => (IBankCommand[])[Open(overdraft: 0.20m), Deposit(0.50m), .. rest]);

    [Fact]
    public void No_sequence_of_commands_makes_available_funds_fall_below_zero() =>
        Commands.Sample(commands => Run(commands).All(step => step.After.Available >= 0 && step.After.Balance >= -step.After.OverdraftLimit && step.After.Held >= 0));

    [Fact]
    public void Held_is_the_sum_of_the_holds_that_stand() =>
        Commands.Sample(commands => Run(commands).All(step => step.After.Held == step.After.Holds.Values.Sum(hold => hold.Amount)));

    [Fact]
    public void The_balance_is_what_came_in_less_what_went_out() =>
        Commands.Sample(commands =>
        {
            var steps = Run(commands).ToList();
            var moved = steps.Sum(step => step.Event switch
            {
                Deposited e => e.Amount,
                Credited e => e.Amount,
                Withdrawn e => -e.Amount,
                Captured e => -e.Amount,
                _ => 0,
            });
            return steps[^1].After.Balance == moved;
        });

    [Fact]
    public void Every_event_carries_the_balances_that_the_fold_comes_to() =>
        Commands.Sample(commands => Run(commands).All(step => step.Event.Balance == step.After.Balance && step.Event.Available == step.After.Available));

    [Fact]
    public void A_refusal_changes_no_money() =>
        Commands.Sample(commands => Run(commands).Where(step => ReasonOf(step.Event) is not null).All(step =>
            (step.Before.Balance, step.Before.Held, step.Before.Status) == (step.After.Balance, step.After.Held, step.After.Status)));

    [Fact]
    public void Every_command_has_one_event_with_its_request_and_the_next_version() =>
        Commands.Sample(commands => Run(commands).Zip(commands).All(pair =>
            pair.First.Event.RequestId == pair.Second.RequestId && pair.First.After.Version == pair.First.Before.Version + 1));

    [Fact]
    public void Folding_what_was_stored_comes_to_the_same_account_each_time() =>
        Commands.Sample(commands =>
        {
            var steps = Run(commands).ToList();
            var stored = steps.Select(step => AccountEventJson.Write(step.Event)).ToList();
            var (first, second) = (Refold(stored), Refold(stored));
            return Same(first, second) && Same(first, steps[^1].After);
        });

    [Fact]
    public void What_is_said_to_be_impossible_now_is_refused_now() =>
        Gen.Select(Commands, Command).Sample((commands, next) =>
        {
            var account = Run(commands).Last().After;
            var said = AvailableCommands.Of(account).Single(command => command.Name == NameOf(next));
            return said.Allowed || ReasonOf(Decide(account, next, Noon)) is not null;
        });

    [Fact]
    public void The_last_requests_are_remembered_and_no_more_than_that()
    {
        var steps = Run([Open(), .. Enumerable.Range(0, 200).Select(_ => Deposit(1))]).ToList();
        var account = steps[^1].After;
        Assert.All(steps.TakeLast(64), step => Assert.True(account.HasAnswered(step.Event.RequestId)));
        Assert.InRange(account.RecentRequests.Count(), 64, 65);
    }

    private static string NameOf(IBankCommand command) => command switch
    {
        OpenAccount => "open",
        Contracts.Accounts.Deposit or CreditAccount => "deposit",
        Contracts.Accounts.Withdraw => "withdraw",
        ReserveFunds => "reserve",
        CaptureReservation or ExpireReservation => "capture",
        ReleaseReservation => "release",
        _ => "close",
    };

    private static IEnumerable<(Account Before, AccountEvent Event, Account After)> Run(IEnumerable<IBankCommand> commands)
    {
        var (account, now) = (Account.None, Noon);
        foreach (var command in commands)
        {
            var (before, decided) = (account, Decide(account, command, now));
            account = before.Evolve(decided);
            now += TimeSpan.FromMinutes(1);
            yield return (before, decided, account);
        }
    }

    private static Account Refold(IEnumerable<(string Type, string Json)> stored) => Account.Fold(stored.Select(pair => AccountEventJson.Read(pair.Type, pair.Json)));

    private static bool Same(Account left, Account right) =>
        (left.Status, left.Currency, left.Balance, left.Held, left.OverdraftLimit, left.Version) == (right.Status, right.Currency, right.Balance, right.Held, right.OverdraftLimit, right.Version)
        && left.Holds.OrderBy(pair => pair.Key).SequenceEqual(right.Holds.OrderBy(pair => pair.Key))
        && left.EndedHolds.OrderBy(pair => pair.Key).SequenceEqual(right.EndedHolds.OrderBy(pair => pair.Key))
        && left.RecentRequests.SequenceEqual(right.RecentRequests);
}
