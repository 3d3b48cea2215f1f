using Kiban.Images.Programs;

namespace Kiban.Images.Tests.Programs;

public sealed class PublishedFilesTests
{
    [Fact]
    public void Runtime_and_packages_are_apart_from_what_is_built_here()
    {
        var folder = Directory.CreateTempSubdirectory("kiban-published-");
        try
        {
            File.WriteAllText(
                Path.Combine(folder.FullName, "App.deps.json"),
                """
                {
                  "targets": { ".NETCoreApp,Version=v10.0/linux-x64": {
                    "App/1.0.0": { "runtime": { "App.dll": {} } },
                    "Library/1.0.0": { "runtime": { "Library.dll": {} } },
                    "Package/2.0.0": {
                      "runtime": { "lib/net8.0/Package.dll": {} },
                      "resources": { "lib/net8.0/de/Package.resources.dll": { "locale": "de" } } },
                    "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.0": {
                      "runtime": { "System.Runtime.dll": {} },
                      "native": { "libcoreclr.so": {} } } } },
                  "libraries": {
                    "App/1.0.0": { "type": "project" },
                    "Library/1.0.0": { "type": "project" },
                    "Package/2.0.0": { "type": "package" },
                    "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.0": { "type": "runtimepack" } }
                }
                """);
            foreach (var file in (string[])["App", "App.dll", "Library.dll", "Package.dll", "System.Runtime.dll", "libcoreclr.so", "settings.json", "de/Package.resources.dll"])
            {
                var path = Path.Combine(folder.FullName, file);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, "");
            }

            var files = PublishedFiles.Read(folder.FullName, "App");

            files.Foreign.ShouldBe(["Package.dll", "System.Runtime.dll", "de/Package.resources.dll", "libcoreclr.so"]);
            files.Own.ShouldBe(["App", "App.deps.json", "App.dll", "Library.dll", "settings.json"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
