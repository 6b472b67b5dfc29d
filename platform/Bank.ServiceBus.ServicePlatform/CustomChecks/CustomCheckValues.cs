namespace Bank.ServiceBus.CustomChecks;

/// <summary>The checks that an endpoint names.</summary>
internal sealed class CustomCheckValues
{
    public HashSet<Type> Types { get; } = [];
}
