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
    foreach (var failure in wrong.Failures)
        Console.Error.WriteLine(failure);
    return ExitCodes.WrongSettings;
}
catch (AggregateException several) when (several.InnerExceptions.All(inner => inner is OptionsValidationException))
{
    foreach (var failure in several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(wrong => wrong.Failures))
        Console.Error.WriteLine(failure);
    return ExitCodes.WrongSettings;
}
catch (KubernetesConnectionException noCluster)
{
    Console.Error.WriteLine(noCluster.Message);
    return ExitCodes.NoCluster;
}
