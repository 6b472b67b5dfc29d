using System.Diagnostics;

namespace Bank.ServiceBus.ServicePlatform.Tests;

/// <summary>Waits for what other threads bring about, as long as a slow machine may need.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task Holds(Func<bool> condition, string what, Action? meanwhile = null)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Deadline, $"Waited in vain: {what}.");
            meanwhile?.Invoke();
            await Task.Delay(10);
        }
    }
}
