using System.Reflection;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>The four-part file version of a type's assembly, as the tables store it.</summary>
internal static class AssemblyVersion
{
    public static string Of(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()?.Version ?? type.Assembly.GetName().Version?.ToString() ?? "1.0.0.0";
}
