using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Kubernetes.Finalizers;
using Kiban.Testing;

namespace Kiban.Kubernetes.Tests.Finalizers;

public sealed class FinalizerTests(ControlPlaneFixture cluster) : IDisposable
{
    private const string Ours = "test.kiban.dev/ours";
    private const string Theirs = "test.kiban.dev/theirs";
    private readonly KubernetesClient _client = new(KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Finalizer_holds_the_object_until_it_is_taken_off()
    {
        var created = await CreateAsync();
        var held = (await _client.AddFinalizerAsync(created, Ours, Cancel))!;
        held.Metadata.Finalizers.ShouldBe([Ours]);
        (await _client.AddFinalizerAsync(held, Ours, Cancel))!.Metadata.ResourceVersion.ShouldBe(held.Metadata.ResourceVersion, "nothing is written twice");

        await _client.DeleteAsync<V1ConfigMap>("a", created.Metadata.NamespaceProperty, Cancel);
        var deleting = await ReadAsync(created);
        deleting!.Metadata.DeletionTimestamp.ShouldNotBeNull();

        await _client.RemoveFinalizerAsync(deleting, Ours, Cancel);
        (await ReadAsync(created)).ShouldBeNull();
        (await _client.RemoveFinalizerAsync(deleting, Ours, Cancel)).ShouldBeNull("the object is gone, and that is what was wanted");
    }

    [Fact]
    public async Task Finalizers_that_others_put_on_meanwhile_stay()
    {
        var stale = await CreateAsync();
        await _client.AddFinalizerAsync(stale, Theirs, Cancel);

        var both = (await _client.AddFinalizerAsync(stale, Ours, Cancel))!;
        both.Metadata.Finalizers.ShouldBe([Theirs, Ours], ignoreOrder: true);

        var third = (await _client.AddFinalizerAsync(both, "test.kiban.dev/third", Cancel))!;
        var rest = (await _client.RemoveFinalizerAsync(both, Ours, Cancel))!;
        rest.Metadata.Finalizers.ShouldBe([Theirs, "test.kiban.dev/third"], ignoreOrder: true);
        third.Metadata.Finalizers.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing()
    {
        var stale = await CreateAsync();
        var names = Enumerable.Range(0, 6).Select(i => $"test.kiban.dev/f{i}").ToList();

        await Task.WhenAll(names.Select(name => _client.AddFinalizerAsync(stale, name, Cancel)));
        (await ReadAsync(stale))!.Metadata.Finalizers.ShouldBe(names, ignoreOrder: true);

        await Task.WhenAll(names.Select(name => _client.RemoveFinalizerAsync(stale with { Metadata = stale.Metadata with { Finalizers = [name] } }, name, Cancel)));
        ((await ReadAsync(stale))!.Metadata.Finalizers ?? []).ShouldBeEmpty();
    }

    [Fact]
    public async Task Namesake_made_later_is_left_alone()
    {
        var first = (await _client.AddFinalizerAsync(await CreateAsync(), Ours, Cancel))!;
        var ns = first.Metadata.NamespaceProperty;
        await _client.DeleteAsync<V1ConfigMap>("a", ns, Cancel);
        await _client.RemoveFinalizerAsync(first, Ours, Cancel);
        var second = (await _client.AddFinalizerAsync(await CreateAsync(ns), Ours, Cancel))!;

        (await _client.RemoveFinalizerAsync(first, Ours, Cancel)).ShouldBeNull();
        (await _client.AddFinalizerAsync(first with { Metadata = first.Metadata with { Finalizers = null } }, Theirs, Cancel)).ShouldBeNull();

        (await ReadAsync(second))!.Metadata.Finalizers.ShouldBe([Ours]);
    }

    [Fact]
    public async Task Object_that_is_being_deleted_takes_no_finalizer_any_more()
    {
        var held = (await _client.AddFinalizerAsync(await CreateAsync(), Theirs, Cancel))!;
        await _client.DeleteAsync<V1ConfigMap>("a", held.Metadata.NamespaceProperty, Cancel);

        (await _client.AddFinalizerAsync(held, Ours, Cancel)).ShouldBeNull();

        (await ReadAsync(held))!.Metadata.Finalizers.ShouldBe([Theirs]);
    }

    private async Task<V1ConfigMap> CreateAsync(string? ns = null) => await _client.CreateAsync(
        new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = ns ?? await cluster.CreateNamespaceAsync("finalizer", Cancel) } }, Cancel);

    private Task<V1ConfigMap?> ReadAsync(V1ConfigMap value) => _client.FindAsync<V1ConfigMap>("a", value.Metadata.NamespaceProperty, Cancel);
}
