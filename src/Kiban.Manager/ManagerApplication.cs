using System.Net;
using Kiban.Credentials;
using Kiban.Datasets;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Kubernetes.Controllers;
using Kiban.Kubernetes.Discovery;
using Kiban.Kubernetes.Events;
using Kiban.Kubernetes.Leases;
using Kiban.Kubernetes.Observability;
using Kiban.Manager.Configuration;
using Kiban.Manager.Hosting;
using Microsoft.Extensions.Options;

namespace Kiban.Manager;

/// <summary>Composes the parts into the process that runs in the cluster. A new part is added in <see cref="AddParts"/>.</summary>
public static class ManagerApplication
{
    /// <summary>
    /// Builds the program. Settings come from <c>appsettings.json</c>, from the environment (<c>KIBAN_MANAGER__HTTPPORT=8080</c>) and from
    /// <paramref name="args"/> (<c>--Manager:HttpPort=8080</c>), the later winning; all are checked here.
    /// </summary>
    /// <exception cref="OptionsValidationException">Settings of one section are wrong; of several: an <see cref="AggregateException"/> of these.</exception>
    /// <exception cref="UnreadableSettingsException">A setting is not of its type, or there is none of that name.</exception>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddEnvironmentVariables("KIBAN_").AddCommandLine(args);
        builder.Logging.AddKibanConsole();

        // What is left of a Pod's grace period of 30 s after the drain.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(28));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddKibanObservability("kiban-manager");
        AddSettings(builder);
        AddCluster(builder.Services);
        AddParts(builder);
        AddListeners(builder.WebHost);

        var app = builder.Build();
        app.MapAdmission();
        app.MapKibanObservability();
        return app;
    }

    /// <summary>
    /// One line a part. What a part may ask for is here already: client, caches, events, discovery; its controllers (<c>AddController</c>) run
    /// in the replica that leads, its admission handlers in each.
    /// </summary>
    private static void AddParts(WebApplicationBuilder builder)
    {
        builder.Services.AddCredentials(builder.Configuration.GetSection(CredentialsOptions.Section));
        builder.Services.AddDatasets(builder.Configuration.GetSection(DatasetsOptions.Section));
    }

    /// <summary>Checks every section before anything uses one, so that all mistakes are told at once.</summary>
    private static void Validate(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (InvalidOperationException unreadable)
        {
            throw new UnreadableSettingsException(unreadable);
        }
    }

    private static void AddCluster(IServiceCollection services)
    {
        services.AddSingleton(provider => new KubernetesClient(
            Setting<ManagerOptions>(provider).Kubeconfig is { } file
                ? KubernetesConnection.FromKubeconfig(file)
                : KubernetesConnection.FromEnvironment(),
            new KubernetesClientOptions
            {
                Time = provider.GetRequiredService<TimeProvider>(),
                Logger = provider.GetRequiredService<ILogger<KubernetesClient>>(),
                Metrics = provider.GetRequiredService<RestClientMetrics>(),
            }));
        services.AddSingleton<IKubernetesClient>(provider => new FencedKubernetesClient(provider.GetRequiredService<KubernetesClient>()));

        services.AddDiscovery(provider => Setting<AdmissionOptions>(provider).Namespace);
        services.AddEvents(provider => new EventSinkOptions { Instance = Setting<ManagerOptions>(provider).Name });
        services.AddResourceCaches();
        services.AddHealthChecks().AddCheck<CacheSyncHealthCheck>("caches", tags: [HealthTags.Ready]);

        services.AddLeaderElection(provider =>
            Setting<LeaderElectionSettings>(provider).ToOptions(Setting<AdmissionOptions>(provider).Namespace, Setting<ManagerOptions>(provider).Name));
        services.AddSingleton<ILeaderWork, AdmissionLeaderWork>();
    }

    private static void AddListeners(IWebHostBuilder host)
    {
        host.UseKestrelHttpsConfiguration();
        host.ConfigureKestrel(kestrel =>
        {
            // The web server is the first that looks at settings, while the application is built.
            Validate(kestrel.ApplicationServices);
            kestrel.AddServerHeader = false;
            kestrel.ListenAdmission();
            var options = Setting<ManagerOptions>(kestrel.ApplicationServices);
            var address = IPAddress.Parse(options.HttpAddress);
            if (address.Equals(IPAddress.IPv6Any))
                kestrel.ListenAnyIP(options.HttpPort);
            else
                kestrel.Listen(address, options.HttpPort);
        });
    }

    private static T Setting<T>(IServiceProvider provider)
        where T : class =>
        provider.GetRequiredService<IOptions<T>>().Value;

    private static void AddSettings(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        Bind<ManagerOptions, ManagerOptionsValidator>(ManagerOptions.Section);
        Bind<LeaderElectionSettings, LeaderElectionSettingsValidator>(LeaderElectionSettings.Section);
        Bind<AdmissionOptions, AdmissionOptionsValidator>(AdmissionOptionsValidator.Section);
        services.AddAdmission(builder.Configuration.GetSection(AdmissionOptionsValidator.Section).Bind);

        void Bind<TOptions, TValidator>(string section)
            where TOptions : class
            where TValidator : class, IValidateOptions<TOptions>
        {
            services.AddOptions<TOptions>().Bind(builder.Configuration.GetSection(section), binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
            services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
        }
    }
}
