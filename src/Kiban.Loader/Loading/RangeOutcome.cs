using Kiban.Loader.Stores;

namespace Kiban.Loader.Loading;

/// <summary>How one try to fetch a range ended.</summary>
/// <param name="Written">Bytes from its start that are in place, recorded.</param>
/// <param name="Failure">Why it is not whole; null where it is.</param>
/// <param name="HasStalled">Whether it was ended because next to nothing arrived.</param>
internal readonly record struct RangeOutcome(long Written, StoreException? Failure, bool HasStalled);
