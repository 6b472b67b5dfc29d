using System.Text.Json;
using System.Text.Json.Nodes;
using Bank.Accounts.Accounts;
using Bank.Accounts.Publishing;
using Bank.Accounts.Tests.Accounts;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.StreamStore.Streams;
using Bank.Tests;

namespace Bank.Accounts.Tests.Publishing;

public sealed class StoredEventTests
{
    private static readonly Guid Id = new("11111111-2222-3333-4444-555555555555");

    private static readonly IReadOnlyDictionary<string, AccountEvent> Samples = Some().ToDictionary(e => AccountEventJson.Write(e).Type);

    public static TheoryData<string> Types() => [.. AccountEventJson.TypeNames];

    [Theory]
    [MemberData(nameof(Types))]
    public void The_stored_form_of_an_event_stays_what_it_was(string type) => GoldenFile.Check(type, AccountEventJson.Write(Samples[type]).Json);

    [Theory]
    [MemberData(nameof(Types))]
    public void What_was_stored_long_ago_is_read(string type) => Assert.Equal(Samples[type], AccountEventJson.Read(type, GoldenFile.Read(type)));

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_stored_event_has_a_contract_event_that_says_the_same(string type)
    {
        var stored = Samples[type];
        var published = AccountContracts.Map("A-1", 7, Id, stored);
        Assert.Equal((Id, stored.RequestId, stored.OccurredAt, "A-1", 7L), (published.EventId, published.RequestId, published.OccurredAt, published.AccountId, published.AccountVersion));
        Assert.Equal((stored.Origin, new Money(1000, "EUR"), new Money(900, "EUR")), (published.Origin, published.Balance, published.Available));
        var (own, shown) = (JsonSerializer.SerializeToElement(stored, stored.GetType()), JsonSerializer.SerializeToElement(published, published.GetType()));
        foreach (var name in new[] { "Reason", "ReservationId", "TransferId", "CounterpartyAccountId", "ExpiresAt", "Currency", "Command", "ValueDate" })
        {
            if (own.TryGetProperty(name, out var value)) Assert.Equal(value.ToString(), shown.GetProperty(name).ToString());
        }

        if (own.TryGetProperty("Amount", out var amount)) Assert.Equal(amount.GetInt64(), shown.GetProperty("Amount").GetProperty("MinorUnits").GetInt64());
        if (own.TryGetProperty("Asked", out var asked)) Assert.Equal(asked.ToString(), shown.GetProperty("Amount").ToString());
    }

    [Theory]
    [InlineData("money-deposited", "2026-03-01T12:00:00+00:00", "2026-03-01")]
    [InlineData("money-withdrawn", "2026-03-29T00:30:00+02:00", "2026-03-28")]
    [InlineData("reservation-captured", "2026-12-31T23:30:00-05:00", "2027-01-01")]
    [InlineData("account-credited", "2026-10-25T23:59:59.999999+00:00", "2026-10-25")]
    public void What_was_stored_before_there_were_value_dates_counts_from_the_day_of_its_recording_in_UTC(string type, string recordedAt, string day)
    {
        var json = JsonNode.Parse(GoldenFile.Read(type))!.AsObject();
        Assert.True(json.Remove("valueDate"));
        json["occurredAt"] = recordedAt;

        var published = AccountContracts.Map("A-1", 7, Id, AccountEventJson.Read(type, json.ToJsonString()));

        Assert.Equal(day, JsonSerializer.SerializeToElement(published, published.GetType()).GetProperty("ValueDate").GetString());
    }

