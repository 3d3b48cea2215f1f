namespace Kiban.Kubernetes.Tests.Fakes;

/// <summary>A request that the fake server got.</summary>
/// <param name="Verb"><c>get</c>, <c>list</c>, <c>watch</c>, <c>watchlist</c> (with initial events), <c>create</c>, <c>update</c>, <c>apply</c>, <c>patch</c>, <c>delete</c>.</param>
/// <param name="Resource">Plural name of the kind.</param>
/// <param name="Detail">Name of the object; continue token of a list; version of a watch.</param>
internal sealed record FakeRequest(string Verb, string Resource, string? Detail);
