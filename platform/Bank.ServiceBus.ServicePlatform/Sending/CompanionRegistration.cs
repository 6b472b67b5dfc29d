using Bank.ServiceBus.Hosting;

namespace Bank.ServiceBus.ServicePlatform;

/// <summary>Adds what runs beside an endpoint.</summary>
internal static class CompanionRegistration
{
    /// <summary>Adds a companion in place of an earlier one of its kind: the last call counts.</summary>
    public static void RunOne<T>(this EndpointConfiguration config, T companion) where T : ICompanion
    {
        config.Values.Companions.RemoveAll(existing => existing is T);
        config.Values.Companions.Add(companion);
    }
}
