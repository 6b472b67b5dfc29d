using System.Text;
using System.Text.Json;
using Bank.ServiceBus.MessageInterfaces;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.Tests.Core;

/// <summary>Messages whose type is an interface: made by the bus, read by whoever knows the interface.</summary>
public sealed class InterfaceMessageTests
{
    [Fact]
    public async Task An_interface_event_is_published_under_the_name_of_the_interface()
    {
        await using var endpoint = await TestEndpoint.Start();
        await endpoint.Session.Publish<ITransferBooked>(booked => (booked.Reference, booked.Amount) = ("r1", 12), new PublishOptions());

        var operation = endpoint.Dispatcher.Single();
        Assert.Equal(typeof(ITransferBooked), Assert.IsType<MulticastDestination>(operation.Destination).MessageType);
        Assert.Equal($"{typeof(ITransferBooked).AssemblyQualifiedName};{typeof(IBooked).AssemblyQualifiedName}", operation.Message.Headers[Headers.EnclosedMessageTypes]);
        var body = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(operation.Message.Body.Span)!;
        Assert.Equal(["Amount", "Reference"], body.Keys.Order());
        Assert.Equal((12, "r1"), (body["Amount"].GetInt32(), body["Reference"].GetString()));
    }

    [Fact]
    public async Task An_event_of_an_unknown_version_reaches_the_handler_of_its_interface()
    {
        var handled = new List<IBooked>();
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.AddHandler<Handling<IBooked>>());
        endpoint.Script.Do = (message, _) =>
        {
            handled.Add((IBooked)message);
            return Task.CompletedTask;
        };
        var tried = await endpoint.Receiver.Deliver(
            new Dictionary<string, string>
            {
                [Headers.MessageId] = "m1",
                [Headers.EnclosedMessageTypes] = $"Bank.Future.TransferBookedV9, Bank.Future, Version=9.0.0.0;{typeof(IBooked).FullName}, Bank.Future",
            },
            """{"Reference":"r1","Amount":12,"Purpose":"unknown here"}""");
        Assert.Equal((1, "r1"), (tried, Assert.Single(handled).Reference));
    }

    [Fact]
    public async Task Handlers_send_publish_and_reply_with_interface_messages()
    {
        await using var endpoint = await TestEndpoint.Start(route: routing => routing.RouteToEndpoint(typeof(IDoBook), "Booking"));
        endpoint.Script.Do = async (_, context) =>
        {
            await context.Send<IDoBook>(book => book.Reference = "sent", new SendOptions());
            await context.Publish<ITransferBooked>(booked => booked.Reference = "published", new PublishOptions());
            await context.Reply<IAnswer>(answer => answer.Text = "replied", new ReplyOptions());
        };
        await endpoint.Deliver(new Ping("x"), (Headers.ReplyToAddress, "Asker"));

        string[] bodies = [.. endpoint.Dispatcher.Dispatched.Select(operation => Encoding.UTF8.GetString(operation.Message.Body.Span))];
        Assert.Equal(["""{"Reference":"sent"}""", """{"Amount":0,"Reference":"published"}""", """{"Text":"replied"}"""], bodies);
        Assert.Contains("sent", Encoding.UTF8.GetString(endpoint.Dispatcher.To("Booking").Message.Body.Span), StringComparison.Ordinal);
        Assert.Contains("replied", Encoding.UTF8.GetString(endpoint.Dispatcher.To("Asker").Message.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_public_interfaces_of_properties_can_be_made()
    {
        var mapper = new MessageMapper();
        Assert.Contains("Act", Assert.Throws<InvalidOperationException>(() => mapper.CreateInstance<IActs>()).Message, StringComparison.Ordinal);
        Assert.Contains("not public", Assert.Throws<InvalidOperationException>(() => mapper.CreateInstance<IHidden>()).Message, StringComparison.Ordinal);
        Assert.Contains("abstract", Assert.Throws<InvalidOperationException>(() => mapper.CreateInstance(typeof(Stream))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_made_message_holds_what_it_is_given_also_where_the_interface_only_reads_or_initialises()
    {
        var mapper = new MessageMapper();
        var type = mapper.GetMappedTypeFor(typeof(IReadBooking));
        var read = (IReadBooking)JsonSerializer.Deserialize("""{"Number":7,"When":"2026-08-05T00:00:00","Lines":["a","b"]}""", type)!;
        Assert.Equal((7, new DateTime(2026, 8, 5, 0, 0, 0, DateTimeKind.Unspecified), "a,b"), (read.Number, read.When, string.Join(',', read.Lines)));
        Assert.Equal(typeof(IReadBooking), mapper.GetMappedTypeFor(type));
        Assert.Same(type, mapper.GetMappedTypeFor(typeof(IReadBooking)));
        Assert.IsType<Ping>(mapper.CreateInstance<Ping>());
    }

    public interface IBooked : IEvent
    {
        string? Reference { get; set; }
    }

    public interface ITransferBooked : IBooked
    {
        int Amount { get; set; }
    }

    public interface IDoBook : ICommand
    {
        string? Reference { get; set; }
    }

    public interface IAnswer : IMessage
    {
        string? Text { get; set; }
    }

    public interface IReadBooking : IMessage
    {
        int Number { get; }

        DateTime When { get; init; }

        IReadOnlyList<string> Lines { get; init; }
    }

    public interface IActs : IMessage
    {
        void Act();
    }

    private interface IHidden : IMessage;
}
