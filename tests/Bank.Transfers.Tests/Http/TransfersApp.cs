using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Bank.Hosting;
using Bank.Hub;
using Bank.ServiceBus;
using Bank.ServiceBus.Testing;
using Bank.Testing.Servers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bank.Transfers.Tests.Http;

/// <summary>The endpoint as its Program makes it, without the bus and what works by itself behind it, except, if wished, what fills projections: that sends to <see cref="Sent"/>.</summary>
internal sealed class TransfersApp(EndpointDatabase database, bool fills = false) : WebApplicationFactory<Program>
{
    private readonly ConcurrentQueue<string> log = new();

    public TestableMessageSession Sent { get; } = new();

    /// <summary>What the endpoint logged.</summary>
    public IEnumerable<string> Log => log;

    public async Task<JsonElement> Get(string address, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await CreateClient().GetAsync(address);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{address} answered {(int)response.StatusCode}: {text}");
        if (expected != HttpStatusCode.OK) Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(text).RootElement;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.ConfigureTestServices(services =>
        {
            foreach (var service in services.Where(service => service.ServiceType == typeof(IHostedService) && WorksByItself(service) && !(fills && service.ImplementationType?.Name == "FillService")).ToList()) services.Remove(service);
            if (fills) services.AddSingleton<IMessageSession>(Sent);
            services.AddSingleton<ILoggerProvider>(new KeptLog(log));
        });
        builder.UseSetting("Bank:DataDirectory", database.Folder);
        builder.UseSetting("Bank:Database", database.Database.Kind.ToString());
        if (database.Database.Kind == DatabaseKind.PostgreSql) builder.UseSetting("ConnectionStrings:Database", database.Database.ConnectionString);
    }

    private static bool WorksByItself(ServiceDescriptor service) =>
        service.ImplementationFactory?.Method.Module.Assembly == typeof(IMessageSession).Assembly || service.ImplementationType?.Assembly == typeof(HubState).Assembly;

    private sealed class KeptLog(ConcurrentQueue<string> lines) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Category(categoryName, lines);

        public void Dispose()
        {
        }

        private sealed class Category(string name, ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} {logLevel} {name}: {formatter(state, exception)} {exception}".TrimEnd());
        }
    }
}
