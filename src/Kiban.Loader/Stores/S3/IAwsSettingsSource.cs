namespace Kiban.Loader.Stores.S3;

/// <summary>Where a store's key comes from. Safe for use by many tasks at once.</summary>
internal interface IAwsSettingsSource
{
    /// <summary>What is there now: a changed file takes effect with the next call.</summary>
    /// <exception cref="StoreException">It cannot be used (<see cref="StoreFailure.BadCredential"/>).</exception>
    AwsSettings Read();

    /// <summary>Reads again what is there, changed or not, after a server refused the key.</summary>
    /// <exception cref="StoreException">It cannot be used (<see cref="StoreFailure.BadCredential"/>).</exception>
    AwsSettings ReadAgain();
}
