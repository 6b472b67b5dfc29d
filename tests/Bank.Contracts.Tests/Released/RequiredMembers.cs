using System.Reflection;
using System.Runtime.CompilerServices;

namespace Bank.Contracts.Tests.Released;

/// <summary>
/// What must be in the JSON of a message. Package validation does not look at it, and a change of it breaks both sides: a member that becomes required is
/// missing from what older programs write, one that no longer is will be missing where they read.
/// </summary>
internal static class RequiredMembers
{
    /// <returns>Each member that became required or no longer is, of types that exist in both.</returns>
    public static IReadOnlyList<string> Changed(IEnumerable<Type> released, IEnumerable<Type> current)
    {
        var byName = current.ToDictionary(type => type.Name);
        return
        [
            .. from was in released
               where byName.ContainsKey(was.Name)
               let before = Of(was)
               let now = Of(byName[was.Name])
               from member in before.Except(now).Select(name => $"{name} is no longer required").Concat(now.Except(before).Select(name => $"{name} became required"))
               select $"{was.Name}.{member}",
        ];
    }

    // Of two assemblies of the same name: compared by names alone.
    private static string[] Of(Type type) =>
        [.. type.GetProperties().Where(member => member.CustomAttributes.Any(attribute => attribute.AttributeType.Name == nameof(RequiredMemberAttribute))).Select(member => member.Name)];
}
