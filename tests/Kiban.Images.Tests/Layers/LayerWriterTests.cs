using System.Formats.Tar;
using System.Text;
using CsCheck;
using Kiban.Images.Layers;

namespace Kiban.Images.Tests.Layers;

public sealed class LayerWriterTests
{
    private static readonly DateTimeOffset Created = DateTimeOffset.FromUnixTimeSeconds(1_000_000_000);

    private static readonly Gen<string> Segment = Gen.String[Gen.Char['a', 'z'], 1, 60];

    [Fact]
    public void Entries_have_the_one_time_and_no_names_of_owners()
    {
        var layer = Write(writer =>
        {
            writer.File("a/b", new MemoryStream([1]), user: 65532, group: 65532);
            writer.SymbolicLink("c", "a/b");
        });

        var entries = Read(layer);
        entries.Select(entry => entry.Name.TrimEnd('/')).ShouldBe(["a", "a/b", "c"]);
        entries.ShouldAllBe(entry => entry.ModificationTime == Created);
        entries.Cast<PosixTarEntry>().ShouldAllBe(entry => entry.UserName == "" && entry.GroupName == "");
        entries[1].Uid.ShouldBe(65532);
    }

    [Fact]
    public void Same_content_written_at_another_time_gives_the_same_bytes() =>
        Gen.Select(Segment.Array[1, 6], Gen.Byte.Array[0, 2000]).Sample((segments, content) =>
        {
            // Longer than the 100 and 255 characters of the older formats' fields, too.
            var path = string.Join('/', segments);
            byte[] Build() => Write(writer =>
            {
                writer.File(path, new MemoryStream(content));
                writer.SymbolicLink("link", path);
            });

            var first = Build();
            Build().ShouldBe(first);
            Read(first)[^1].LinkName.ShouldBe(path);
            Read(first)[^2].Name.ShouldBe(path);
        });

    [Fact]
    public void Header_has_nothing_where_other_formats_have_the_first_part_of_a_path()
    {
        var layer = Write(writer => writer.File("a", new MemoryStream([1])));

        // Offset and length of "prefix" in the POSIX header; GNU has the times of last access and change there.
        layer.AsSpan(345, 155).ToArray().ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void Path_that_comes_twice_is_refused() =>
        Should.Throw<ImageBuildException>(() => Write(writer =>
        {
            writer.File("etc/passwd", new MemoryStream());
            writer.File("etc/passwd", new MemoryStream());
        })).Message.ShouldContain("/etc/passwd");

    [Fact]
    public void Folder_that_comes_twice_is_written_once() =>
        Read(Write(writer =>
        {
            writer.Directory("usr");
            writer.Directory("usr");
        })).Count.ShouldBe(1);

    [Fact]
    public void Digest_is_of_the_bytes_that_were_written()
    {
        var bytes = new MemoryStream();
        using var digest = new DigestStream(bytes);
        digest.Write(Encoding.ASCII.GetBytes("ab"));
        digest.Write(Encoding.ASCII.GetBytes("c"));

        // The example of FIPS 180-2.
        digest.Digest.ShouldBe("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        digest.Length.ShouldBe(3);
        bytes.ToArray().ShouldBe(Encoding.ASCII.GetBytes("abc"));
    }

    private static byte[] Write(Action<LayerWriter> write)
    {
        var bytes = new MemoryStream();
        using (var writer = new LayerWriter(bytes, Created))
            write(writer);
        return bytes.ToArray();
    }

    private static List<TarEntry> Read(byte[] layer)
    {
        using var reader = new TarReader(new MemoryStream(layer));
        var entries = new List<TarEntry>();
        while (reader.GetNextEntry(copyData: true) is { } entry)
            entries.Add(entry);
        return entries;
    }
}
