using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bank.LocalServers;

namespace Bank.ServiceBus.Transport.Tests.RabbitMq;

/// <summary>A broker that speaks TLS and wants to see a certificate.</summary>
public sealed class TlsTests(TlsTests.BrokerWithTls broker) : IClassFixture<TlsTests.BrokerWithTls>
{
    [SkippableFact]
    public async Task An_endpoint_with_a_certificate_of_the_right_issuer_is_let_in()
    {
        var transport = Transport();
        transport.ClientCertificate = broker.Certificates!.Client;
        await using var endpoint = await TestTransport.Start(transport, "encrypted");
        await endpoint.Send(endpoint.Address, "hello");
        await Eventually.Holds(() => endpoint.All.Count == 1, "arrival");
    }

    [SkippableFact]
    public async Task An_endpoint_without_a_certificate_is_not() => await Assert.ThrowsAnyAsync<Exception>(() => TestTransport.Start(Transport(), "naked"));

    [SkippableFact]
    public async Task A_broker_whose_issuer_nobody_trusts_is_refused_unless_told_otherwise()
    {
        var transport = Transport();
        transport.ClientCertificate = broker.Certificates!.Client;
        transport.ValidateRemoteCertificate = true;
        await Assert.ThrowsAnyAsync<Exception>(() => TestTransport.Start(transport, "wary"));
    }

    [SkippableFact]
    public async Task When_the_first_node_of_a_cluster_does_not_answer_the_next_one_does()
    {
        Skip.IfNot(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        var transport = Broker.Transport(QueueType.Quorum, $"host=127.0.0.1;port={FreePorts.Take(1)[0]}", delays: false);
        transport.AddClusterNode("127.0.0.1", broker.Server!.Port, useTls: false);
        await using var endpoint = await TestTransport.Start(transport, "clustered");
        await endpoint.Send(endpoint.Address, "hello");
        await Eventually.Holds(() => endpoint.All.Count == 1, "arrival");
    }

    private RabbitMQTransport Transport()
    {
        Skip.IfNot(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        var transport = Broker.Transport(QueueType.Quorum, $"host=localhost;port={broker.Server!.TlsPort};useTls=true", delays: false);
        transport.ValidateRemoteCertificate = false;
        return transport;
    }

    public sealed class BrokerWithTls : IAsyncLifetime
    {
        private readonly string folder = Path.Combine(Path.GetTempPath(), "broker-" + Guid.NewGuid().ToString("N"));

        public RabbitMqServer? Server { get; private set; }

        internal TestCertificates? Certificates { get; private set; }

        public async Task InitializeAsync()
        {
            if (!RabbitMqServer.IsInstalled) return;
            Certificates = TestCertificates.Make(Directory.CreateDirectory(Path.Combine(folder, "tls")).FullName);
            Server = await RabbitMqServer.StartAsync(folder, new RabbitMqServer.Extras(Tls: Certificates.BrokerConfiguration));
        }

        public async Task DisposeAsync()
        {
            if (Server is null) return;
            await Server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>An issuer of one's own, a broker's certificate for localhost and a client's.</summary>
    internal sealed record TestCertificates(string BrokerConfiguration, X509Certificate2 Client)
    {
        public static TestCertificates Make(string folder)
        {
            var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            using var issuerKey = RSA.Create(2048);
            var request = new CertificateRequest("CN=Test issuer", issuerKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            using var issuer = request.CreateSelfSigned(from, to);
            using var server = Issue("CN=localhost", issuer, from, to);
            File.WriteAllText(Path.Combine(folder, "ca.pem"), issuer.ExportCertificatePem());
            File.WriteAllText(Path.Combine(folder, "server.pem"), server.ExportCertificatePem());
            File.WriteAllText(Path.Combine(folder, "server.key"), server.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
            using var client = Issue("CN=endpoint", issuer, from, to);
            var configuration = $"""
                ssl_options.cacertfile = {folder}/ca.pem
                ssl_options.certfile = {folder}/server.pem
                ssl_options.keyfile = {folder}/server.key
                ssl_options.verify = verify_peer
                ssl_options.fail_if_no_peer_cert = true
                """;
            return new TestCertificates(configuration, X509CertificateLoader.LoadPkcs12(client.Export(X509ContentType.Pkcs12), null));
        }

        private static X509Certificate2 Issue(string name, X509Certificate2 issuer, DateTimeOffset from, DateTimeOffset to)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            using var bare = request.Create(issuer, from.AddMinutes(1), to.AddMinutes(-1), RandomNumberGenerator.GetBytes(8));
            return bare.CopyWithPrivateKey(key);
        }
    }
}
