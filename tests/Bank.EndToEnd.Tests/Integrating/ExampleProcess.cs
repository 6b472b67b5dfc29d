using System.Diagnostics;
using System.Threading.Channels;

namespace Bank.EndToEnd.Tests.Integrating;

/// <summary>An example, running, and what it says.</summary>
internal sealed class ExampleProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly List<string> said = [];
    private int closed;

    public ExampleProcess(string file, params string[] arguments)
    {
        process = new Process { StartInfo = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Waits until it has said something that holds a text.</summary>
    public async Task Says(string text)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (true)
            {
                var line = await lines.Reader.ReadAsync(limit.Token);
                said.Add(line);
                if (line.Contains(text, StringComparison.Ordinal)) return;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            Assert.Fail($"The example never said '{text}', but:\n{string.Join('\n', said)}");
        }
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is not null) lines.Writer.TryWrite(line);
        else if (Interlocked.Increment(ref closed) == 2) lines.Writer.TryComplete();
    }
}
