using System.Reflection;

namespace Bank.PublicApi.Tests;

/// <summary>
/// What others can call in an assembly, a line for each type and member: the namespace, the type, the signature with short type names.
/// Left out, since callers compile the same without: nullability of references, constraints, <c>this</c> and <c>params</c>. What has defaults is there twice, without and with them.
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
            foreach (var parameters in Parameters(type.GetMethod("Invoke")!)) yield return $"{space}delegate {Name(type.GetMethod("Invoke")!.ReturnType)} {Name(type)}{parameters}";
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
        {
            foreach (var parameters in Parameters(constructor)) yield return Prefix(constructor) + Name(type).Split('<')[0] + parameters;
        }

        // Members that a type inherits from a parent that others cannot see in the reference are its own for whoever calls them.
        for (var owner = type; owner is not null && owner != typeof(object); owner = owner.BaseType)
        {
            foreach (var method in owner.GetMethods(All).Where(method => IsVisible(method) && (!method.IsSpecialName || method.Name == "op_Implicit")))
            {
                foreach (var parameters in Parameters(method))
                    yield return method.IsSpecialName ? $"static implicit operator {Name(method.ReturnType)}{parameters}" : $"{Prefix(method)}{Name(method.ReturnType)} {Name(method)}{parameters}";
            }

            foreach (var raised in owner.GetEvents(All).Where(raised => IsVisible(raised.AddMethod!))) yield return $"event {Name(raised.EventHandlerType!)} {raised.Name}";
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

    private static IEnumerable<string> Parameters(MethodBase method)
    {
        var parameters = method.GetParameters();
        yield return $"({string.Join(", ", parameters.Select(Parameter))})";
        if (parameters.Any(parameter => parameter.HasDefaultValue)) yield return $"({string.Join(", ", parameters.Select(parameter => Parameter(parameter) + Default(parameter)))})";
    }

    private static string Parameter(ParameterInfo parameter) => $"{(parameter.IsOut ? "out " : "")}{Name(parameter.ParameterType)} {parameter.Name}";

    private static string Default(ParameterInfo parameter) => parameter switch
    {
        { HasDefaultValue: false } => "",
        { DefaultValue: null } when parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null => " = default",
        { DefaultValue: var value } => " = " + (value is bool flag ? flag ? "true" : "false" : value ?? "null"),
    };

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
