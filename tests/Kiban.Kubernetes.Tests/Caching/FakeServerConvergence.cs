using CsCheck;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Tests.Fakes;

namespace Kiban.Kubernetes.Tests.Caching;

public sealed class FakeServerConvergence
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_whatever_happened_the_cache_equals_the_server_and_no_key_is_lost(bool servesWatchList) =>
        await ConvergenceTrial.AnyHappening.Array[0, 60].SampleAsync(
            async happenings =>
            {
                using var server = new UpsetFake(servesWatchList);
                await new ConvergenceTrial(server, useWatchList: true).RunAsync(happenings, CancellationToken.None);
            },
            iter: 60);

    private sealed class UpsetFake : IUpsetServer, IDisposable
    {
        private readonly FakeKubernetes _fake;
        private bool _refuses;

        public UpsetFake(bool servesWatchList) => _fake = new FakeKubernetes(TimeProvider.System)
        {
            ServesWatchList = servesWatchList,
            EventCopies = 2,
            BeforeRequest = (request, _) => _refuses && request.Verb is "list" or "watch" or "watchlist"
                ? throw new HttpRequestException("refused")
                : Task.CompletedTask,
        };

        public IKubernetesClient Direct => _fake;

        public IKubernetesClient Disturbed => _fake;

        public string Namespace => "ns";

        public Task UpsetAsync(Upset upset)
        {
            _refuses = upset switch { Upset.Break => true, Upset.Mend => false, _ => _refuses };
            if (upset is Upset.Compact)
                _fake.Compact();
            if (upset is not Upset.Mend)
                _fake.CutConnections();
            return Task.CompletedTask;
        }

        public Task RecoverAsync()
        {
            _refuses = false;
            return Task.CompletedTask;
        }

        public void Dispose() => _fake.Dispose();
    }
}
