using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace Bank.ServiceBus.RabbitMQ;

/// <summary>How the broker proves who it is, and the endpoint who it is.</summary>
internal sealed record TlsSettings(X509Certificate2? ClientCertificate, bool ValidateRemoteCertificate)
{
    public SslOption For(string host)
    {
        var option = new SslOption(host) { Enabled = true };
        if (ClientCertificate is not null) option.Certs = [ClientCertificate];
        if (!ValidateRemoteCertificate)
            option.AcceptablePolicyErrors = SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable;
        return option;
    }
}
