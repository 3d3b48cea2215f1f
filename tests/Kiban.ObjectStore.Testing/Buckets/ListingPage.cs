namespace Kiban.ObjectStore.Testing.Buckets;

/// <summary>A page of a listing.</summary>
/// <param name="Objects">Objects in it.</param>
/// <param name="Prefixes">Rolled-up prefixes in it.</param>
/// <param name="Token">Asks for the next one; null after the last.</param>
/// <param name="LastKey">The last key or prefix of this page or of the one before.</param>
internal sealed record ListingPage(IReadOnlyList<StoredObject> Objects, IReadOnlyList<string> Prefixes, string? Token, string LastKey);
