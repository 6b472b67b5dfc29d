using Bank.Testing.Servers;
using Microsoft.Extensions.Time.Testing;

namespace Bank.Hub.Tests;

/// <summary>How tests wait.</summary>
public sealed class WaitTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider clock = new();
    private int looks;

    [Fact]
    public Task What_happens_while_the_test_itself_is_held_up_was_not_waited_for_in_vain() => Wait.Until(
        () =>
        {
            clock.Advance(10 * Minute);
            return Task.FromResult(++looks == 5);
        },
        "the fifth look", limit: Minute, clock: clock);

    [Fact]
    public async Task What_never_happens_is_given_up_with_a_word_on_how_things_stand()
    {
        var inVain = await Assert.ThrowsAsync<TimeoutException>(() => Wait.Until(
            () =>
            {
                looks++;
                clock.Advance(Minute / 4);
                return Task.FromResult(false);
            },
            "the end of the world", () => Task.FromResult("It turns."), Minute, clock));

        Assert.Matches("^Not within 00:01:00: the end of the world\\.\\s+It turns\\.$", inVain.Message);
        // Ten rounds of six seconds each, however long they take, and the look after them.
        Assert.Equal(11, looks);
    }
}
