using System.Net;
using System.Text.Json;
using Bank.Contracts;
using Bank.Hosting;
using Bank.Hub.Projections;
using Bank.Projections.Handlers;
using Bank.ServiceBus;
using Bank.ServiceBus.Testing;
using Bank.Testing.Servers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bank.Projections.Tests.Http;

/// <summary>The endpoint as its Program makes it, without the bus.</summary>
internal sealed class ProjectionsApp(EndpointDatabase database) : WebApplicationFactory<Program>
{
    /// <summary>What the endpoint reads and writes, before it is there.</summary>
    public static BankDatabase DatabaseIn(EndpointDatabase place) =>
        place.Database.Kind == DatabaseKind.Sqlite ? new BankDatabase(DatabaseKind.Sqlite, $"Data Source={Path.Combine(place.Folder, "Bank.Projections.db")}") : place.Database;

    public async Task<JsonElement> Get(string address)
    {
        using var response = await CreateClient().GetAsync(address);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{address} answered {(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <returns>The PNG file that an address answers.</returns>
    public async Task<byte[]> Picture(string address)
    {
        using var response = await CreateClient().GetAsync(address);
        Assert.Equal((HttpStatusCode.OK, "image/png"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <returns>The body, checked to be problem details (RFC 9457) of the status.</returns>
    public async Task<JsonElement> Problem(HttpStatusCode status, string address, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, address);
        using var response = await CreateClient().SendAsync(request);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        return problem;
    }

    public async Task Handle(params IEnumerable<IBankEvent> events)
    {
        foreach (var @event in events)
        {
            await (@event switch
            {
                IAccountEvent of => new AccountEventHandler(Services.GetRequiredService<Projector>()).Handle(of, new TestableMessageHandlerContext()),
                ITransferEvent of => new TransferEventHandler(Services.GetRequiredService<Projector>()).Handle(of, new TestableMessageHandlerContext()),
                _ => throw new ArgumentException($"No view is made of {@event.GetType().Name}.", nameof(events)),
            });
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // Events are given to the handlers themselves, so nothing needs to be received, and nobody is there to be asked for the past.
        builder.ConfigureTestServices(services =>
        {
            var endpoint = services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationFactory?.Method.Module.Assembly == typeof(IMessageSession).Assembly);
            services.Remove(endpoint);
            foreach (var work in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Namespace == typeof(Projector).Namespace).ToList()) services.Remove(work);
        });
        builder.UseSetting("Bank:DataDirectory", database.Folder);
        builder.UseSetting("Bank:Database", database.Database.Kind.ToString());
        if (database.Database.Kind == DatabaseKind.PostgreSql) builder.UseSetting("ConnectionStrings:Database", database.Database.ConnectionString);
    }
}
