using System.Reflection;

namespace Bank.ServiceBus.Handlers;

/// <summary>Finds handlers and sagas in assemblies.</summary>
internal static class HandlerScan
{
    public static bool IsHandler(Type type) =>
        type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false } && type.GetInterfaces().Any(IsHandlerInterface);

    public static bool IsHandlerInterface(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IHandleMessages<>) || type.GetGenericTypeDefinition() == typeof(IHandleTimeouts<>));

    public static IEnumerable<Type> Find(AssemblyScannerConfiguration scanner) =>
        Types(scanner).Where(IsHandler).OrderBy(type => type.FullName, StringComparer.Ordinal);

    /// <summary>All types of the assemblies to look at.</summary>
    public static IEnumerable<Type> Types(AssemblyScannerConfiguration scanner)
    {
        if (scanner.Disable) return [];
        var self = typeof(HandlerScan).Assembly.GetName().Name!;
        return Candidates(scanner)
            .Where(assembly => !assembly.IsDynamic && !scanner.Excluded.Contains(assembly.GetName().Name ?? ""))
            .Where(assembly => assembly.GetReferencedAssemblies().Any(reference => reference.Name == self))
            .SelectMany(TypesOf);
    }

    private static HashSet<Assembly> Candidates(AssemblyScannerConfiguration scanner)
    {
        var found = new HashSet<Assembly>();
        if (Assembly.GetEntryAssembly() is { } entry)
        {
            found.Add(entry);
            foreach (var reference in entry.GetReferencedAssemblies().Where(name => !scanner.Excluded.Contains(name.Name ?? "")))
            {
                if (TryLoad(reference) is { } loaded) found.Add(loaded);
            }
        }

        if (scanner.ScanAppDomainAssemblies) found.UnionWith(AppDomain.CurrentDomain.GetAssemblies());
        return found;
    }

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception exception) when (exception is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return null;
        }
    }

    private static Type[] TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            return [.. exception.Types.OfType<Type>()];
        }
    }
}
