using System.Net;
using System.Net.Sockets;

namespace Bank.LocalServers;

/// <summary>
/// Ports on the loopback address that the system gives to nobody, neither as a free one nor for a connection, until this is disposed. Who is told its number can listen on one
/// meanwhile, as often as needed. So it is on Linux, for programs that share addresses (SO_REUSEADDR): .NET, PostgreSQL and Erlang do.
/// </summary>
public sealed class ReservedPorts : IDisposable
{
    private readonly List<Socket> held = [];

    /// <summary>So many more different ports.</summary>
    public int[] Take(int count)
    {
        var ports = new int[count];
        for (var index = 0; index < count; index++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            held.Add(socket);
            // Bound and never listening: .NET shares what it binds, so whoever shares as well may listen.
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            ports[index] = ((IPEndPoint)socket.LocalEndPoint!).Port;
        }

        return ports;
    }

    /// <summary>Lets go of them; whoever listens on one goes on.</summary>
    public void Dispose()
    {
        foreach (var socket in held) socket.Dispose();
        held.Clear();
    }
}
