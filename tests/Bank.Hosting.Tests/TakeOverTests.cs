using Bank.Hub;
using Bank.Hub.Replays;
using Bank.StreamStore.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.Hosting.Tests;

/// <summary>How soon another instance takes over is the operators' choice.</summary>
public sealed class TakeOverTests
{
    [Fact]
    public void Publishing_and_replays_are_taken_over_after_the_time_that_the_configuration_names()
    {
        var folder = Directory.CreateTempSubdirectory("hosting-");
        try
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Bank:Hub:TakeOverAfter"] = "00:00:03", ["Bank:DataDirectory"] = folder.FullName });
            BankEndpoint.Configure<ITestCommand, ITestEvent>(builder, "Bank.Test").StoreStreams().RunWithHub<Nothing, Nothing>();
            using var services = builder.Services.BuildServiceProvider();
            var expected = TimeSpan.FromSeconds(3);
            Assert.Equal((expected, expected), (services.GetRequiredService<HubOptions>().LeaseDuration, services.GetRequiredService<ReplayOptions>().LeaseDuration));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private interface ITestCommand;

    private interface ITestEvent;

    private sealed class Nothing : IContractMapper, IReplayAnnouncer
    {
        public IReadOnlyCollection<Type> ContractTypes => [];

        public object? Map(StreamMessage message, string json) => null;

        public object Announce(ReplayNews news) => news;
    }
}
