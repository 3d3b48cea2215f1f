namespace Kiban.Images.Layers;

/// <summary>A layer in the cache.</summary>
/// <param name="Digest">Digest of the tar, which is both the blob's digest and the layer's diff id since layers are not compressed.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Origin">What it was made from, for the image's history.</param>
internal sealed record Layer(string Digest, long Size, string Origin);
