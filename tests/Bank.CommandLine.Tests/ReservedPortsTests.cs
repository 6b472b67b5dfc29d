using System.Net;
using System.Net.Sockets;
using Bank.CommandLine.Running;
using Bank.LocalServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Bank.CommandLine.Tests;

/// <summary>A port that a process is to listen on later is not taken away meanwhile.</summary>
public sealed class ReservedPortsTests : IDisposable
{
    private const int LevelIp = 0;
    private const int LocalPortRange = 51;
    private static readonly Version KnowsLocalPortRange = new(6, 3);

    private readonly ReservedPorts reserved = new();

    public void Dispose() => reserved.Dispose();

    [SkippableFact]
    public void The_system_gives_it_to_nobody()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.OSVersion.Version >= KnowsLocalPortRange, "Only newer kernels can be asked for a port out of a range.");
        var port = reserved.Take(1)[0];

        Assert.Equal(SocketError.AddressAlreadyInUse, Refusal(() => BindToAnyOf(port)));
        Assert.Equal(SocketError.AddressNotAvailable, Refusal(() => ConnectFrom(port)));

        reserved.Dispose();
        BindToAnyOf(port);
    }

    [Fact]
    public void Who_does_not_share_cannot_bind_it()
    {
        var port = reserved.Take(1)[0];

        Assert.Equal(SocketError.AddressAlreadyInUse, Refusal(() => BindAlone(port)));

        reserved.Dispose();
        BindAlone(port);
    }

    [Fact]
    public async Task An_endpoint_listens_on_it_as_often_as_it_starts()
    {
        var url = $"http://127.0.0.1:{reserved.Take(1)[0]}";
        await using (await Started(url)) Assert.Equal("here", await Get(url));

        await using var again = await Started(url);
        Assert.Equal("here", await Get(url));
        reserved.Dispose();
        Assert.Equal("here", await Get(url));
    }

    [Fact]
    public async Task All_ports_of_a_plan_are_reserved()
    {
        var plan = await Planned();

        foreach (var endpoint in BankPlan.Endpoints) Assert.Equal(SocketError.AddressAlreadyInUse, Refusal(() => BindAlone(new Uri(plan.Urls[endpoint]).Port)));
    }

    private Task<BankPlan> Planned()
    {
        var nowhere = Path.Combine(Path.GetTempPath(), "bank-ports-" + Guid.NewGuid().ToString("N"));
        var options = new RunOptions { DataDirectory = nowhere, ServersDirectory = nowhere, Port = reserved.Take(1)[0] };
        return Planning.Make(options, reserved, CancellationToken.None);
    }

    private static SocketError? Refusal(Action action) => Record.Exception(action) is SocketException refused ? refused.SocketErrorCode : null;

    // As most programs do that look for a free port, with as many to choose from as can be foreseen.
    private static void BindToAnyOf(int port)
    {
        using var socket = OutOf(port);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    private static void ConnectFrom(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var socket = OutOf(port);
        socket.Connect(listener.LocalEndpoint);
    }

    private static Socket OutOf(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(LevelIp, LocalPortRange, BitConverter.GetBytes(((uint)port << 16) | (uint)port));
        return socket;
    }

    // .NET shares an address (SO_REUSEADDR) only where it is told that this is TCP.
    private static void BindAlone(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
    }

    private static async Task<WebApplication> Started(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        var endpoint = builder.Build();
        endpoint.MapGet("/", () => "here");
        await endpoint.StartAsync();
        return endpoint;
    }

    private static async Task<string> Get(string url)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(url);
    }
}
