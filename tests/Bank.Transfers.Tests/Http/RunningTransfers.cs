using System.Globalization;
using Bank.Testing.Servers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Npgsql;

namespace Bank.Transfers.Tests.Http;

/// <summary>The endpoint as its Program makes it, all of it, on the transport of files and PostgreSQL; what fails once goes to the error queue.</summary>
internal sealed class RunningTransfers(EndpointDatabase database, int concurrency, int poolSize) : WebApplicationFactory<Program>
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Bank:DataDirectory", database.Folder);
        builder.UseSetting("Bank:Database", database.Database.Kind.ToString());
        builder.UseSetting("ConnectionStrings:Database", new NpgsqlConnectionStringBuilder(database.Database.ConnectionString) { MaxPoolSize = poolSize }.ToString());
        builder.UseSetting("Bank:Concurrency", concurrency.ToString(CultureInfo.InvariantCulture));
        builder.UseSetting("Bank:Retries:Immediate", "0");
        builder.UseSetting("Bank:Retries:Delayed", "0");
    }
}
