using k8s.Models;
using Microsoft.Extensions.Options;

namespace Kiban.Datasets;

/// <summary>Checks the settings at the start, and tells every mistake with the setting's name.</summary>
internal sealed class DatasetsOptionsValidator : IValidateOptions<DatasetsOptions>
{
    private static readonly string[] PullPolicies = ["IfNotPresent", "Always", "Never"];

    public ValidateOptionsResult Validate(string? name, DatasetsOptions options)
    {
        var mistakes = Mistakes(options).ToList();
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static IEnumerable<string> Mistakes(DatasetsOptions options)
    {
        const string Section = DatasetsOptions.Section;
        const string Loader = Section + ":" + nameof(DatasetsOptions.Loader);
        if (options.MaxLoads < 1)
            yield return $"{Section}:{nameof(options.MaxLoads)} is {options.MaxLoads}; at least 1 is wanted.";
        if (options.MaxLoadsPerNamespace < 1)
            yield return $"{Section}:{nameof(options.MaxLoadsPerNamespace)} is {options.MaxLoadsPerNamespace}; at least 1 is wanted.";
        if (options.JobRetention < TimeSpan.Zero)
            yield return $"{Section}:{nameof(options.JobRetention)} is {options.JobRetention}; 0 or more is wanted.";
        if (options.ProgressInterval < TimeSpan.FromSeconds(1))
            yield return $"{Section}:{nameof(options.ProgressInterval)} is {options.ProgressInterval}; at least 00:00:01 is wanted.";

        const string Cache = Section + ":" + nameof(DatasetsOptions.Cache);
        if (options.Cache.MaxAge <= TimeSpan.Zero)
            yield return $"{Cache}:{nameof(options.Cache.MaxAge)} is {options.Cache.MaxAge}; more than 0 is wanted.";
        if (options.Cache.MaxSnapshotsPerNamespace < 1)
            yield return $"{Cache}:{nameof(options.Cache.MaxSnapshotsPerNamespace)} is {options.Cache.MaxSnapshotsPerNamespace}; at least 1 is wanted; to have none set {nameof(options.Cache.IsEnabled)} to false.";
        if (!IsQuantity(options.Cache.MaxSizePerNamespace))
            yield return $"{Cache}:{nameof(options.Cache.MaxSizePerNamespace)} is \"{options.Cache.MaxSizePerNamespace}\"; a quantity such as 10Ti is wanted.";

        var loader = options.Loader;
        if (string.IsNullOrWhiteSpace(loader.Image))
            yield return $"{Loader}:{nameof(loader.Image)} is empty; the name of an image is wanted.";
        if (!PullPolicies.Contains(loader.ImagePullPolicy))
            yield return $"{Loader}:{nameof(loader.ImagePullPolicy)} is \"{loader.ImagePullPolicy}\"; {string.Join(", ", PullPolicies)} is wanted.";
        if (loader.BackoffLimit < 0)
            yield return $"{Loader}:{nameof(loader.BackoffLimit)} is {loader.BackoffLimit}; 0 or more is wanted.";
        if (!(loader.EgressBudget >= 1))
            yield return $"{Loader}:{nameof(loader.EgressBudget)} is {loader.EgressBudget}; at least 1 is wanted, since everything is fetched once.";
        if (loader.User < 0)
            yield return $"{Loader}:{nameof(loader.User)} is {loader.User}; a user's number is wanted, or 0.";
        foreach (var (setting, text) in (IEnumerable<(string, string)>)
            [(nameof(loader.Cpu), loader.Cpu), (nameof(loader.Memory), loader.Memory), (nameof(loader.WaitCpu), loader.WaitCpu), (nameof(loader.WaitMemory), loader.WaitMemory)])
        {
            if (!IsQuantity(text))
                yield return $"{Loader}:{setting} is \"{text}\"; a quantity such as 500m, 2 or 256Mi is wanted.";
        }
    }

    private static bool IsQuantity(string text)
    {
        try
        {
            return new ResourceQuantity(text).ToDecimal() > 0;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            return false;
        }
    }
}
