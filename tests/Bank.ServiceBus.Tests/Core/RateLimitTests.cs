using System.Collections.Concurrent;

namespace Bank.ServiceBus.Tests.Core;

public sealed class RateLimitTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(7);

    private readonly ConcurrentQueue<string> told = new();

    [Fact]
    public async Task Below_the_number_of_failures_in_a_row_nothing_changes()
    {
        await using var endpoint = await Start(failures: 3);
        await Fail(endpoint, times: 2);
        await Succeed(endpoint);
        await Fail(endpoint, times: 2);
        Assert.Empty(told);
    }

    [Fact]
    public async Task From_then_on_messages_are_handled_one_at_a_time()
    {
        await using var endpoint = await Start(failures: 2);
        await Fail(endpoint, times: 2);
        Assert.Equal(["started"], told);

        var (release, running, most, gate) = (new TaskCompletionSource(), 0, 0, new Lock());
        endpoint.Script.Do = async (_, _) =>
        {
            lock (gate) most = Math.Max(most, ++running);
            await release.Task;
            lock (gate) running--;
        };
        Task<bool>[] three = [.. Enumerable.Range(0, 3).Select(_ => endpoint.DeliverOnce(new Ping("x")))];
        // A message goes as far as it can before it gives its thread back, so the first is being handled and the others wait.
        Assert.Equal(1, running);
        release.SetResult();
        await Task.WhenAll(three).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((1, 0), (most, running));
        Assert.Equal(["started", "ended"], told);
    }

    [Fact]
    public async Task A_further_failure_holds_up_the_next_message_for_the_pause()
    {
        await using var endpoint = await Start(failures: 1);
        await Fail(endpoint, times: 1);
        var failing = endpoint.DeliverOnce(new Ping("x"));
        var next = endpoint.DeliverOnce(new Ping("x"));
        Assert.Equal((2, false, false), (endpoint.Script.Seen.Count, failing.IsCompleted, next.IsCompleted));

        endpoint.Clock.Advance(Pause - TimeSpan.FromTicks(1));
        Assert.Equal((2, false), (endpoint.Script.Seen.Count, failing.IsCompleted));
        endpoint.Script.Do = (_, _) => Task.CompletedTask;
        endpoint.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(await failing.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(["started", "ended"], told);
    }

    [Fact]
    public async Task After_a_success_messages_are_handled_side_by_side_again()
    {
        await using var endpoint = await Start(failures: 1);
        await Fail(endpoint, times: 1);
        await Succeed(endpoint);

        var (release, running) = (new TaskCompletionSource(), 0);
        endpoint.Script.Do = (_, _) =>
        {
            Interlocked.Increment(ref running);
            return release.Task;
        };
        Task<bool>[] two = [endpoint.DeliverOnce(new Ping("x")), endpoint.DeliverOnce(new Ping("x"))];
        Assert.Equal(2, running);
        release.SetResult();
        await Task.WhenAll(two);
    }

    [Fact]
    public async Task Stopping_waits_for_no_pause()
    {
        var endpoint = await Start(failures: 1);
        await Fail(endpoint, times: 1);
        var failing = endpoint.DeliverOnce(new Ping("x"));
        Assert.False(failing.IsCompleted);
        await endpoint.DisposeAsync();
        Assert.False(await failing.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_callback_that_fails_changes_nothing_for_the_message()
    {
        await using var endpoint = await TestEndpoint.Start(configuration => configuration.Recoverability().OnConsecutiveFailures(
            1, new RateLimitSettings(Pause, _ => throw new IOException("pager is off"), _ => throw new IOException("pager is off"))));
        await Fail(endpoint, times: 1);
        await Succeed(endpoint);
    }

    [Fact]
    public void The_settings_name_what_is_wrong_with_them()
    {
        var settings = new EndpointConfiguration("Any").Recoverability();
        Assert.Equal("numberOfConsecutiveFailures", Assert.Throws<ArgumentOutOfRangeException>(() => settings.OnConsecutiveFailures(0, new RateLimitSettings())).ParamName);
        Assert.Throws<ArgumentNullException>(() => settings.OnConsecutiveFailures(1, null!));
        Assert.Equal(
            "timeToWaitBetweenThrottledAttempts",
            Assert.Throws<ArgumentOutOfRangeException>(() => new RateLimitSettings(TimeSpan.FromSeconds(-1))).ParamName);
        Assert.Equal(TimeSpan.FromSeconds(1), new RateLimitSettings().TimeToWaitBetweenThrottledAttempts);
    }

    private Task<TestEndpoint> Start(int failures) => TestEndpoint.Start(configuration => configuration.Recoverability().OnConsecutiveFailures(
        failures,
        new RateLimitSettings(
            Pause,
            _ => Tell("started"),
            _ => Tell("ended"))));

    private Task Tell(string what)
    {
        told.Enqueue(what);
        return Task.CompletedTask;
    }

    private static async Task Fail(TestEndpoint endpoint, int times)
    {
        endpoint.Script.Do = (_, _) => throw new InvalidOperationException("database away");
        for (var time = 0; time < times; time++) Assert.False(await endpoint.DeliverOnce(new Ping("x")));
    }

    private static async Task Succeed(TestEndpoint endpoint)
    {
        endpoint.Script.Do = (_, _) => Task.CompletedTask;
        Assert.True(await endpoint.DeliverOnce(new Ping("x")));
    }
}
