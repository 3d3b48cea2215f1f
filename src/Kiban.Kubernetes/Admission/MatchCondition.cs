namespace Kiban.Kubernetes.Admission;

/// <summary>A CEL condition of a webhook.</summary>
/// <param name="Name">Name in error messages.</param>
/// <param name="Expression">CEL over <c>object</c>, <c>oldObject</c>, <c>request</c>, <c>authorizer</c>.</param>
public sealed record MatchCondition(string Name, string Expression);
