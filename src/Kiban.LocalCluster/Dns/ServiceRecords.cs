using System.Net;
using System.Net.Sockets;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using k8s.Models;

namespace Kiban.LocalCluster.Dns;

/// <summary>
/// The records that a Service has according to
/// <see href="https://github.com/kubernetes/dns/blob/master/docs/specification.md">Kubernetes DNS-Based Service Discovery</see> 1.1.0.
/// Names are in lower case, below <see cref="ClusterZone.Apex"/>.
/// </summary>
internal static class ServiceRecords
{
    /// <summary>All records of one Service. A headless Service without a published endpoint has none, so its name does not exist.</summary>
    public static IEnumerable<DnsRecordBase> Of(V1Service service, V1Endpoints? endpoints)
    {
        var name = Name(service.Metadata.Name, service.Metadata.NamespaceProperty, "svc");
        return service.Spec switch
        {
            { Type: "ExternalName", ExternalName: { Length: > 0 } target } => [new CNameRecord(name, ClusterZone.TimeToLive, DomainName.Parse(target.TrimEnd('.')))],
            { ClusterIP: "None" } => Headless(name, endpoints, service.Spec.PublishNotReadyAddresses is true),
            { ClusterIP.Length: > 0 } => Virtual(name, service),
            _ => [],
        };
    }

    /// <summary>A name of the cluster's zone.</summary>
    public static DomainName Name(params string[] labels) => new([.. labels.Select(label => label.ToLowerInvariant()), .. ClusterZone.Apex.Labels]);

    private static IEnumerable<DnsRecordBase> Virtual(DomainName name, V1Service service)
    {
        var addresses = service.Spec.ClusterIPs is { Count: > 0 } several ? several : [service.Spec.ClusterIP];
        foreach (var address in addresses.Select(IPAddress.Parse))
        {
            yield return Address(name, address);
            yield return new PtrRecord(address.GetReverseLookupDomain(), ClusterZone.TimeToLive, name);
        }

        foreach (var port in service.Spec.Ports ?? [])
        {
            if (Srv(name, port.Name, port.Protocol, port.Port, name) is { } record)
            {
                yield return record;
            }
        }
    }

    private static IEnumerable<DnsRecordBase> Headless(DomainName name, V1Endpoints? endpoints, bool publishNotReady)
    {
        foreach (var subset in endpoints?.Subsets ?? [])
        {
            foreach (var endpoint in (subset.Addresses ?? []).Concat(publishNotReady ? subset.NotReadyAddresses ?? [] : []))
            {
                var address = IPAddress.Parse(endpoint.Ip);
                // Pods of a StatefulSet have a host name; others are named after their address.
                var own = new DomainName([(endpoint.Hostname is { Length: > 0 } host ? host : Dashed(address)).ToLowerInvariant(), .. name.Labels]);
                yield return Address(name, address);
                yield return Address(own, address);
                yield return new PtrRecord(address.GetReverseLookupDomain(), ClusterZone.TimeToLive, own);
                foreach (var port in subset.Ports ?? [])
                {
                    if (Srv(name, port.Name, port.Protocol, port.Port, own) is { } record)
                    {
                        yield return record;
                    }
                }
            }
        }
    }

    private static AddressRecordBase Address(DomainName name, IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6
            ? new AaaaRecord(name, ClusterZone.TimeToLive, address)
            : new ARecord(name, ClusterZone.TimeToLive, address);

    // Ports without a name have no SRV record.
    private static SrvRecord? Srv(DomainName service, string? port, string? protocol, int number, DomainName target) =>
        port is { Length: > 0 }
            ? new SrvRecord(
                new DomainName([$"_{port.ToLowerInvariant()}", $"_{(protocol ?? "TCP").ToLowerInvariant()}", .. service.Labels]),
                ClusterZone.TimeToLive, priority: 0, weight: 100, (ushort)number, target)
            : null;

    private static string Dashed(IPAddress address) => address.ToString().Replace('.', '-').Replace(':', '-');
}
