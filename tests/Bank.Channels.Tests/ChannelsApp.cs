using Bank.Hosting;
using Bank.ServiceBus;
using Bank.ServiceBus.Testing;
using Bank.Testing.Servers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bank.Channels.Tests;

/// <summary>The gateway as its Program makes it, with a session that keeps what is sent in place of the bus.</summary>
internal sealed class ChannelsApp(EndpointDatabase database) : WebApplicationFactory<Program>
{
    public TestableMessageSession Session { get; } = new();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.ConfigureTestServices(services =>
        {
            var endpoint = services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationFactory?.Method.Module.Assembly == typeof(IMessageSession).Assembly);
            services.Remove(endpoint);
            services.AddSingleton<IMessageSession>(Session);
        });
        builder.UseSetting("Bank:DataDirectory", database.Folder);
        builder.UseSetting("Bank:Database", database.Database.Kind.ToString());
        if (database.Database.Kind == DatabaseKind.PostgreSql) builder.UseSetting("ConnectionStrings:Database", database.Database.ConnectionString);
        // Nobody listens at port 9: what is passed on fails at once.
        builder.UseSetting("Bank:Services:Accounts", "http://127.0.0.1:9");
        builder.UseSetting("Bank:Services:Projections", "http://127.0.0.1:9");
        builder.UseSetting("Bank:Services:Transfers", "http://127.0.0.1:9");
    }
}
