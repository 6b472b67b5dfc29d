using Bank.ServiceBus.Hosting;

namespace Bank.ServiceBus;

/// <summary>The headers that tell what went wrong, where and when.</summary>
internal static class FailureHeaders
{
    private const int LongestMessage = 16_384;

    public static Dictionary<string, string> For(Exception exception, string failedQueue, HostInformation host, DateTimeOffset now)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [HeaderNames.FailedQueue] = failedQueue,
            [HeaderNames.TimeOfFailure] = DateTimeOffsetHelper.ToWireFormattedString(now),
            [HeaderNames.ExceptionInfo + "ExceptionType"] = exception.GetType().FullName!,
            [HeaderNames.ExceptionInfo + "Message"] = exception.Message.Length > LongestMessage ? exception.Message[..LongestMessage] : exception.Message,
            [HeaderNames.ExceptionInfo + "StackTrace"] = exception.ToString(),
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
            if (exception.Data[key]?.ToString() is { } value) headers[HeaderNames.ExceptionInfo + "Data." + key] = value;
        }

        return headers;
    }
}
