using System.Text;
using Kiban.Testing.Golden;
using Microsoft.Extensions.Configuration;

namespace Kiban.Credentials.Tests.Golden;

/// <summary>Settings of a golden case, read as the manager reads them.</summary>
internal static class OptionsFile
{
    public static CredentialsOptions Read(string yaml)
    {
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(Yaml.Document(yaml).ToJsonString()));
        return new ConfigurationBuilder().AddJsonStream(json).Build().Get<CredentialsOptions>()!;
    }
}
