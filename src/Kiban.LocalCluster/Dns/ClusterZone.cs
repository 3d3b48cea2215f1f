using System.Collections.Frozen;
using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using k8s.Models;

namespace Kiban.LocalCluster.Dns;

/// <summary>
/// All names of a cluster at one moment, forward and reverse. Immutable: a change of Services or endpoints makes a new one.
/// </summary>
internal sealed class ClusterZone
{
    /// <summary>Seconds for which an answer may be kept, positive or negative. Short, since Pods come and go.</summary>
    public const int TimeToLive = 5;

    /// <summary>Version of the specification that the records follow, as served in <c>dns-version.cluster.local</c>.</summary>
    public const string SpecificationVersion = "1.1.0";

    private readonly FrozenDictionary<DomainName, DnsRecordBase[]> _records;
    private readonly IPNetwork _addresses;
    private readonly SoaRecord _authority;

    private ClusterZone(FrozenDictionary<DomainName, DnsRecordBase[]> records, IPNetwork addresses, SoaRecord authority)
    {
        _records = records;
        _addresses = addresses;
        _authority = authority;
    }

    /// <summary>The zone's name, <c>cluster.local</c>.</summary>
    public static DomainName Apex { get; } = new(["cluster", "local"]);

    // After Apex, which it is made from: static members are initialized in their order.
    private static DomainName ServerName { get; } = ServiceRecords.Name("ns", "dns");

    /// <summary>Gathers the records of all Services.</summary>
    /// <param name="services">Every Service of the cluster.</param>
    /// <param name="endpoints">Every Endpoints object; only those of headless Services matter.</param>
    /// <param name="addresses">Addresses of Pods and Services: nobody else knows names for them.</param>
    /// <param name="server">Address of the DNS server itself.</param>
    /// <param name="serial">Serial number of the zone.</param>
    public static ClusterZone Build(IEnumerable<V1Service> services, IEnumerable<V1Endpoints> endpoints, IPNetwork addresses, IPAddress server, uint serial)
    {
        var endpointsOf = endpoints.ToDictionary(value => (value.Metadata.NamespaceProperty, value.Metadata.Name));
        var authority = new SoaRecord(Apex, TimeToLive, ServerName, ServiceRecords.Name("hostmaster"), serial, 7200, 1800, 86400, TimeToLive);
        var records = new Dictionary<DomainName, List<DnsRecordBase>>();
        Add(authority);
        Add(new NsRecord(Apex, TimeToLive, ServerName));
        Add(new ARecord(ServerName, TimeToLive, server));
        Add(new TxtRecord(ServiceRecords.Name("dns-version"), TimeToLive, SpecificationVersion));
        foreach (var service in services)
        {
            foreach (var record in ServiceRecords.Of(service, endpointsOf.GetValueOrDefault((service.Metadata.NamespaceProperty, service.Metadata.Name))))
            {
                Add(record);
            }
        }

        // A name that has names below it exists, though it has no records: it is answered "no data", not "no such name" (RFC 8020).
        foreach (var name in records.Keys.Where(name => name.IsSubDomainOf(Apex)).ToList())
        {
            for (var parent = name.GetParentName(1); parent.IsSubDomainOf(Apex); parent = parent.GetParentName(1))
            {
                records.TryAdd(parent, []);
            }
        }

        return new ClusterZone(records.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToArray()), addresses, authority);

        void Add(DnsRecordBase record)
        {
            if (!records.TryGetValue(record.Name, out var list))
            {
                records[record.Name] = list = [];
            }

            // Two ports of a headless Service are two subsets with the same addresses.
            if (!list.Contains(record))
            {
                list.Add(record);
            }
        }
    }

    /// <summary>What the zone says, or null for a name that somebody else has to answer.</summary>
    public ZoneAnswer? Answer(DomainName name, RecordType type)
    {
        if (!name.IsEqualOrSubDomainOf(Apex) && !IsReverse(name))
        {
            return null;
        }

        if (!_records.TryGetValue(name, out var records))
        {
            return new ZoneAnswer(ReturnCode.NxDomain, [], [], _authority);
        }

        var found = records.Where(record => record.RecordType == type || type == RecordType.Any || record.RecordType == RecordType.CName).ToArray();
        // Clients take the first address: each of them another one.
        Random.Shared.Shuffle(found);
        var additional = found.OfType<SrvRecord>().SelectMany(record => _records.GetValueOrDefault(record.Target) ?? [])
            .Where(record => record is AddressRecordBase).Distinct().ToArray();
        return new ZoneAnswer(ReturnCode.NoError, found, additional, _authority);
    }

    private bool IsReverse(DomainName name) =>
        _records.ContainsKey(name)
        || (name.Labels is [.. var octets, var first, var second]
            && first.Equals("in-addr", StringComparison.OrdinalIgnoreCase) && second.Equals("arpa", StringComparison.OrdinalIgnoreCase)
            && octets.Length == 4
            && IPAddress.TryParse(string.Join('.', octets.Reverse()), out var address)
            && _addresses.Contains(address));
}
