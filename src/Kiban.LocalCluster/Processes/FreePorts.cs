using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Kiban.LocalCluster.Processes;

/// <summary>Chooses TCP ports for daemons that are started later.</summary>
public static class FreePorts
{
    // Below Linux's ephemeral range (32768 and up), so that no outgoing connection takes the port in between, and below NodePorts (30000 and up).
    private const int First = 12000;
    private const int Last = 29999;

    /// <summary>Chooses <paramref name="count"/> different ports that nobody listens on at present, on no address of the machine.</summary>
    public static IReadOnlyList<int> Choose(int count)
    {
        var chosen = new HashSet<int>();
        for (var tries = 0; chosen.Count < count; tries++)
        {
            if (tries > 10_000)
            {
                throw new LocalClusterException($"No free TCP ports between {First} and {Last} were found.");
            }

            var port = RandomNumberGenerator.GetInt32(First, Last + 1);
            if (IsFree(port))
            {
                chosen.Add(port);
            }
        }

        return [.. chosen];
    }

    /// <summary>True when nobody listens on the port, on any address.</summary>
    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
