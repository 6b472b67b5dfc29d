using System.Globalization;
using System.Text;
using Bank.StreamStore.Infrastructure;

namespace Bank.Hub.Replays;

/// <summary>Addresses what a replay sends.</summary>
internal static class ReplayMail
{
    private static readonly DeterministicGuidGenerator Ids = new(new Guid("b0b7c2a4-1f0e-4c57-9a86-62d1a6f1c9de"));

    /// <summary>The id of a piece of news: the same each time it is sent.</summary>
    public static Guid IdOf(Guid replayId, string news) => Ids.Create(Encoding.UTF8.GetBytes($"{replayId:D}/{news}"));

    public static SendOptions For(ReplayRequest request, MappedEvent mapped)
    {
        var options = To(request);
        mapped.Describe(options);
        options.SetHeader(ReplayHeaders.Position, mapped.Message.Position.ToString(CultureInfo.InvariantCulture));
        return options;
    }

    public static SendOptions For(ReplayNews news)
    {
        var options = To(news.Request);
        options.SetMessageId(news.EventId.ToString());
        return options;
    }

    // An event is meant for all who subscribed; a replayed one for the asker alone.
    private static SendOptions To(ReplayRequest request)
    {
        var options = new SendOptions();
        options.DoNotEnforceBestPractices();
        options.SetDestination(request.ReplyToAddress!);
        options.SetHeader(ReplayHeaders.ReplayId, request.ReplayId.ToString());
        return options;
    }
}
