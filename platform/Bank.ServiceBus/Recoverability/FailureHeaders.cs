using Bank.ServiceBus.Hosting;

namespace Bank.ServiceBus;

/// <summary>The headers that tell what went wrong, where and when.</summary>
internal static class FailureHeaders
{
    private const int LongestMessage = 16_384;

    // A broker refuses headers beyond its frame size; a failed message that cannot be moved would come back for ever.
    private const int LongestText = 32_768;

    public static Dictionary<string, string> For(Exception exception, string failedQueue, HostInformation host, DateTimeOffset now)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [HeaderNames.FailedQueue] = failedQueue,
            [HeaderNames.TimeOfFailure] = DateTimeOffsetHelper.ToWireFormattedString(now),
            [HeaderNames.ExceptionInfo + "ExceptionType"] = exception.GetType().FullName!,
            [HeaderNames.ExceptionInfo + "Message"] = Cut(exception.Message, LongestMessage),
            [HeaderNames.ExceptionInfo + "StackTrace"] = Cut(exception.ToString(), LongestText),
            [HeaderNames.ProcessingMachine] = host.MachineName,
            [HeaderNames.ProcessingEndpoint] = host.EndpointName,
            [HeaderNames.HostId] = host.HostId,
            [HeaderNames.HostDisplayName] = host.DisplayName,
        };
        if (exception.InnerException is { } inner) headers[HeaderNames.ExceptionInfo + "InnerExceptionType"] = inner.GetType().FullName!;
        if (exception.Source is { } source) headers[HeaderNames.ExceptionInfo + "Source"] = source;
        if (exception.HelpLink is { } link) headers[HeaderNames.ExceptionInfo + "HelpLink"] = link;
        foreach (var key in exception.Data.Keys)
        {
            if (exception.Data[key]?.ToString() is { } value) headers[HeaderNames.ExceptionInfo + "Data." + key] = Cut(value, LongestMessage);
        }

        return headers;
    }
    private static string Cut(string text, int longest) => text.Length > longest ? text[..longest] : text;
}
