using ARSoft.Tools.Net.Dns;

namespace Kiban.LocalCluster.Dns;

/// <summary>What a zone says to a question.</summary>
/// <param name="Code"><see cref="ReturnCode.NoError"/> for a name that exists, whether or not it has records of the type.</param>
/// <param name="Records">The records; one of type CNAME means: ask for its target.</param>
/// <param name="Additional">Addresses of names in <paramref name="Records"/>, to spare the client a question.</param>
/// <param name="Authority">Goes with an answer without records, and says how long "no" may be remembered (RFC 2308).</param>
internal sealed record ZoneAnswer(ReturnCode Code, IReadOnlyList<DnsRecordBase> Records, IReadOnlyList<DnsRecordBase> Additional, SoaRecord Authority);
