using System.Net;

namespace Kiban.Testing.ObjectStorage;

/// <summary>
/// Configuration files of a whole Swift with an S3 front, one device for each ring and one process for each server. See
/// <see href="https://docs.openstack.org/swift/latest/deployment_guide.html"/> and <see href="https://docs.openstack.org/swift/latest/middleware.html"/>.
/// </summary>
internal sealed record SwiftConfiguration(string Folder, IPAddress ProxyAddress, SwiftPorts Ports, string SystemUser, int PageSize)
{
    /// <summary>Storage servers, in the order in which they are started.</summary>
    public static readonly string[] StorageServers = ["account", "container", "object"];

    public string Devices => Path.Combine(Folder, "devices");

    public string PathOf(string server) => Path.Combine(Folder, $"{server}-server.conf");

    /// <summary>Writes every file.</summary>
    public void Write(IEnumerable<SwiftUser> users)
    {
        Directory.CreateDirectory(Path.Combine(Devices, "disk"));
        File.WriteAllText(
            Path.Combine(Folder, "swift.conf"),
            """
            [swift-hash]
            swift_hash_path_suffix = kiban
            swift_hash_path_prefix = tests

            [storage-policy:0]
            name = only
            default = yes
            """);
        foreach (var server in StorageServers)
            File.WriteAllText(PathOf(server), StorageServer(server));
        File.WriteAllText(PathOf("proxy"), Proxy(users));
    }

    private string StorageServer(string server) =>
        $"""
         {Common(IPAddress.Loopback, Ports.Of(server))}
         devices = {Devices}
         mount_check = false
         fallocate_reserve = 0

         [pipeline:main]
         pipeline = healthcheck {server}-server

         [filter:healthcheck]
         use = egg:swift#healthcheck

         [app:{server}-server]
         use = egg:swift#{server}
         """;

    private string Proxy(IEnumerable<SwiftUser> users) =>
        $"""
         {Common(ProxyAddress, Ports.Proxy)}

         [pipeline:main]
         pipeline = catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth slo dlo proxy-server

         [app:proxy-server]
         use = egg:swift#proxy
         account_autocreate = true

         [filter:catch_errors]
         use = egg:swift#catch_errors

         [filter:gatekeeper]
         use = egg:swift#gatekeeper

         [filter:healthcheck]
         use = egg:swift#healthcheck

         [filter:cache]
         use = egg:swift#memcache
         memcache_servers = {IPAddress.Loopback}:{Ports.Memcached}

         [filter:listing_formats]
         use = egg:swift#listing_formats

         [filter:bulk]
         use = egg:swift#bulk

         [filter:s3api]
         use = egg:swift#s3api
         allow_multipart_uploads = true
         location = {SwiftServer.Region}
         max_bucket_listing = {PageSize}

         [filter:tempauth]
         use = egg:swift#tempauth
         {string.Join('\n', users.Select(user => $"user_{user.Account}_{user.Name} = {user.Key} .admin"))}

         [filter:slo]
         use = egg:swift#slo

         [filter:dlo]
         use = egg:swift#dlo
         """;

    private string Common(IPAddress address, int port) =>
        $"""
         [DEFAULT]
         bind_ip = {address}
         bind_port = {port}
         workers = 0
         user = {SystemUser}
         swift_dir = {Folder}
         log_address = {Path.Combine(Folder, "no-syslog")}
         """;
}
