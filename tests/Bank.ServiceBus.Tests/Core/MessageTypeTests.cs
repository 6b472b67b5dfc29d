using Bank.ServiceBus.Unicast.Messages;

namespace Bank.ServiceBus.Tests.Core;

public sealed class MessageTypeTests
{
    private static readonly string Assembly = typeof(Ping).Assembly.GetName().Name!;

    private static MessageRegistry Known(params Type[] types)
    {
        var registry = new MessageRegistry(new MessageConventions());
        foreach (var type in types) registry.Register(type);
        return registry;
    }

    private static Type[] Resolve(MessageRegistry registry, string header) => [.. registry.Resolve(header).Select(metadata => metadata.MessageType)];

    [Theory]
    [InlineData("Bank.ServiceBus.Tests.Core.Ping")]
    [InlineData("Bank.ServiceBus.Tests.Core.Ping, Bank.ServiceBus.Tests")]
    [InlineData(" Bank.ServiceBus.Tests.Core.Ping , Another.Assembly, Version=9.9.9.9, Culture=neutral, PublicKeyToken=null ")]
    [InlineData("Bank.ServiceBus.Tests.Core.Ping, Bank.ServiceBus.Tests, Version=9.9.9.9, Culture=neutral, PublicKeyToken=null")]
    [InlineData("Not.Known, Anywhere;Bank.ServiceBus.Tests.Core.Ping")]
    [InlineData("Bank.ServiceBus.Tests.Core.Ping__impl, Bank.ServiceBus.Tests;Bank.ServiceBus.Tests.Core.Ping")]
    public void A_type_is_found_by_its_full_name_whatever_assembly_or_version_is_named(string header) =>
        Assert.Equal([typeof(Ping)], Resolve(Known(typeof(Ping)), header));

    [Fact]
    public void A_type_known_to_no_handler_is_found_by_its_assembly_qualified_name_if_it_is_a_message()
    {
        Assert.Equal([typeof(Pong)], Resolve(Known(), typeof(Pong).AssemblyQualifiedName!));
        Assert.Empty(Resolve(Known(), typeof(NotAMessage).AssemblyQualifiedName!));
        Assert.Empty(Resolve(Known(), typeof(string).AssemblyQualifiedName!));
        Assert.Empty(Resolve(Known(), typeof(ICommand).AssemblyQualifiedName!));
    }

    [Fact]
    public void Ancestors_of_the_first_type_are_not_read_again_but_unrelated_types_are()
    {
        var header = string.Join(';', new[] { typeof(PingedTwice), typeof(Pinged), typeof(IPinged), typeof(Pong) }.Select(type => type.AssemblyQualifiedName));
        Assert.Equal([typeof(PingedTwice), typeof(Pong)], Resolve(Known(), header));
    }

    [Fact]
    public void Parents_are_named_from_most_to_least_derived_and_an_interface_before_a_base_class_of_the_same_rank() =>
        Assert.Equal(
            [typeof(Thrice), typeof(IRankTwo), typeof(Twice), typeof(IRankOne), typeof(Once)],
            Known().Get(typeof(Thrice)).MessageHierarchy.Where(type => type != typeof(IEvent) && type != typeof(IMessage)));

    private interface IRankOne : IMessage;

    private interface IRankTwo : IRankOne;

    private record Once : IMessage;

    private record Twice : Once;

    private sealed record Thrice : Twice, IRankTwo;

    [Fact]
    public void The_first_known_type_is_taken_when_a_newer_sender_derived_a_type_unknown_here() =>
        Assert.Equal(
            [typeof(Pinged)],
            Resolve(Known(typeof(Pinged)), $"Bank.ServiceBus.Tests.Core.PingedThrice, {Assembly};{typeof(Pinged).AssemblyQualifiedName};{typeof(IPinged).AssemblyQualifiedName}"));

    [Fact]
    public void Hostile_headers_are_not_remembered()
    {
        var registry = Known(typeof(Ping));
        foreach (var number in Enumerable.Range(0, 5_000)) Assert.Single(registry.Resolve($"Bank.ServiceBus.Tests.Core.Ping, Made.Up.{number}"));

        Assert.Equal([typeof(Ping)], Resolve(registry, typeof(Ping).FullName!));
    }

    [Fact]
    public async Task An_event_whose_assembly_cannot_be_loaded_as_named_reaches_a_handler_of_its_interface()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.AddHandler<Handling<IPinged>>());
        var attempts = await endpoint.Receiver.Deliver(
            new()
            {
                [Headers.MessageId] = "message-1",
                [Headers.EnclosedMessageTypes] = $"{typeof(Pinged).FullName}, Not.Loadable.Here, Version=9.9.9.9;{typeof(IPinged).FullName}, Not.Loadable.Here, Version=9.9.9.9",
            },
            """{"Text":"newer"}""");

        Assert.Equal(1, attempts);
        Assert.Equal(new Pinged("newer"), Assert.Single(endpoint.Script.Seen));
    }
}
