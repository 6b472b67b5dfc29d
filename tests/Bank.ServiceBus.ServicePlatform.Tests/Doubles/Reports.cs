using System.Text;
using Bank.ServiceBus.Tests.Core;
using Bank.ServiceBus.Transport;

namespace Bank.ServiceBus.ServicePlatform.Tests;

/// <summary>What an endpoint over the fake transport has sent to the platform.</summary>
internal static class Reports
{
    public const string Queue = "Particular.ServiceControl";

    /// <summary>The name of a type in the header is all that tells one message from another.</summary>
    public static TransportOperation[] OfType(this FakeDispatcher dispatcher, string type) =>
        [.. dispatcher.Dispatched.Where(operation => operation.Message.Headers.GetValueOrDefault("NServiceBus.EnclosedMessageTypes") == type)];

    public static TransportOperation[] WithHeader(this FakeDispatcher dispatcher, string name, string value) =>
        [.. dispatcher.Dispatched.Where(operation => operation.Message.Headers.GetValueOrDefault(name) == value)];

    public static string Text(this TransportOperation operation) => Encoding.UTF8.GetString(operation.Message.Body.Span);

    public static string Destination(this TransportOperation operation) => ((UnicastDestination)operation.Destination).Address;

    /// <summary>The headers that heartbeats, custom checks and saga audit share; no others.</summary>
    public static Dictionary<string, string> HeadersFor(string type) => new()
    {
        ["NServiceBus.EnclosedMessageTypes"] = type,
        ["NServiceBus.ContentType"] = "application/json",
        ["NServiceBus.MessageIntent"] = "Send",
        ["NServiceBus.ReplyToAddress"] = TestEndpoint.Name,
    };
}
