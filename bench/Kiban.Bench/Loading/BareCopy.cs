using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kiban.Bench.Loading;

/// <summary>
/// The least that any program must do: plain requests for whole objects over a few connections, and what comes from the socket goes to a file. It lists
/// nothing, signs nothing, checks nothing.
/// </summary>
internal static class BareCopy
{
    /// <summary>Its name in the report.</summary>
    public const string Name = "bare copy";

    /// <summary>First argument with which this program is that.</summary>
    public const string Command = "bare-copy";

    private const int Connections = 4;
    private const int BufferSize = 1024 * 1024;

    /// <summary>The file that says what there is to copy.</summary>
    public static string ListOf(string folder, string bucket) => Path.Combine(folder, bucket + ".list");

    /// <summary>The other process's program.</summary>
    public static int Run(int port, string bucket, string target, string folder)
    {
        var next = -1;
        var objects = File.ReadAllLines(ListOf(folder, bucket)).Select(line => line.Split('\t')).Select(parts => (Key: parts[0], Size: long.Parse(parts[1], CultureInfo.InvariantCulture))).ToArray();
        var threads = Enumerable.Range(0, Connections).Select(_ => new Thread(() => Copy(port, bucket, target, objects, ref next))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return 0;
    }

    private static void Copy(int port, string bucket, string target, (string Key, long Size)[] objects, ref int next)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        var buffer = new byte[BufferSize];
        for (int index; (index = Interlocked.Increment(ref next)) < objects.Length;)
        {
            var (key, size) = objects[index];
            socket.Send(Encoding.ASCII.GetBytes($"GET /{bucket}/{key} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"));
            var path = Path.Combine(target, key);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
            var (filled, headers) = ReadHeaders(socket, buffer);
            long written = 0;
            var start = headers;
            while (true)
            {
                RandomAccess.Write(file, buffer.AsSpan(start, filled - start), written);
                written += filled - start;
                if (written == size)
                    break;
                (start, filled) = (0, socket.Receive(buffer));
                if (filled == 0)
                    throw new IOException($"{key} ended {size - written} bytes early.");
            }
        }
    }

    private static (int Filled, int Headers) ReadHeaders(Socket socket, byte[] buffer)
    {
        var filled = 0;
        while (true)
        {
            filled += socket.Receive(buffer, filled, buffer.Length - filled, SocketFlags.None);
            if (buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
                return (filled, end + 4);
        }
    }
}
