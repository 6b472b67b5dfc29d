using System.Reflection;

namespace Bank.PublicApi.Tests;

/// <summary>
/// What others can call in an assembly, a line for each type and member: the namespace, the type, the signature with short type names.
/// Left out, since callers compile the same without: nullability of references, defaults, constraints, <c>this</c> and <c>params</c>.
/// </summary>
internal static class Surface
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(int)] = "int",
        [typeof(long)] = "long", [typeof(byte)] = "byte", [typeof(ushort)] = "ushort", [typeof(uint)] = "uint", [typeof(double)] = "double",
    };

    public static HashSet<string> Of(Assembly assembly) => [.. assembly.GetExportedTypes().SelectMany(Lines)];

    private static IEnumerable<string> Lines(Type type)
    {
        var space = type.Namespace + " | ";
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield return $"{space}delegate {Signature(type.GetMethod("Invoke")!, Name(type))}";
            yield break;
        }

        var kind = type.IsInterface ? "interface" : type.IsEnum ? "enum" : "class";
        yield return $"{space}{kind} {FullName(type)}";
        foreach (var line in type.IsEnum ? Values(type) : Members(type)) yield return $"{space}{FullName(type)}: {line}";
    }

    private static IEnumerable<string> Values(Type type) =>
        Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");

    private static IEnumerable<string> Members(Type type)
    {
        foreach (var constructor in type.GetConstructors(All).Where(IsVisible))
            yield return Prefix(constructor) + Name(type).Split('<')[0] + Parameters(constructor);
        // Members that a type inherits from a parent that others cannot see in the reference are its own for whoever calls them.
        for (var owner = type; owner is not null && owner != typeof(object); owner = owner.BaseType)
        {
            foreach (var method in owner.GetMethods(All).Where(method => IsVisible(method) && !method.IsSpecialName))
                yield return Prefix(method) + Signature(method, Name(method));
            foreach (var method in owner.GetMethods(All).Where(method => IsVisible(method) && method.Name == "op_Implicit"))
                yield return $"static implicit operator {Name(method.ReturnType)}{Parameters(method)}";
            foreach (var property in owner.GetProperties(All).Where(property => property.GetMethod is { } get && IsVisible(get)))
                yield return $"{Prefix(property.GetMethod!)}{Name(property.PropertyType)} {property.Name} {{ get; {(property.SetMethod is { } set && IsVisible(set) && !IsInit(set) ? "set; " : "")}}}";
            foreach (var field in owner.GetFields(All).Where(field => field.IsPublic || field.IsFamily)) yield return Field(field);
        }
    }

    private static string Field(FieldInfo field) =>
        field.IsLiteral ? $"const {Name(field.FieldType)} {field.Name} = \"{field.GetRawConstantValue()}\""
        : $"{(field.IsFamily ? "protected " : "")}{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)} {field.Name}";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsInit(MethodInfo set) => set.ReturnParameter.GetRequiredCustomModifiers().Length > 0;

    private static string Prefix(MethodBase method) =>
        (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : "") + (method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract " : "");

    private static string Signature(MethodInfo method, string name) => $"{Name(method.ReturnType)} {name}{Parameters(method)}";

    private static string Parameters(MethodBase method) =>
        $"({string.Join(", ", method.GetParameters().Select(parameter => $"{(parameter.IsOut ? "out " : "")}{Name(parameter.ParameterType)} {parameter.Name}"))})";

    private static string Name(MethodInfo method) =>
        method.IsGenericMethod ? $"{method.Name}<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : method.Name;

    private static string FullName(Type type) => type.IsNested ? $"{FullName(type.DeclaringType!)}.{Name(type)}" : Name(type);

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value);
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (!type.IsGenericType) return type.Name;
        var plain = type.Name.Split('`')[0];
        // A type nested in a generic one carries the arguments of that one, too.
        var own = type.GetGenericArguments()[(type.DeclaringType?.GetGenericArguments().Length ?? 0)..];
        return own.Length == 0 ? plain : $"{plain}<{string.Join(", ", own.Select(Name))}>";
    }
}
