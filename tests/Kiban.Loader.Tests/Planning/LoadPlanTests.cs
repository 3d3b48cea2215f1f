using CsCheck;
using Kiban.Loader.Planning;
using Kiban.Loader.Stores;

namespace Kiban.Loader.Tests.Planning;

public sealed class LoadPlanTests
{
    private static readonly FileState Here = new(FileKind.File, 10, 4096, 1_000, 7);

    [Fact]
    public void A_file_is_kept_only_if_neither_side_changed()
    {
        PlannedFile[] listed =
            [File("same", "v1"), File("new-version", "v2"), File("touched", "v1"), File("shortened", "v1"), File("deleted", "v1"), File("unpinned", null), File("fresh", "v1")];
        var loaded = listed.Where(file => file.Path != "fresh").Select(file => Loaded(file.Path, file.Path == "unpinned" ? null : "v1")).Append(Loaded("gone", "v1"))
            .ToDictionary(file => file.Path);

        var plan = LoadPlan.Compare(listed, loaded, path => path switch
        {
            "touched" => Here with { ModifiedNanoseconds = 1_001 },
            "shortened" => Here with { Size = 9 },
            "deleted" => FileState.Absent,
            _ => Here,
        });

        plan.Kept.Select(file => file.Path).ShouldBe(["same"]);
        plan.Wanted.Select(file => file.Path).ShouldBe(["deleted", "fresh", "new-version", "shortened", "touched", "unpinned"]);
        plan.Gone.ShouldBe(["gone"]);
    }

    [Fact]
    public void Files_are_fetched_largest_first_and_those_of_unknown_size_before_them() =>
        LoadPlan.Compare([File("small", "v", 1), File("unknown", "v", null), File("large", "v", 9)], new Dictionary<string, LoadedFile>(), _ => FileState.Absent)
            .Wanted.Select(file => file.Path).ShouldBe(["unknown", "large", "small"]);

    [Fact]
    public void The_digest_does_not_depend_on_order_and_tells_everything_else_apart()
    {
        var filter = PathFilter.Parse(["*.bin"], ["tmp/"]);
        (string, long?, string?)[] files = [("a", 1, "v1"), ("b", 2, "v2")];
        string Digest(string[]? sources = null, PathFilter? filters = null, string directory = "", (string, long?, string?)[]? listing = null) =>
            ContentDigest.Of(sources ?? ["s3://x/", "s3://y/"], filters ?? filter, directory, listing ?? files);

        Digest(["s3://y/", "s3://x/"], listing: [files[1], files[0]]).ShouldBe(Digest());
        Digest().ShouldStartWith("sha256:");
        string[] others =
        [
            Digest(), Digest(["s3://x/"]), Digest(filters: PathFilter.Everything), Digest(directory: "d"),
            Digest(filters: PathFilter.Parse(["tmp/"], ["*.bin"])),
            Digest(listing: [files[0]]), Digest(listing: [("a", 1, "v1"), ("b", 3, "v2")]), Digest(listing: [("a", 1, "v1"), ("b", 2, "v3")]),
            Digest(listing: [("a", 1, "v1"), ("b", 2, null)]), Digest(listing: [("a", 1, "v1"), ("c", 2, "v2")]),
        ];
        others.Distinct().Count().ShouldBe(others.Length);
    }

    [Fact]
    public void Space_is_counted_in_blocks_and_with_what_is_replaced_until_it_is()
    {
        PlannedFile[] files = [File("a", "v", 5000), File("b", "v", 5000), File("c", "v", 1)];
        SpaceNeed Need(int atOnce, Func<PlannedFile, PresentSpace> present) => SpaceNeed.Of(files, 4096, atOnce, present, newDirectories: 2);

        // 8192 + 8192 + 4096, a block for what is written down, two for folders
        Need(1, _ => default).ShouldBe(new SpaceNeed(20480 + 4096 + 8192, 5));
        Need(1, _ => new PresentSpace(8192, 0)).Bytes.ShouldBe(8192 + 4096 + 8192);
        Need(2, _ => new PresentSpace(8192, 0)).Bytes.ShouldBe(16384 + 4096 + 8192);
        Need(1, file => new PresentSpace(0, file.Path == "a" ? 8192 : 0)).ShouldBe(new SpaceNeed(12288 + 4096 + 8192, 4));
    }

    [Fact]
    public void Space_needed_never_falls_when_more_is_under_way_at_once()
    {
        Gen.Select(Gen.Long[0, 100_000], Gen.Long[0, 20].Select(blocks => blocks * 4096)).Array[1, 20].Sample(sizes =>
        {
            var files = sizes.Select((size, index) => File($"{index}", "v", size.Item1)).ToArray();
            var needs = Enumerable.Range(1, files.Length + 1)
                .Select(atOnce => SpaceNeed.Of(files, 4096, atOnce, file => new PresentSpace(sizes[int.Parse(file.Path)].Item2, 0), 0).Bytes)
                .ToArray();
            needs.ShouldBe(needs.Order());
        });
    }

    private static PlannedFile File(string path, string? version, long? size = 10) =>
        new(0, new SourceObject { Key = path, RelativePath = path, Size = size, Version = version, LastModified = null }, path);

    private static LoadedFile Loaded(string path, string? version) => new() { Path = path, Size = 10, Version = version, ModifiedNanoseconds = 1_000 };
}
