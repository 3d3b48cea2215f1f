using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Tests.Fakes;

public sealed class FakeServerContractTests : ServerContract, IDisposable
{
    private readonly FakeKubernetes _fake = new(TimeProvider.System);

    protected override IKubernetesClient Client => _fake;

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task With_initial_events_served_the_contract_holds_too()
    {
        _fake.ServesWatchList = true;
        await Initial_events_end_with_a_marked_bookmark_or_are_refused_as_invalid();
    }

    protected override Task<string> NewNamespaceAsync() => Task.FromResult("ns");

    protected override Task CompactAsync()
    {
        _fake.Compact();
        return Task.CompletedTask;
    }
}
