namespace Kiban.Loader.Tests.Stores.Contract;

/// <summary>The contract, held against a real server.</summary>
public sealed class SwiftContractTests(SwiftSubject subject) : S3Contract(subject), IClassFixture<SwiftSubject>;
