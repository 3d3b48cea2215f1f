using Kiban.Loader.Checksums;
using Kiban.Loader.FileSystem;
using Kiban.Loader.Journals;
using Kiban.Loader.Planning;
using Kiban.Loader.Publishing;

namespace Kiban.Loader.Loading;

/// <summary>One load from its listing to its manifest.</summary>
internal sealed class LoadRun(IReadOnlyList<LoadSource> sources, LoadOptions options, LoadStatus status, TimeProvider time)
{
    /// <summary>How often an object is begun anew because it changed, or arrived wrong.</summary>
    private const int MostRounds = 4;

    private readonly RetryPolicy _retry = new(options.Timing, status, time);
    private readonly BufferPool _buffers = new(options.BufferSize);
    private readonly Dictionary<string, PlannedFile> _renewed = new(StringComparer.Ordinal);
    private uint _nextId;

    /// <summary>Loads.</summary>
    /// <exception cref="LoadException">It cannot be done, or not now.</exception>
    /// <exception cref="OperationCanceledException">It was ended; the next load continues it.</exception>
    public async Task<LoadSummary> RunAsync(CancellationToken cancellationToken)
    {
        using var volume = Volume.Open(options.Into);
        using var held = await VolumeLock.AcquireAsync(volume, options.Timing, status, time, cancellationToken).ConfigureAwait(false);
        status.Enter(LoadReason.Listing, $"Listing {string.Join(", ", sources.Select(source => source.Name))}.");
        var listed = await SourceListing.ReadAsync(sources, options, _retry, cancellationToken).ConfigureAwait(false);
        SourceListing.RequireSafe(listed, volume.Root, volume.FoldsCase());

        var earlier = Journal.Read(volume);
        var recovery = new Recovery(volume, earlier, Manifest.Read(volume.Root));
        var isContinued = earlier.LoadId is not null && (options.LoadId is null || options.LoadId == earlier.LoadId);
        var budget = new EgressBudget(options.EgressFactor, isContinued ? earlier.FetchedBytes : 0);
        status.Budget = budget;
        recovery.FinishVerified();
        _nextId = recovery.NextId;
        var plan = Obstacles.Clear(volume, LoadPlan.Compare(listed, recovery.Loaded, volume.StateOf), recovery.Loaded, options.Prunes);
        var partial = isContinued ? recovery.Partial(plan.Wanted) : new Dictionary<string, PartialFile>();
        recovery.RemoveOrphans(partial.Values.Select(file => file.Id));
        Preflight.Check(volume, plan, path => partial.TryGetValue(path, out var file) ? Recovery.PartialPath(volume, file.Id) : null, options.Connections);

        budget.SetSize(plan.TotalBytes);
        (status.TotalBytes, status.TotalFiles) = (plan.TotalBytes, plan.All.Count);
        status.Counters.AddReused(plan.KeptBytes);
        status.Counters.AddFiles(plan.Kept.Count);
        List<FileAssembly> begun =
        [
            .. plan.Wanted.Where(file => partial.ContainsKey(file.Path)).Select(file => Assembly(volume, file, partial[file.Path].Id, partial[file.Path].Segments)),
        ];
        status.Counters.AddReused(begun.Sum(file => file.Length));
        var loadId = options.LoadId ?? earlier.LoadId ?? "";
        using var journal = Journal.Begin(
            volume,
            new JournalRecord.Begin(loadId, budget.Fetched),
            [.. recovery.Repeated, .. begun.SelectMany(file => partial[file.File.Path].Records(partial[file.File.Path].Durable).Prepend(file.BegunRecord))],
            begun.SelectMany(file => partial[file.File.Path].Records(partial[file.File.Path].Proven)));
        ReturnMemory();
        var published = await FetchAsync(volume, plan, begun, journal, budget, cancellationToken).ConfigureAwait(false);

        status.Enter(LoadReason.Verifying, "making everything durable");
        ReturnMemory();
        if (options.Prunes)
            Pruning.Remove(volume, plan.Gone, recovery.Loaded);
        return Finish(volume, loadId, plan, [.. plan.Kept, .. published], budget);
    }

    /// <summary>
    /// Between two parts of a load most of what the first one made is garbage at once. The collector would let it stand while it makes room for the
    /// next, and the memory of this process would be that of both.
    /// </summary>
    private static void ReturnMemory() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private static FileAssembly Assembly(Volume volume, PlannedFile file, uint id, IEnumerable<Segment> segments) =>
        new(id, file, Recovery.PartialPath(volume, id), segments);

