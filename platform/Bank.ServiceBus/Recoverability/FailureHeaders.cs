using Bank.ServiceBus.Hosting;

namespace Bank.ServiceBus;

/// <summary>The headers that tell what went wrong, where and when.</summary>
/// <remarks>A broker refuses headers beyond its frame size; a failed message that cannot be moved would come back for ever. So no text is longer than need be, and all together fit.</remarks>
internal static class FailureHeaders
{
    private const int MostTextBytes = 96 * 1024;
    private const int LeastTextBytes = 4 * 1024;
    private const int NamesBytes = 4 * 1024;
    private const int LongestMessage = 16_384;
    private const int LongestText = 32_768;
    private const int LongestName = 1_000;

    /// <param name="exception">What went wrong.</param>
    /// <param name="failedQueue">Where the message was read.</param>
    /// <param name="host">Who read it.</param>
    /// <param name="now">When.</param>
    /// <param name="room">How many bytes the headers that the message came with leave.</param>
    public static Dictionary<string, string> For(Exception exception, string failedQueue, HostInformation host, DateTimeOffset now, int room)
    {
        var texts = new TextBudget(Math.Clamp(room - NamesBytes, LeastTextBytes, MostTextBytes));
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [HeaderNames.FailedQueue] = failedQueue,
            [HeaderNames.TimeOfFailure] = DateTimeOffsetHelper.ToWireFormattedString(now),
            [HeaderNames.ExceptionInfo + "ExceptionType"] = exception.GetType().FullName!,
            [HeaderNames.ExceptionInfo + "Message"] = texts.Take(() => exception.Message, LongestMessage) ?? "",
            [HeaderNames.ExceptionInfo + "StackTrace"] = texts.Take(exception.ToString, LongestText) ?? "",
            [HeaderNames.ProcessingMachine] = host.MachineName,
            [HeaderNames.ProcessingEndpoint] = host.EndpointName,
            [HeaderNames.HostId] = host.HostId,
            [HeaderNames.HostDisplayName] = host.DisplayName,
        };
        if (exception.InnerException is { } inner) headers[HeaderNames.ExceptionInfo + "InnerExceptionType"] = inner.GetType().FullName!;
        if (texts.Take(() => exception.Source, LongestName) is { } source) headers[HeaderNames.ExceptionInfo + "Source"] = source;
        if (texts.Take(() => exception.HelpLink, LongestName) is { } link) headers[HeaderNames.ExceptionInfo + "HelpLink"] = link;
        foreach (var key in exception.Data.Keys)
        {
            if (texts.Take(key.ToString, LongestName) is { Length: > 0 } name && texts.Take(() => exception.Data[key]?.ToString(), LongestMessage) is { } value)
                headers[HeaderNames.ExceptionInfo + "Data." + name] = value;
        }

        return headers;
    }
}
