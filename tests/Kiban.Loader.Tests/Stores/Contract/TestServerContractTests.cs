namespace Kiban.Loader.Tests.Stores.Contract;

/// <summary>The contract, held against the tests' own server.</summary>
public sealed class TestServerContractTests(TestServerSubject subject) : S3Contract(subject), IClassFixture<TestServerSubject>;
