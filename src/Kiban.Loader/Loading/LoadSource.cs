using Kiban.Loader.Stores;

namespace Kiban.Loader.Loading;

/// <summary>One source of a load.</summary>
/// <param name="Name">Its canonical address, which has no secret in it.</param>
/// <param name="Store">Where it is read from.</param>
internal sealed record LoadSource(string Name, IObjectStore Store);