    private async Task<IReadOnlyList<LoadedFile>> FetchAsync(
        Volume volume, LoadPlan plan, List<FileAssembly> begun, Journal journal, EgressBudget budget, CancellationToken cancellationToken)
    {
        status.Enter(LoadReason.Loading, plan.Kept.Count == 0 ? "" : $"{plan.Kept.Count} unchanged files are kept");
        var publisher = new Publisher(volume, journal, status.Counters, options.Timing, time);
        var watch = new StallWatch(options.Timing, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var keeper = new LoadKeeper(volume, journal, watch, budget, status, options.Timing, time);
        var keeping = keeper.RunAsync(stop);
        var publishing = CancelOnFailure(publisher.RunAsync(stop.Token), stop);
        try
        {
            var fetcher = new RangeFetcher(sources, journal, _buffers, watch, budget, status.Counters);
            var limit = new ConnectionLimit(options.Connections, time);
            var begunPaths = begun.Select(file => file.File.Path).ToHashSet(StringComparer.Ordinal);
            IReadOnlyList<PlannedFile> wanted = [.. plan.Wanted.Where(file => !begunPaths.Contains(file.Path))];
            if (options.Seed is { } seed)
            {
                var copier = new SeedCopier(seed, file => Assembly(volume, file, _nextId++, []), publisher, journal, status.Counters);
                wanted = await Task.Run(() => copier.Copy(wanted, stop.Token), stop.Token).ConfigureAwait(false);
            }

            for (var round = 1; begun.Count + wanted.Count > 0; round++)
            {
                var partSize = options.PartSize ?? PartSize.For(wanted.Sum(file => file.Object.Size ?? 0), options.Connections);
                using var queue = new RangeQueue(begun, wanted, file => Assembly(volume, file, Interlocked.Increment(ref _nextId) - 1, []), partSize, time);
                var fetching = new FetchRound(queue, fetcher, limit, publisher, journal, _buffers, status, options.Timing);
                status.IsFetching = true;
                await fetching.RunAsync(options.Connections, stop.Token).ConfigureAwait(false);
                status.IsFetching = false;
                begun = [];
                wanted = await AgainAsync(fetching, round, stop.Token).ConfigureAwait(false);
            }

            publisher.Complete();
            await publishing.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The keeper or the publisher ended the load; what one of them throws is the reason, the other was only cancelled.
            await Task.WhenAll(Quiet(keeping), Quiet(publishing)).ConfigureAwait(false);
            await (keeping.IsFaulted ? keeping : publishing).ConfigureAwait(false);
            throw;
        }
        finally
        {
            publisher.Complete();
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(Quiet(keeping), Quiet(publishing)).ConfigureAwait(false);
            foreach (var file in begun)
                file.Dispose();
            journal.Append(new JournalRecord.Fetched(budget.Fetched));
        }

        return publisher.Published;
    }

    /// <summary>The files of the next round: those that arrived wrong, and the new versions of those that changed, as far as they are still there.</summary>
    private async Task<IReadOnlyList<PlannedFile>> AgainAsync(FetchRound round, int number, CancellationToken cancellationToken)
    {
        if (number >= MostRounds && round.Mismatched.Count > 0)
            throw new LoadException(LoadReason.ChecksumMismatch, $"{round.Mismatched.First().Problem} It was fetched {number} times.");
        if (number >= MostRounds && round.Changed.Count > 0)
            throw new LoadException(LoadReason.SourceChanged, $"{round.Changed.First().Object.Key} changed at its source {number} times while it was loaded; load again when nobody writes to it.");

        var again = round.Mismatched.Select(mismatch => mismatch.File).ToList();
        if (round.Changed.Count > 0)
        {
            status.NoteFailure($"{round.Changed.First().Object.Key} changed at its source while it was loaded.", hasStalled: false);
            var changed = round.Changed.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
            var listed = await SourceListing.ReadAsync(sources, options with { AllowsEmpty = true }, _retry, cancellationToken).ConfigureAwait(false);
            var replaced = listed.Where(file => changed.Contains(file.Path)).ToList();
            if (replaced.Count < changed.Count)
            {
                var gone = changed.First(path => replaced.TrueForAll(file => file.Path != path));
                throw new LoadException(LoadReason.SourceChanged, $"{gone} was removed from its source while it was loaded; load again to load what is there now.");
            }

            again.AddRange(replaced);
            replaced.ForEach(file => _renewed[file.Path] = file);
        }

        again.Sort(PlannedFile.LargestFirst);
        return again;
    }

    private LoadSummary Finish(Volume volume, string loadId, LoadPlan plan, List<LoadedFile> files, EgressBudget budget)
    {
        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        var digest = ContentDigest.Of(sources, options, plan.All.Select(file => _renewed.GetValueOrDefault(file.Path, file)));
        var bytes = files.Sum(file => file.Size);
        var header = new ManifestHeader
        {
            Form = ManifestHeader.CurrentForm,
            Digest = digest,
            LoadId = loadId,
            Sources = [.. sources.Select(source => source.Name)],
            Finished = time.GetUtcNow(),
            Files = files.Count,
            Bytes = bytes,
        };
        Manifest.Write(volume, header, files);
        Journal.Remove(volume);
        status.Enter(LoadReason.Loaded, $"{ByteText.Of(bytes)} in {files.Count} files are loaded and verified.");
        return new LoadSummary(digest, bytes, files.Count, budget.Fetched, status.Counters.ReusedBytes);
    }

    private static async Task CancelOnFailure(Task task, CancellationTokenSource stop)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task Quiet(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception e) when (e is LoadException or OperationCanceledException)
        {
            // Thrown to the caller already, or of no interest beside what ended the load.
        }
    }
}
