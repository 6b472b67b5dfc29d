using Bank.CommandLine.Running;

namespace Bank.CommandLine.Tests;

/// <summary>What <c>bank up</c> says of a process that ended.</summary>
public sealed class LastWordsTests : IDisposable
{
    private readonly string log = Path.GetTempFileName();

    public void Dispose() => File.Delete(log);

    [Fact]
    public void What_nobody_caught_is_told_with_what_caused_it()
    {
        File.WriteAllText(log, """
            info: Bank.Accounts[0] Starting.
            Unhandled exception. System.IO.IOException: Failed to bind to address http://127.0.0.1:5080: address already in use.
             ---> Microsoft.AspNetCore.Connections.AddressInUseException: Address already in use
             ---> System.Net.Sockets.SocketException (98): Address already in use
               at System.Net.Sockets.Socket.DoBind(EndPoint endPointSnapshot, SocketAddress socketAddress)
               --- End of inner exception stack trace ---
               at Program.<Main>$(String[] args) in Program.cs:line 26

            """);

        Assert.Equal(
            "System.IO.IOException: Failed to bind to address http://127.0.0.1:5080: address already in use. "
            + "---> Microsoft.AspNetCore.Connections.AddressInUseException: Address already in use "
            + "---> System.Net.Sockets.SocketException (98): Address already in use",
            LastWords.In(log, 0));
    }

    [Fact]
    public void Without_an_exception_its_last_line_is_told()
    {
        File.WriteAllText(log, "info: Starting.\nBank:Transport: there is no 'pigeon'.\n\n");

        Assert.Equal("Bank:Transport: there is no 'pigeon'.", LastWords.In(log, 0));
    }

    [Fact]
    public void What_an_earlier_process_said_is_left_out()
    {
        const string Earlier = "Unhandled exception. System.Exception: The disk is full.\n";
        File.WriteAllText(log, Earlier + "Killed.\n");

        Assert.Equal("Killed.", LastWords.In(log, Earlier.Length));
    }

    [Fact]
    public void Without_a_log_nothing_is_told() => Assert.Equal("", LastWords.In(log + ".missing", 0));
}
