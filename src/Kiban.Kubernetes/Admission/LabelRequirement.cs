namespace Kiban.Kubernetes.Admission;

/// <summary>A <c>matchExpressions</c> requirement of a label selector.</summary>
/// <param name="Key">Label key.</param>
/// <param name="Operator"><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>.</param>
/// <param name="Values">Values, for the first two.</param>
public sealed record LabelRequirement(string Key, string Operator, params IReadOnlyList<string> Values);
