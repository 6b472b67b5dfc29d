namespace Bank.ServiceBus;

/// <summary>How to reach the management API of the broker.</summary>
public class ManagementApiConfiguration
{
    /// <summary>At an address, with the credentials of the AMQP connection.</summary>
    /// <param name="url">The address, such as <c>https://broker:15671</c>.</param>
    /// <exception cref="ArgumentException">The address is not an absolute http or https one.</exception>
    public ManagementApiConfiguration(string url) => Url = Checked(url);

    /// <summary>At the default address beside the AMQP one, with other credentials.</summary>
    /// <exception cref="ArgumentException">One of them is empty.</exception>
    public ManagementApiConfiguration(string userName, string password)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(userName);
        ArgumentException.ThrowIfNullOrWhiteSpace(password);
        (UserName, Password) = (userName, password);
    }

    /// <summary>At an address, with other credentials.</summary>
    /// <exception cref="ArgumentException">The address is not an absolute http or https one, or a credential is empty.</exception>
    public ManagementApiConfiguration(string url, string userName, string password)
        : this(userName, password) => Url = Checked(url);

    /// <summary>The address; null for <c>http://{host}:15672</c>, or <c>https://{host}:15671</c> with TLS.</summary>
    public string? Url { get; }

    /// <summary>The user; null for that of the AMQP connection.</summary>
    public string? UserName { get; }

    /// <summary>The password; null for that of the AMQP connection.</summary>
    public string? Password { get; }

    private static string Checked(string url)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(url);
        return Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https")
            ? url
            : throw new ArgumentException("url: is not an absolute http:// or https:// address.", nameof(url));
    }
}
