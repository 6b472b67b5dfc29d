using System.Net;
using System.Net.Sockets;

namespace Bank.LocalServers;

/// <summary>Finds ports that nobody listens on.</summary>
public static class FreePorts
{
    /// <summary>So many different ports on the loopback address, free at this moment; for who is to listen later, <see cref="ReservedPorts"/> keeps them free.</summary>
    public static int[] Take(int count)
    {
        using var reserved = new ReservedPorts();
        return reserved.Take(count);
    }

    /// <summary>Whether nobody listens on a port of the loopback address at this moment.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
