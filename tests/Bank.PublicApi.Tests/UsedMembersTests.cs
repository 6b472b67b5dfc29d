using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Bank.PublicApi.Tests;

/// <summary>What endpoints, and the hub and hosting they stand on, call of the platform is what the packages have too: read from the compiled endpoints, member by member.</summary>
public sealed class UsedMembersTests
{
    private static readonly string[] Packages = ["NServiceBus", "NServiceBus.RabbitMQ", "NServiceBus.Persistence.Sql", "NServiceBus.ServicePlatform"];

    [Theory]
    [InlineData("Bank.Accounts")]
    [InlineData("Bank.Transfers")]
    [InlineData("Bank.Projections")]
    [InlineData("Bank.Insights")]
    [InlineData("Bank.Channels")]
    [InlineData("Bank.Hub")]
    // The dialect is in a file that the packages' stack leaves out; the certificate is a property of the real transport that the list of required members does not name.
    [InlineData("Bank.Hosting", "Sqlite.Sqlite", "RabbitMQTransport.ClientCertificate")]
    public void An_endpoint_or_its_host_uses_only_members_that_the_packages_have(string endpoint, params string[] unlisted)
    {
        var known = Packages.SelectMany(package => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Required", package + ".txt"))).Select(Member).ToHashSet(StringComparer.Ordinal);
        var used = Used(Path.Combine(AppContext.BaseDirectory, endpoint + ".dll")).ToArray();
        Assert.NotEmpty(used);
        Assert.Equal([], used.Where(member => !known.Contains(member)).Except(unlisted).Distinct().Order());
    }

    /// <summary>"NServiceBus | Saga&lt;T&gt;: void MarkAsComplete()" is "Saga.MarkAsComplete".</summary>
    private static string Member(string line)
    {
        var (type, member) = line.Split(" | ")[1].Split(": ") is [var left, var right] ? (left, right) : (line.Split(' ')[^1], "");
        var name = member.Split('(', '{', '=')[0].TrimEnd();
        name = name.Contains('<') && name.LastIndexOf('>') == name.Length - 1 ? name[..name.LastIndexOf('<')] : name;
        return Bare(type) + "." + name.Split(' ')[^1];
    }

    private static IEnumerable<string> Used(string file)
    {
        using var stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        var reader = image.GetMetadataReader();
        var members = new List<string>();
        foreach (var handle in reader.MemberReferences)
        {
            var reference = reader.GetMemberReference(handle);
            if (TypeOf(reader, reference.Parent) is not { } type || !IsOfBus(reader, type)) continue;
            var name = reader.GetString(reference.Name);
            var typeName = Bare(reader.GetString(type.Name));
            members.Add(typeName + "." + (name == ".ctor" ? typeName : name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal) ? name[4..] : name));
        }

        return members;
    }

    private static TypeReference? TypeOf(MetadataReader reader, EntityHandle parent) => parent.Kind switch
    {
        HandleKind.TypeReference => reader.GetTypeReference((TypeReferenceHandle)parent),
        // A generic type: its signature begins with GENERICINST, CLASS and the coded token of the type.
        HandleKind.TypeSpecification => Generic(reader, reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature)),
        _ => null,
    };

    private static TypeReference? Generic(MetadataReader reader, BlobReader signature)
    {
        if (signature.ReadByte() != (byte)SignatureTypeCode.GenericTypeInstance) return null;
        signature.ReadByte();
        var handle = signature.ReadTypeHandle();
        return handle.Kind == HandleKind.TypeReference ? reader.GetTypeReference((TypeReferenceHandle)handle) : null;
    }

    private static bool IsOfBus(MetadataReader reader, TypeReference type) => type.ResolutionScope.Kind switch
    {
        HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name).StartsWith("Bank.ServiceBus", StringComparison.Ordinal),
        HandleKind.TypeReference => IsOfBus(reader, reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope)),
        _ => false,
    };

    private static string Bare(string type) => type.Split('`', '<')[0].Split('.')[^1];
}
