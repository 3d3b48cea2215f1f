using Kiban.Loader.Tests.Stores;
using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Contents;
using Kiban.ObjectStore.Testing.Faults;

namespace Kiban.Loader.Tests.Programs;

public sealed class KilledLoaderTests(PublishedLoader published)
{
    private const int MiB = 1024 * 1024;
    private const int Kills = 200;
    private const int Connections = 4;
    private const int PartSize = 2 * MiB;

    /// <summary>What the kernel and the server hold of a body that nobody reads any more; it was sent, but no loader fetched it.</summary>
    private const int InFlight = 2 * MiB;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_load_killed_two_hundred_times_has_identical_content_and_fetched_little_twice()
    {
        await using var bench = await StoreBench.StartAsync();
        using var volume = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var bucket = bench.Server.CreateBucket("data", isPublic: true);
        for (var index = 0; index < 3; index++)
            bucket.Put(new StoredObject { Key = $"large/{index}", Content = ObjectContent.Generated(index, 128 * MiB), HasCrc32C = index == 0, HasCrc64Nvme = index == 1, IsComposite = true });
        for (var index = 0; index < 40; index++)
            bucket.Put($"middle/{index}", ObjectContent.Generated(100 + index, (index % 10 * 100_000) + index));
        for (var index = 0; index < 600; index++)
            bucket.Put($"small/{index % 7}/{index}", ObjectContent.Generated(1000 + index, index * 10));
        bench.Server.Counts.KeepsRequests = false;
        bench.Server.Faults.Add(new Fault(new FaultAction.Throttle(12 * MiB)));
        string[] arguments =
        [
            "load", "--source", "s3://data/", "--into", volume.Root, "--endpoint-url", bench.Server.S3Endpoint.ToString(), "--anonymous", "--load-id", "one", "--output", "json",
            "--connections", $"{Connections}", "--part-size", $"{PartSize}", "--egress-budget", "20",
        ];
        var program = await published.ProgramAsync();
        var log = other.Path("end");
        var random = new Random(20261124);

        var kills = 0;
        for (var rounds = 0; kills < Kills; rounds++)
        {
            rounds.ShouldBeLessThan(2 * Kills, "it ended by itself too often to be killed");
            using var loader = LoaderProcess.Start(program, log, arguments);
            var end = loader.EndAsync(Cancel);
            if (await Task.WhenAny(end, Task.Delay(TimeSpan.FromMilliseconds(random.Next(10, 160)), TimeProvider.System, Cancel)) == end)
            {
                // Finished: what is there is kept whatever is asked, so that the killing goes on with what is left out.
                (await end).ExitCode.ShouldBe(0);
                break;
            }

            loader.Kill();
            await end;
            kills++;
        }

        bench.Server.Faults.Clear();
        using var last = LoaderProcess.Start(program, log, arguments);
        var (code, _, error, words) = await last.EndAsync(Cancel);

        kills.ShouldBe(Kills);
        code.ShouldBe(0, error);
        foreach (var stored in bucket.Objects.Values)
            stored.Content.IsSameAsFile(volume.Path(stored.Key)).ShouldBeTrue(stored.Key);
        words!["state"]!.GetValue<string>().ShouldBe("Loaded");
        words["files"]!.GetValue<int>().ShouldBe(bucket.Objects.Count);
        var twice = bench.Server.Counts.BytesSent - bucket.TotalLength;
        TestContext.Current.TestOutputHelper!.WriteLine($"{twice / MiB} MiB were sent twice over {kills} kills, {(double)twice / MiB / kills:F2} MiB a kill.");
        twice.ShouldBeLessThan((long)kills * Connections * (PartSize + InFlight));
        // What is known to be in place is not asked for again, however often it begins anew.
        words["fetchedBytes"]!.GetValue<long>().ShouldBeGreaterThan(bucket.TotalLength / 2);
    }

    [Fact]
    public async Task A_load_that_is_asked_to_end_does_so_in_time_and_the_next_goes_on()
    {
        await using var bench = await StoreBench.StartAsync();
        using var volume = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var bucket = bench.Server.CreateBucket("data", isPublic: true);
        bucket.Put("large", ObjectContent.Generated(1, 64 * MiB));
        bench.Server.Faults.Add(new Fault(new FaultAction.Stall(5 * MiB)) { Times = 2 });
        string[] arguments = ["load", "--source", "s3://data/", "--into", volume.Root, "--endpoint-url", bench.Server.S3Endpoint.ToString(), "--anonymous", "--output", "json"];
        var program = await published.ProgramAsync();

        using var loader = LoaderProcess.Start(program, other.Path("end"), arguments);
        while (bench.Server.Counts.BytesSent < 60 * MiB - 2 * 3 * MiB)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancel);
        loader.Terminate();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var (code, output, _, words) = await loader.EndAsync(limit.Token);

        code.ShouldBe(143);
        words!["state"]!.GetValue<string>().ShouldBe("Interrupted");
        output.ShouldContain("\"state\":\"Loading\"");
        using var next = LoaderProcess.Start(program, other.Path("end"), arguments);
        var end = await next.EndAsync(Cancel);
        end.ExitCode.ShouldBe(0, end.Error);
        end.LastWords!["reusedBytes"]!.GetValue<long>().ShouldBeGreaterThan(40 * MiB);
        bucket.Find("large")!.Content.IsSameAsFile(volume.Path("large")).ShouldBeTrue();
    }
}
