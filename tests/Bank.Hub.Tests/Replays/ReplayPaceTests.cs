using Bank.Hub.Replays;
using Microsoft.Extensions.Time.Testing;

namespace Bank.Hub.Tests.Replays;

public sealed class ReplayPaceTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Without_a_limit_there_is_no_wait()
    {
        var pace = new ReplayPace(null, _clock);
        pace.Count(1_000_000);
        Assert.True(pace.Wait(CancellationToken.None).IsCompleted);
        Assert.Equal(500, pace.Chunk(500));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(50, 5)]
    [InlineData(100_000, 500)]
    public void A_limit_is_kept_in_tenths_of_a_second(int perSecond, int chunk) => Assert.Equal(chunk, new ReplayPace(perSecond, _clock).Chunk(500));

    [Fact]
    public void What_was_sent_is_waited_for_before_more_is_sent()
    {
        var pace = new ReplayPace(100, _clock);
        Assert.True(pace.Wait(CancellationToken.None).IsCompleted);
        pace.Count(10);
        var wait = pace.Wait(CancellationToken.None);
        _clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(wait.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(wait.IsCompleted);
    }

    [Fact]
    public void Time_in_which_nothing_was_sent_is_not_made_up_for()
    {
        var pace = new ReplayPace(100, _clock);
        pace.Count(10);
        _clock.Advance(TimeSpan.FromHours(1));
        pace.Count(10);
        Assert.False(pace.Wait(CancellationToken.None).IsCompleted);
    }
}
