namespace Bank.ServiceBus;

/// <summary>What happens when installers have run and nothing else is to be done.</summary>
public enum InstallersShutdownBehavior
{
    /// <summary>The application stops.</summary>
    StopApplication,

    /// <summary>The application goes on without its endpoint, until something else stops it.</summary>
    Continue,
}

/// <summary>How <see cref="ServiceCollectionExtensions.AddNServiceBusInstallers"/> ends.</summary>
public class InstallersOptions
{
    /// <summary>What follows the installers. Default: the application stops.</summary>
    public InstallersShutdownBehavior ShutdownBehavior { get; set; } = InstallersShutdownBehavior.StopApplication;
}