    [Fact]
    public void Every_kind_of_event_has_a_name_and_a_sample()
    {
        var kinds = typeof(AccountEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(AccountEvent)) && !type.IsAbstract);
        Assert.Equal(kinds.Select(type => type.Name).Order(StringComparer.Ordinal), Samples.Values.Select(e => e.GetType().Name).Order(StringComparer.Ordinal));
        Assert.Equal(AccountEventJson.TypeNames.Concat(AccountEventJson.OldTypeNames).Order(StringComparer.Ordinal), GoldenFile.Names());
    }

    [Fact]
    public void An_event_of_an_older_shape_says_the_same_as_one_of_today() =>
        Assert.Equal(Samples["reservation-released-2"], AccountEventJson.Read("reservation-released", GoldenFile.Read("reservation-released")));

    [Fact]
    public void An_amount_of_zero_said_that_there_was_no_hold()
    {
        var old = GoldenFile.Read("reservation-released").Replace("\"amount\":5", "\"amount\":0", StringComparison.Ordinal);
        Assert.False(((Released)AccountEventJson.Read("reservation-released", old)).HadHold);
    }

    [Fact]
    public void A_stream_of_both_shapes_folds_and_publishes_alike()
    {
        var opened = Samples["account-opened"];
        var released = (Released)Samples["reservation-released-2"];
        var old = ("reservation-released", GoldenFile.Read("reservation-released"));
        (string Type, string Json)[] mixed = [AccountEventJson.Write(opened), old, AccountEventJson.Write(released)];
        var read = mixed.Select(stored => AccountEventJson.Read(stored.Type, stored.Json)).ToArray();
        Assert.Equal([opened, released, released], read);
        Assert.Equal(2, Account.Fold(read).Version);
        Assert.Equal(AccountContracts.Map("A-1", 1, Id, read[2]), AccountContracts.Map("A-1", 1, Id, read[1]));
        // New events are written in the new shape alone.
        Assert.DoesNotContain("reservation-released", AccountEventJson.TypeNames);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_end_of_a_hold_is_told_in_both_shapes_which_differ_in_what_an_amount_of_zero_said(bool hadHold)
    {
        var old = GoldenFile.Read("reservation-released");
        var shapes = Shapes("reservation-released", hadHold ? old : old.Replace("\"amount\":5", "\"amount\":0", StringComparison.Ordinal));

        Assert.Equal([typeof(ReservationReleased), typeof(ReservationReleased2)], shapes.Select(shape => shape.GetType()));
        var (before, after) = (JsonSerializer.SerializeToNode(shapes[0], shapes[0].GetType())!.AsObject(), JsonSerializer.SerializeToNode(shapes[1], shapes[1].GetType())!.AsObject());
        Assert.Equal(before.Select(member => member.Key).Order(), after.Select(member => member.Key).Order());
        Assert.All(before, member => Assert.True(member.Key == "Amount" || JsonNode.DeepEquals(member.Value, after[member.Key]), member.Key));
        Assert.Equal(new Money(hadHold ? 5 : 0, "EUR"), ((ReservationReleased)shapes[0]).Amount);
        Assert.Equal(hadHold ? new Money(5, "EUR") : null, ((ReservationReleased2)shapes[1]).Amount);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Whatever_else_is_stored_is_told_once(string type)
    {
        if (type != "reservation-released-2") Assert.IsAssignableFrom<IAccountEvent>(Assert.Single(Shapes(type, GoldenFile.Read(type))));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_member_of_a_newer_version_that_was_rolled_back_does_no_harm(string type)
    {
        var json = JsonNode.Parse(GoldenFile.Read(type))!.AsObject();
        json["addedNextYear"] = new JsonObject { ["deep"] = 1 };
        Assert.Equal(Samples[type], AccountEventJson.Read(type, json.ToJsonString()));
    }

    [Fact]
    public void An_event_of_no_known_type_is_named() =>
        Assert.Contains("'no-such-event'", Assert.Throws<InvalidOperationException>(() => AccountEventJson.Read("no-such-event", "{}")).Message, StringComparison.Ordinal);

    private static IReadOnlyList<object> Shapes(string type, string json) =>
        new AccountContracts().Shapes(new StreamMessage("account-A-1", Id, 7, 9, Story.Noon.UtcDateTime, type, "", json), json);

    private static IEnumerable<AccountEvent> Some()
    {
        var request = new Guid("aaaaaaaa-0000-0000-0000-000000000001");
        var hold = new Guid("aaaaaaaa-0000-0000-0000-000000000002");
        var transfer = new Guid("aaaaaaaa-0000-0000-0000-000000000003");
        var day = new DateOnly(2026, 2, 27);
        var (origin, at, asked) = (Story.Alice, Story.Noon.AddTicks(1234560), new Money(5000, "EUR"));
        yield return new Opened { RequestId = request, Origin = origin, OccurredAt = at, UnitCurrency = "EUR", Balance = 1000, Available = 900, Currency = "EUR", OverdraftLimit = 50 };
        yield return new Deposited { RequestId = request, Origin = origin, OccurredAt = at, UnitCurrency = "EUR", Balance = 1000, Available = 900, Amount = 5, ValueDate = day };
        yield return new Withdrawn { RequestId = request, Origin = origin, OccurredAt = at, UnitCurrency = "EUR", Balance = 1000, Available = 900, Amount = 5, ValueDate = day };
        yield return new WithdrawalRefused { RequestId = request, Origin = origin, OccurredAt = at, UnitCurrency = "EUR", Balance = 1000, Available = 900, Asked = asked, Reason = "R" };
        yield return new Reserved
        {
            RequestId = request, Origin = origin, OccurredAt = at, UnitCurrency = "EUR", Balance = 1000, Available = 900, ReservationId = hold, Amount = 5,
            TransferId = transfer, CounterpartyAccountId = "B-2", ExpiresAt = at.AddDays(1),
        };
        yield return new ReservationRefused
        {
            RequestId = request, Origin = origin, OccurredAt = at, UnitCurrency = "EUR", Balance = 1000, Available = 900, ReservationId = hold, Asked = asked,
            TransferId = transfer, Reason = "R",
        };
        yield return new Captured
        {
            RequestId = request, Origin = origin, OccurredAt = at, UnitCurrency = "EUR", Balance = 1000, Available = 900, ReservationId = hold, Amount = 5,
            TransferId = transfer, CounterpartyAccountId = "B-2", ValueDate = day,
        };
        yield return new Released
        {
            RequestId = request, Origin = origin, OccurredAt = at, UnitCurrency = "EUR", Balance = 1000, Available = 900, ReservationId = hold, Amount = 5,
            HadHold = true, TransferId = transfer, Reason = "R",
        };
        yield return new Credited
        {
            RequestId = request, Origin = origin, OccurredAt = at, UnitCurrency = "EUR", Balance = 1000, Available = 900, TransferId = transfer, Amount = 5, CounterpartyAccountId = "B-2", ValueDate = day,
        };
        yield return new CreditRefused { RequestId = request, Origin = origin, OccurredAt = at, UnitCurrency = "EUR", Balance = 1000, Available = 900, TransferId = transfer, Asked = asked, Reason = "R" };
        yield return new Closed { RequestId = request, Origin = origin, OccurredAt = at, UnitCurrency = "EUR", Balance = 1000, Available = 900 };
        yield return new RequestRefused
        {
            RequestId = request, Origin = origin, OccurredAt = at, UnitCurrency = "EUR", Balance = 1000, Available = 900, Command = "Deposit", ReservationId = hold, Reason = "R",
        };
    }
}
