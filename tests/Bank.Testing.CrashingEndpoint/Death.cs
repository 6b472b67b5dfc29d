using System.Diagnostics;

namespace Bank.Testing.CrashingEndpoint;

/// <summary>Kills the process, once for each phase: at the message that was chosen for it.</summary>
public sealed class Death(string folder)
{
    private string? completed;

    /// <summary>The message that dies in a phase.</summary>
    public static string MessageOf(Phase phase) => "work-" + phase;

    /// <summary>Returns unless the process must die here.</summary>
    public void At(Phase phase, string messageId)
    {
        if (messageId == MessageOf(phase)) Strike(phase);
    }

    /// <summary>A message is done with, as far as the bus is concerned.</summary>
    public void Completed(string messageId) => completed = messageId;

    /// <summary>The transport hands out the next message, so it has acknowledged the one before.</summary>
    public void NextMessage()
    {
        if (completed is not null) At(Phase.Acknowledged, completed);
    }

    private void Strike(Phase phase)
    {
        var mark = Path.Combine(folder, phase.ToString());
        if (File.Exists(mark)) return;
        File.WriteAllText(mark, Environment.ProcessId.ToString());
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Environment.FailFast("The kill came too late.");
    }
}
