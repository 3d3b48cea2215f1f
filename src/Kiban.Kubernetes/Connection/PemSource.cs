using System.Text;

namespace Kiban.Kubernetes.Connection;

/// <summary>PEM text that stands in the configuration itself or in a file, which may be replaced while the program runs.</summary>
public sealed class PemSource
{
    private readonly string? _data;

    private PemSource(string? data, string? file)
    {
        _data = data;
        File = file;
    }

    /// <summary>The file, or null where the text is inline.</summary>
    public string? File { get; }

    /// <summary>PEM text as it is.</summary>
    public static PemSource FromText(string pem) => new(pem, null);

    /// <summary>PEM text in base64, as kubeconfig's <c>…-data</c> fields have it.</summary>
    /// <param name="base64">The encoded text.</param>
    /// <param name="field">Name of the field, for the error message.</param>
    /// <exception cref="KubernetesConnectionException">It is no base64.</exception>
    public static PemSource FromBase64(string base64, string field)
    {
        try
        {
            return new(Encoding.UTF8.GetString(Convert.FromBase64String(base64)), null);
        }
        catch (FormatException e)
        {
            throw new KubernetesConnectionException($"{field} is no base64 text.", e);
        }
    }

    /// <summary>PEM text in a file, read when it is needed.</summary>
    public static PemSource FromFile(string file) => new(null, file);

    /// <summary>The text as it is now.</summary>
    /// <exception cref="KubernetesConnectionException">The file cannot be read.</exception>
    public string Read()
    {
        if (File is null)
        {
            return _data!;
        }

        try
        {
            return System.IO.File.ReadAllText(File);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubernetesConnectionException($"{File} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The file's name, or "(inline)": never the text, which may be a private key.</summary>
    public override string ToString() => File ?? "(inline)";
}
