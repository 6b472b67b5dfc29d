using Bank.Contracts;
using Bank.Insights.Spending;

namespace Bank.Insights.Tests.Spending;

public sealed class CategoryTests
{
    [Theory]
    [InlineData("SAL-2026-01-EUR-JAN-001", "Salaries")]
    [InlineData("Rent March, flat 4", "Housing")]
    [InlineData("the RENT and the tax", "Housing")]
    [InlineData("invoice4711", "Invoices")]
    [InlineData("parental leave", null)]
    [InlineData("4711", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_first_word_that_says_something_decides(string? text, string? category) => Assert.Equal(category, Category.OfText(text));

    [Fact]
    public void Without_such_a_word_the_kind_of_booking_decides()
    {
        var story = new PaymentStory("a").Pays(0).PaysByCard(1).Withdraws(2).Pays(3, purpose: "groceries");
        Assert.Equal(
            [Category.Transfers, Category.Cards, Category.Cash, "Groceries"],
            story.Events.Where(@event => @event is not Contracts.Accounts.FundsReserved).Select(Category.Of));
    }

    [Fact]
    public void No_category_is_longer_than_its_column()
    {
        foreach (var word in new[] { "sal", "rent", "food", "gas", "insurance", "vat", "pension", "bill" }) Assert.InRange(Category.OfText(word)!.Length, 1, 20);
    }
}
