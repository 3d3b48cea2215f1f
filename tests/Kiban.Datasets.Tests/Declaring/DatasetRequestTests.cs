using Kiban.Datasets.Declaring;

namespace Kiban.Datasets.Tests.Declaring;

public sealed class DatasetRequestTests
{
    [Fact]
    public void Source_alone_is_enough()
    {
        var request = Read(out var mistakes, ("source", "s3://bucket/prefix/"));
        mistakes.ShouldBeEmpty();
        request.ShouldNotBeNull();
        request.Sources.Single().ToString().ShouldBe("s3://bucket/prefix/");
        (request.Path, request.Wait, request.UsesCache, request.AllowsEmpty, request.Prunes, request.BindsAtOnce)
            .ShouldBe(("", WaitMode.Schedule, true, false, false, false));
    }

    [Fact]
    public void Everything_is_read()
    {
        var request = Read(
            out var mistakes, ("source", "s3://bucket/a/\n gs://other/b"), ("path", "/data/./set/"), ("credentials", "aws, gcp"), ("include", "*.tar,train/**"),
            ("exclude", "tmp/**"), ("wait", "start"), ("cache", "never"), ("allow-empty", "true"), ("reload", "2026-11-24"), ("prune", "true"), ("bind", "immediate"));
        mistakes.ShouldBeEmpty();
        request.ShouldNotBeNull();
        request.Sources.Select(source => source.ToString()).ShouldBe(["s3://bucket/a/", "gs://other/b"]);
        request.Path.ShouldBe("data/set");
        request.Credentials.ShouldBe(["aws", "gcp"]);
        request.Include.ShouldBe(["*.tar", "train/**"]);
        request.Exclude.ShouldBe(["tmp/**"]);
        (request.Wait, request.UsesCache, request.AllowsEmpty, request.Reload, request.Prunes, request.BindsAtOnce)
            .ShouldBe((WaitMode.Start, false, true, "2026-11-24", true, true));
    }

    [Fact]
    public void Claim_without_our_annotations_asks_for_nothing()
    {
        DatasetRequest.Read([new("volume.kubernetes.io/selected-node", "a")], out var mistakes).ShouldBeNull();
        mistakes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sorce", "s3://bucket/", "dataset.kiban.dev/sorce is no annotation of a data set; there are source, path,")]
    [InlineData("path", "/data/../../etc", "dataset.kiban.dev/path is \"/data/../../etc\", which leads out of the volume by \"..\"")]
    [InlineData("path", "/.kiban/x", "where the loader keeps its journal")]
    [InlineData("credentials", "", "dataset.kiban.dev/credentials is empty")]
    [InlineData("credentials", "My_Secret", "names \"My_Secret\", which cannot be the name of a Secret")]
    [InlineData("credentials", "a,b,c", "names a, b and c; at most one Secret for AWS and one for Google is wanted")]
    [InlineData("wait", "schedul", "dataset.kiban.dev/wait is \"schedul\"; schedule, start or never is wanted")]
    [InlineData("cache", "yes", "dataset.kiban.dev/cache is \"yes\"; auto or never is wanted")]
    [InlineData("allow-empty", "1", "false or true is wanted")]
    [InlineData("prune", "True", "false or true is wanted")]
    [InlineData("bind", "now", "consumer or immediate is wanted")]
    [InlineData("include", " , ", "dataset.kiban.dev/include is empty")]
    [InlineData("exclude", "*.tmp,train-[0-9", "dataset.kiban.dev/exclude: The pattern \"train-[0-9\"")]
    [InlineData("source", "bucket/prefix", "dataset.kiban.dev/source is \"bucket/prefix\"; an address such as")]
    [InlineData("source", "s3://bucket/a s3://bucket/a", "names s3://bucket/a twice")]
    [InlineData("source", " ", "dataset.kiban.dev/source is empty")]
    public void Mistake_is_told_with_its_annotation(string key, string value, string expected)
    {
        var annotations = new Dictionary<string, string> { ["source"] = "s3://bucket/prefix/", [key] = value };
        Read(out var mistakes, [.. annotations.Select(pair => (pair.Key, pair.Value))]).ShouldBeNull();
        mistakes.ShouldHaveSingleItem().ShouldContain(expected);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        Read(out var mistakes, ("source", "x"), ("wait", "x"), ("cache", "x"), ("nope", "x"));
        mistakes.Count.ShouldBe(4);
    }

    [Fact]
    public void Setting_without_source_is_a_mistake()
    {
        Read(out var mistakes, ("path", "/data")).ShouldBeNull();
        mistakes.ShouldHaveSingleItem().ShouldContain("dataset.kiban.dev/path is set without dataset.kiban.dev/source");
    }

    [Fact]
    public void Key_of_the_load_depends_on_what_the_volume_shall_hold_and_on_nothing_else()
    {
        var request = Read(out _, ("source", "s3://bucket/a/"), ("include", "x"))!;
        var key = LoadKey.Of("uid", request);
        LoadKey.Of("uid", request with { Credentials = ["other"], Wait = WaitMode.Never, UsesCache = false, BindsAtOnce = true }).ShouldBe(key);
        string[] others =
        [
            LoadKey.Of("uid2", request),
            LoadKey.Of("uid", request with { Sources = [] }),
            LoadKey.Of("uid", request with { Path = "x" }),
            LoadKey.Of("uid", request with { Include = [], Exclude = ["x"] }),
            LoadKey.Of("uid", request with { AllowsEmpty = true }),
            LoadKey.Of("uid", request with { Prunes = true }),
            LoadKey.Of("uid", request with { Reload = "1" }),
        ];
        others.Append(key).Distinct().Count().ShouldBe(others.Length + 1);
    }

    private static DatasetRequest? Read(out IReadOnlyList<string> mistakes, params (string Key, string Value)[] annotations) =>
        DatasetRequest.Read(annotations.Select(pair => KeyValuePair.Create($"dataset.kiban.dev/{pair.Key}", pair.Value)), out mistakes);
}
