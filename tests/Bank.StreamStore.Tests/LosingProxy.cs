using System.Net;
using System.Net.Sockets;

namespace Bank.StreamStore.Tests;

/// <summary>Stands between a client and a server. While it loses answers, whatever the server says is thrown away and the connection closed: the server has done what it was asked, and the client does not know.</summary>
internal sealed class LosingProxy : IAsyncDisposable
{
    private readonly string host;
    private readonly int port;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource over = new();
    private readonly Task accepting;
    private volatile bool losesAnswers;
    private int lost;

    public LosingProxy(string host, int port)
    {
        (this.host, this.port) = (host, port);
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public bool LosesAnswers { set => losesAnswers = value; }

    /// <summary>How many connections lost an answer.</summary>
    public int Lost => Volatile.Read(ref lost);

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        listener.Stop();
        await accepting;
        over.Dispose();
    }

    private async Task Accept()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(Carry(await listener.AcceptTcpClientAsync(over.Token)));
        }
        catch (Exception) when (over.IsCancellationRequested)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Carry(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(host, port, over.Token);
                using var ended = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
                await Task.WhenAny(Copy(client, server, isAnswer: false, ended.Token), Copy(server, client, isAnswer: true, ended.Token));
                await ended.CancelAsync();
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Either side has gone.
            }
        }
    }

    private async Task Copy(TcpClient from, TcpClient to, bool isAnswer, CancellationToken ended)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (int count; (count = await from.GetStream().ReadAsync(buffer, ended)) > 0;)
            {
                if (isAnswer && losesAnswers)
                {
                    Interlocked.Increment(ref lost);
                    return;
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), ended);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side has gone.
        }
    }
}
