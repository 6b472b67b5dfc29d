namespace Bank.ServiceBus.RabbitMQ;

/// <summary>The names of exchanges for message types.</summary>
internal static class ConventionalNames
{
    public static string ExchangeOf(Type type) => $"{type.Namespace}:{type.Name}";
}
