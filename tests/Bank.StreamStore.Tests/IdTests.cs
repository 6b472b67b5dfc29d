using System.Text;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Sql;

namespace Bank.StreamStore.Tests;

public sealed class IdTests
{
    [Fact]
    public void A_derived_id_is_a_uuid_of_version_5()
    {
        // The example of RFC 9562, appendix A.4: the DNS namespace and www.example.com.
        var generator = new DeterministicGuidGenerator(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"));
        Assert.Equal(new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"), generator.Create(Encoding.UTF8.GetBytes("www.example.com")));
    }

    [Theory]
    [InlineData("stream-1", "0268031BC591AD2023A9540AB9658BD67CB296D8")]
    [InlineData("$deleted", "3A6B2F0A2C8DE85A87ACD69A74E8B58B0233C7AA")]
    [InlineData("7c9e6679-7425-40de-944b-e07fc1f90ae7", "7c9e6679-7425-40de-944b-e07fc1f90ae7")]
    public void The_key_of_a_stream_is_that_of_SqlStreamStore(string streamId, string key) => Assert.Equal(key, StreamKey.Of(streamId));
}
