using Bank.StreamStore.Snapshots;

namespace Bank.StreamStore.Tests;

public sealed class RecentlyUsedTests
{
    private readonly RecentlyUsed<string> cache = new(most: 8);

    [Fact]
    public void What_is_used_again_and_again_stays_however_much_comes_after_it()
    {
        cache.Keep("used", "value");
        cache.Keep("unused", "value");
        for (var number = 0; number < 100; number++)
        {
            cache.Keep($"other {number}", "value");
            Assert.Equal("value", cache.Find("used"));
        }

        Assert.Null(cache.Find("unused"));
    }

    [Fact]
    public void No_more_is_held_than_was_allowed()
    {
        for (var number = 0; number < 100; number++) cache.Keep($"{number}", "value");
        Assert.InRange(Enumerable.Range(0, 100).Count(number => cache.Find($"{number}") is not null), 1, 8);
    }

    [Fact]
    public void A_key_has_the_value_that_was_kept_last()
    {
        cache.Keep("key", "first");
        for (var number = 0; number < 3; number++) cache.Keep($"other {number}", "value");
        cache.Keep("key", "second");
        Assert.Equal("second", cache.Find("key"));
    }

    [Fact]
    public async Task What_is_forgotten_is_not_brought_back_by_those_who_look_for_it_at_that_moment()
    {
        for (var round = 0; round < 2000; round++)
        {
            cache.Keep("key", "value");
            // From now on it is in the old generation.
            for (var number = 0; number < 3; number++) cache.Keep($"other {round} {number}", "value");
            using var together = new Barrier(2);
            var looking = Task.Run(() =>
            {
                together.SignalAndWait();
                cache.Find("key");
            });
            together.SignalAndWait();
            cache.Forget("key");
            Assert.Null(cache.Find("key"));
            await looking;
            Assert.Null(cache.Find("key"));
        }
    }
}
