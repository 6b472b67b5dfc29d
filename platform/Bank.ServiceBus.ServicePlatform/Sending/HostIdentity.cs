using Bank.ServiceBus.Hosting;

namespace Bank.ServiceBus.ServicePlatform;

/// <summary>The running instance as the platform's messages name it.</summary>
internal static class HostIdentity
{
    public static Guid Id(this HostInformation host) => Guid.ParseExact(host.HostId, "N");
}
