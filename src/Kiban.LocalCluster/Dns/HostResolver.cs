using System.Net;
using ARSoft.Tools.Net.Dns;

namespace Kiban.LocalCluster.Dns;

/// <summary>Asks the name servers of this machine, as its <c>/etc/resolv.conf</c> names them at the moment.</summary>
internal sealed class HostResolver
{
    private const int TimeoutMilliseconds = 4000;

    private readonly string _path;
    private readonly Lock _gate = new();
    private (DateTime Written, DnsClient? Client) _current;

    public HostResolver(string path = "/etc/resolv.conf") => _path = path;

    /// <summary>Passes the question on; null when nobody answered.</summary>
    public async Task<DnsMessage?> AskAsync(DnsQuestion question, bool wantsRecursion, CancellationToken cancellationToken)
    {
        if (Client() is not { } client)
        {
            return null;
        }

        var query = new DnsMessage { IsRecursionDesired = wantsRecursion, IsEDnsEnabled = true };
        query.Questions.Add(question);
        return await client.SendMessageAsync(query, cancellationToken);
    }

    /// <summary>The servers in the text of a resolv.conf (<see href="https://man7.org/linux/man-pages/man5/resolv.conf.5.html"/>).</summary>
    internal static IReadOnlyList<IPAddress> ParseServers(string text) =>
        [.. text.Split('\n')
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["nameserver", _, ..])
            .Select(words => IPAddress.TryParse(words[1], out var address) ? address : null)
            .OfType<IPAddress>()];

    private DnsClient? Client()
    {
        lock (_gate)
        {
            // A laptop changes networks, and with them this file.
            var written = File.GetLastWriteTimeUtc(_path);
            if (_current.Written != written)
            {
                var servers = File.Exists(_path) ? ParseServers(File.ReadAllText(_path)) : [];
                _current = (written, servers.Count > 0 ? new DnsClient(servers, TimeoutMilliseconds) : null);
            }

            return _current.Client;
        }
    }
}
