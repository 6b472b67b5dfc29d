using System.Reflection;
using System.Runtime.CompilerServices;

namespace Bank.Contracts.Tests;

public sealed class ContractConventionTests
{
    private static readonly string[] Promised =
    [
        "AccountClosed", "AccountCredited", "AccountOpened", "CaptureReservation", "CloseAccount", "CreditAccount", "CreditRejected", "Deposit",
        "FundsReservationDeclined", "FundsReserved", "InitiateTransfer", "MoneyDeposited", "MoneyWithdrawn", "OpenAccount", "ReleaseReservation",
        "ReplayCompleted", "ReplayedEvents", "ReplayProgress", "ReplayRefused", "ReplayStarted", "RequestReplay", "ReservationCaptured", "ReservationReleased", "ReservationReleased2", "ReserveFunds", "SuspiciousActivityDetected", "TransferCompleted", "TransferFailed", "TransferInitiated", "TransferRequestDeclined", "Withdraw", "WithdrawalDeclined",
    ];

    private static readonly Type[] Subjects = [typeof(IAccountEvent), typeof(ITransferEvent), typeof(IReplayEvent), typeof(IInsightEvent)];

    [Fact]
    public void Every_promised_message_exists() => Assert.Empty(Promised.Except(Sample.MessageTypes.Select(type => type.Name)));

    [Fact]
    public void A_message_is_a_command_or_an_event_or_succeeds_one() =>
        Assert.All(Sample.MessageTypes, type => Assert.Single(
            new[] { typeof(IBankCommand), typeof(IBankEvent), typeof(ISuccessorEvent) }, kind => kind.IsAssignableFrom(type)));

    [Fact]
    public void A_successor_has_the_members_of_the_interfaces_that_it_will_take_over() =>
        Assert.All(Sample.MessageTypes.Where(typeof(ISuccessorEvent).IsAssignableFrom), type =>
        {
            var old = typeof(Money).Assembly.GetType(type.FullName!.TrimEnd("0123456789".ToCharArray()))!;
            var members = old.GetInterfaces().SelectMany(kind => kind.GetProperties()).Select(member => (member.Name, member.PropertyType)).ToList();
            Assert.NotEmpty(members);
            Assert.Empty(members.Except(type.GetProperties().Select(member => (member.Name, member.PropertyType))));
        });

    [Fact]
    public void An_event_is_about_an_account_a_transfer_or_a_replay_or_draws_a_conclusion() =>
        Assert.All(
            Sample.MessageTypes.Where(typeof(IBankEvent).IsAssignableFrom),
            type => Assert.Single(Subjects, subject => subject.IsAssignableFrom(type)));

    [Fact]
    public void Messages_are_sealed_and_cannot_be_changed() =>
        Assert.All(Sample.MessageTypes, type =>
        {
            Assert.True(type.IsSealed);
            Assert.All(type.GetProperties(), member =>
                Assert.Contains(typeof(IsExternalInit), member.SetMethod!.ReturnParameter.GetRequiredCustomModifiers()));
        });

    [Fact]
    public void What_may_be_left_out_is_nullable_and_the_rest_is_required()
    {
        var nullability = new NullabilityInfoContext();
        Assert.All(Sample.MessageTypes.SelectMany(type => type.GetProperties()), member =>
            Assert.NotEqual(nullability.Create(member).ReadState == NullabilityState.Nullable, member.IsDefined(typeof(RequiredMemberAttribute), false)));
    }

    [Fact]
    public void Every_message_and_member_is_documented()
    {
        var documentation = System.Xml.Linq.XDocument.Load(Path.ChangeExtension(typeof(Money).Assembly.Location, ".xml"));
        var documented = documentation.Descendants("member").Where(member => member.HasElements).Select(member => member.Attribute("name")!.Value).ToHashSet(StringComparer.Ordinal);
        Assert.All(Sample.MessageTypes, type =>
        {
            Assert.Contains("T:" + type.FullName, documented);
            Assert.All(type.GetProperties(), member => Assert.Contains($"P:{type.FullName}.{member.Name}", documented));
        });
    }
}
