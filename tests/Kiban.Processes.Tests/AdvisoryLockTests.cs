namespace Kiban.Processes.Tests;

public sealed class AdvisoryLockTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("kiban-lock-").FullName, "lock");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public async Task Lock_is_one_holders_and_others_wait_until_it_is_let_go()
    {
        var first = AdvisoryLock.TryAcquire(_path).ShouldNotBeNull();
        AdvisoryLock.TryAcquire(_path).ShouldBeNull();
        var waiting = new TaskCompletionSource();
        var second = AdvisoryLock.AcquireAsync(_path, TimeProvider.System, waiting.SetResult, TestContext.Current.CancellationToken);
        await waiting.Task;
        second.IsCompleted.ShouldBeFalse();

        first.Dispose();

        (await second).Dispose();
    }
}
