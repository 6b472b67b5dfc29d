using System.Runtime.Loader;
using Bank.ServiceBus.Persistence.Sql;

// Run by the build of an endpoint: <assembly> <project folder> <solution folder>
if (args is not [var file, var projectFolder, var solutionFolder])
{
    Console.Error.WriteLine("usage: Bank.ServiceBus.Persistence.Sql.Scripts <assembly> <project folder> <solution folder>");
    return 2;
}

file = Path.GetFullPath(file);
var resolver = new AssemblyDependencyResolver(file);
// What this program has loaded itself stays the one: the attribute and the saga classes must be of the same types.
AssemblyLoadContext.Default.Resolving += (context, name) => resolver.ResolveAssemblyToPath(name) is { } path ? context.LoadFromAssemblyPath(path) : null;
var assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(file);
var folder = Path.Combine(Path.GetDirectoryName(file)!, "NServiceBus.Persistence.Sql");
var written = ScriptWriter.Write(assembly, folder);
if (ScriptWriter.PromotionPath(assembly) is { } promotion)
{
    promotion = promotion.Replace("$(ProjectDir)", projectFolder + "/", StringComparison.Ordinal).Replace("$(SolutionDir)", solutionFolder + "/", StringComparison.Ordinal);
    foreach (var script in written)
    {
        var copy = Path.Combine(promotion, Path.GetRelativePath(folder, script));
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(script, copy, overwrite: true);
    }
}

return 0;
