using Kiban.Kubernetes.Connection;
using Kiban.Manager;
using Microsoft.Extensions.Options;

try
{
    await ManagerApplication.Build(args).RunAsync();
    return ExitCodes.Success;
}
catch (OptionsValidationException wrong)
{
    return WrongSettings(wrong.Failures);
}
catch (AggregateException several) when (several.InnerExceptions.All(inner => inner is OptionsValidationException))
{
    return WrongSettings(several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(wrong => wrong.Failures));
}
catch (UnreadableSettingsException unreadable)
{
    return WrongSettings([unreadable.Message]);
}
catch (KubernetesConnectionException noCluster)
{
    Console.Error.WriteLine(noCluster.Message);
    return ExitCodes.NoCluster;
}

static int WrongSettings(IEnumerable<string> failures)
{
    foreach (var failure in failures)
        Console.Error.WriteLine(failure);
    return ExitCodes.WrongSettings;
}
