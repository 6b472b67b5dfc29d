using Bank.StreamStore.Sql;

namespace Bank.StreamStore.Tests;

/// <summary>When groups may be written ahead, and where they are foretold to begin.</summary>
public sealed class PostgresTurnsTests
{
    private readonly PostgresTurns turns = new(fewestInOrder: 2);

    [Fact]
    public void Groups_that_begin_where_they_should_are_trusted_after_some()
    {
        Written(begin: 99, count: 10);
        Assert.False(turns.AreInOrder);
        Written(begin: 109, count: 5);
        Assert.False(turns.AreInOrder);
        Written(begin: 114, count: 1);
        Assert.True(turns.AreInOrder);
    }

    [Fact]
    public void A_group_ahead_begins_where_the_one_under_way_ends()
    {
        var end = InOrder();
        using var first = turns.Begin(10, isAhead: false);
        using var second = turns.Begin(3, isAhead: true);
        using var third = turns.Begin(1, isAhead: true);
        Assert.Equal((end, end + 10, end + 13), (first.Foretold, second.Foretold, third.Foretold));
    }

    [Fact]
    public void When_others_wrote_in_between_the_groups_are_trusted_anew()
    {
        var end = InOrder();
        Written(begin: end + 1, count: 1);
        Assert.False(turns.AreInOrder);
        Written(begin: end + 2, count: 1);
        Written(begin: end + 3, count: 1);
        Assert.True(turns.AreInOrder);
    }

    [Fact]
    public void When_others_wrote_before_the_group_under_way_the_next_one_is_not_foretold()
    {
        var end = InOrder();
        var first = turns.Begin(1, isAhead: false);
        using var second = turns.Begin(1, isAhead: true);
        first.Written(end + 7);
        using var third = turns.Begin(1, isAhead: true);
        Assert.Null(third.Foretold);
        Assert.False(turns.AreInOrder);
    }

    [Fact]
    public void A_group_of_which_nobody_knows_how_much_it_writes_foretells_nothing()
    {
        InOrder();
        var first = turns.Begin(null, isAhead: false);
        Assert.False(turns.AreInOrder);
        using var second = turns.Begin(1, isAhead: true);
        Assert.Null(second.Foretold);
        first.Written(null);
        Assert.False(turns.AreInOrder);
    }

    [Fact]
    public void After_one_ahead_that_failed_more_groups_must_be_in_order_and_after_some_more_fewer_again()
    {
        InOrder();
        turns.Begin(1, isAhead: true).Dispose();
        Assert.Equal(4, GroupsUntilInOrder());
        turns.Begin(1, isAhead: true).Dispose();
        Assert.Equal(8, GroupsUntilInOrder());
        for (var more = 0; more < 8; more++) Written(null, 1);
        turns.Begin(1, isAhead: true).Dispose();
        Assert.Equal(4, GroupsUntilInOrder());
    }

    [Fact]
    public void There_is_an_end_to_the_doubt()
    {
        for (var failure = 0; failure < 40; failure++) turns.Doubt();
        Assert.Equal(256, GroupsUntilInOrder());
    }

    [Fact]
    public void One_that_was_to_be_alone_and_failed_leaves_the_number_as_it_was()
    {
        InOrder();
        turns.Begin(1, isAhead: false).Dispose();
        Assert.False(turns.AreInOrder);
        Assert.Equal(2, GroupsUntilInOrder());
    }

    /// <returns>Where the next group begins.</returns>
    private long InOrder()
    {
        GroupsUntilInOrder();
        using var next = turns.Begin(0, isAhead: false);
        next.Written(next.Foretold);
        return next.Foretold!.Value;
    }

    /// <returns>How many groups in order, after the first, it takes.</returns>
    private int GroupsUntilInOrder()
    {
        var groups = 0;
        for (Written(begin: 1000, count: 1); !turns.AreInOrder; groups++) Written(null, 1);
        return groups;
    }

    /// <param name="begin">Null for where it is foretold.</param>
    /// <param name="count">How many messages.</param>
    private void Written(long? begin, int count)
    {
        using var turn = turns.Begin(count, isAhead: false);
        turn.Written(begin ?? turn.Foretold);
    }
}
