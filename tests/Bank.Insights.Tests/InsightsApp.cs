using System.Net;
using System.Text.Json;
using Bank.Contracts;
using Bank.Hosting;
using Bank.Hub;
using Bank.Hub.Projections;
using Bank.Insights.Handlers;
using Bank.Insights.Velocity;
using Bank.ServiceBus;
using Bank.ServiceBus.Testing;
using Bank.Testing.Servers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bank.Insights.Tests;

/// <summary>The endpoint as its Program makes it, without the bus and what works by itself behind it.</summary>
internal sealed class InsightsApp(EndpointDatabase database) : WebApplicationFactory<Program>
{
    /// <summary>What the endpoint reads and writes, before it is there.</summary>
    public static BankDatabase DatabaseIn(EndpointDatabase place) =>
        place.Database.Kind == DatabaseKind.Sqlite ? new BankDatabase(DatabaseKind.Sqlite, $"Data Source={Path.Combine(place.Folder, "Bank.Insights.db")}") : place.Database;

    public async Task<JsonElement> Get(string address, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await CreateClient().GetAsync(address);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{address} answered {(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public Task Handle(IBankEvent @event) => @event switch
    {
        IAccountEvent of => ActivatorUtilities.CreateInstance<AccountEventHandler>(Services).Handle(of, new TestableMessageHandlerContext()),
        ITransferEvent of => ActivatorUtilities.CreateInstance<TransferEventHandler>(Services).Handle(of, new TestableMessageHandlerContext()),
        _ => throw new ArgumentException($"Nothing is made of {@event.GetType().Name}.", nameof(@event)),
    };

    public async Task Handle(params IEnumerable<IBankEvent> events)
    {
        foreach (var @event in events) await Handle(@event);
    }

    /// <summary>Writes events as a replay does, which nobody reviews one by one.</summary>
    public async Task Replay(IEnumerable<IBankEvent> events)
    {
        foreach (var @event in events) await Services.GetRequiredService<Projector>().Project(@event, new TestableMessageHandlerContext());
    }

    public Task ReviewHistory() => Services.GetServices<HistoryReview>().Single().ReviewWhatIsNew(CancellationToken.None);

    /// <summary>The transfers of each finding, newest first.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<Guid>>> Found(string account) =>
        [.. (await Services.GetRequiredService<Suspicions>().Of(account, 1000, CancellationToken.None)).Select(found => found.TransferIds)];

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.ConfigureTestServices(services =>
        {
            foreach (var service in services.Where(service => service.ServiceType == typeof(IHostedService) && WorksByItself(service)).ToList()) services.Remove(service);
            services.AddSingleton<HistoryReview>();
        });
        builder.UseSetting("Bank:DataDirectory", database.Folder);
        builder.UseSetting("Bank:Database", database.Database.Kind.ToString());
        if (database.Database.Kind == DatabaseKind.PostgreSql) builder.UseSetting("ConnectionStrings:Database", database.Database.ConnectionString);
    }

    private static bool WorksByItself(ServiceDescriptor service) =>
        service.ImplementationFactory?.Method.Module.Assembly == typeof(IMessageSession).Assembly
        || service.ImplementationType?.Assembly == typeof(HubState).Assembly || service.ImplementationType == typeof(HistoryReview);
}
