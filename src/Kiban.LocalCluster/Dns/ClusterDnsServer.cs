using System.Net;
using ARSoft.Tools.Net.Dns;
using Microsoft.Extensions.Logging;

namespace Kiban.LocalCluster.Dns;

/// <summary>The cluster's DNS server, UDP and TCP: answers for the cluster's names and passes other questions on to the machine's resolvers.</summary>
internal sealed class ClusterDnsServer : IDisposable
{
    private const int MaximumAliases = 8;

    private readonly HostResolver _resolver;
    private readonly DnsServer _server;
    private readonly UdpServerTransport _udp;
    private readonly TcpServerTransport _tcp;
    private volatile ClusterZone _zone;

    public ClusterDnsServer(IPEndPoint endpoint, ClusterZone zone, HostResolver resolver)
    {
        _zone = zone;
        _resolver = resolver;
        _udp = new UdpServerTransport(endpoint, 5000);
        _tcp = new TcpServerTransport(endpoint, 5000, 5000);
        _server = new DnsServer(_udp, _tcp);
        _server.QueryReceived += OnQueryAsync;
    }

    /// <summary>What is answered from.</summary>
    public ClusterZone Zone
    {
        get => _zone;
        set => _zone = value;
    }

    public void Start() => _server.Start();

    public void Dispose()
    {
        _server.Stop();
        _udp.Dispose();
        ((IDisposable)_tcp).Dispose();
    }

    /// <summary>Answers one question.</summary>
    internal async Task<DnsMessage> AnswerAsync(DnsMessage query, CancellationToken cancellationToken)
    {
        var response = query.CreateResponseInstance();
        response.IsRecursionAllowed = true;
        if (query.Questions is not [var question])
        {
            response.ReturnCode = ReturnCode.FormatError;
            return response;
        }

        if (_zone.Answer(question.Name, question.RecordType) is { } answer)
        {
            response.IsAuthoritiveAnswer = true;
            response.ReturnCode = answer.Code;
            response.AnswerRecords.AddRange(answer.Records);
            response.AdditionalRecords.AddRange(answer.Additional);
            if (answer.Records.Count == 0)
            {
                response.AuthorityRecords.Add(answer.Authority);
            }

            await FollowAliasAsync(response, question, cancellationToken);
            return response;
        }

        if (await _resolver.AskAsync(question, query.IsRecursionDesired, cancellationToken) is { } theirs)
        {
            response.ReturnCode = theirs.ReturnCode;
            response.AnswerRecords.AddRange(theirs.AnswerRecords);
            response.AuthorityRecords.AddRange(theirs.AuthorityRecords);
            return response;
        }

        response.ReturnCode = ReturnCode.ServerFailure;
        return response;
    }

    // A Service of type ExternalName is an alias. Stub resolvers do not follow aliases themselves, so the target's records go with it.
    private async Task FollowAliasAsync(DnsMessage response, DnsQuestion question, CancellationToken cancellationToken)
    {
        for (var count = 0; count < MaximumAliases; count++)
        {
            if (question.RecordType is RecordType.CName or RecordType.Any || response.AnswerRecords is not [.., CNameRecord alias])
            {
                return;
            }

            if (_zone.Answer(alias.CanonicalName, question.RecordType) is { } answer)
            {
                response.AnswerRecords.AddRange(answer.Records);
                response.ReturnCode = answer.Code;
            }
            else
            {
                var theirs = await _resolver.AskAsync(new DnsQuestion(alias.CanonicalName, question.RecordType, question.RecordClass), true, cancellationToken);
                response.AnswerRecords.AddRange(theirs?.AnswerRecords ?? []);
                response.ReturnCode = theirs?.ReturnCode ?? ReturnCode.ServerFailure;
                return;
            }
        }
    }

    private async Task OnQueryAsync(object sender, QueryReceivedEventArgs arguments)
    {
        if (arguments.Query is DnsMessage query)
        {
            arguments.Response = await AnswerAsync(query, CancellationToken.None);
        }
    }
}
