using System.Reflection;
using System.Reflection.Emit;

namespace Bank.ServiceBus.MessageInterfaces;

/// <summary>Generates classes that hold the properties of an interface.</summary>
internal sealed class InterfaceClasses
{
    // Receivers leave type names with this suffix out: no other process has the class.
    private const string Suffix = "__impl";

    private readonly ModuleBuilder module = AssemblyBuilder
        .DefineDynamicAssembly(new AssemblyName("Bank.ServiceBus.GeneratedMessages"), AssemblyBuilderAccess.Run).DefineDynamicModule("Messages");

    public Type Generate(Type contract)
    {
        if (!contract.IsVisible) throw new InvalidOperationException($"{contract.FullName} is not public: no class can be made for it.");
        Type[] contracts = [contract, .. contract.GetInterfaces()];
        var other = contracts.SelectMany(type => type.GetMembers()).FirstOrDefault(member => member is not PropertyInfo and not MethodInfo { IsSpecialName: true });
        if (other is not null) throw new InvalidOperationException($"{contract.FullName}: {other.Name} is not a property; an interface that is a message has nothing else.");

        var type = module.DefineType(contract.FullName + Suffix, TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Class);
        var properties = new Dictionary<string, (Type Type, MethodBuilder Get, MethodBuilder Set)>(StringComparer.Ordinal);
        foreach (var part in contracts)
        {
            type.AddInterfaceImplementation(part);
            foreach (var property in part.GetProperties()) Implement(type, contract, property, properties);
        }

        return type.CreateType();
    }

    private static void Implement(TypeBuilder type, Type contract, PropertyInfo property, Dictionary<string, (Type Type, MethodBuilder Get, MethodBuilder Set)> known)
    {
        if (property.GetIndexParameters().Length > 0) throw new InvalidOperationException($"{contract.FullName}: {property.Name} is an indexer, which no message can carry.");
        if (!known.TryGetValue(property.Name, out var built)) built = known[property.Name] = Define(type, property);
        if (built.Type != property.PropertyType) throw new InvalidOperationException($"{contract.FullName}: {property.Name} is inherited with different types.");
        if (property.GetMethod is { } get) type.DefineMethodOverride(built.Get, get);
        if (property.SetMethod is { } set && !IsInit(set)) type.DefineMethodOverride(built.Set, set);
        else if (property.SetMethod is { } init) type.DefineMethodOverride(Init(type, init, built.Set), init);
    }

    private static (Type Type, MethodBuilder Get, MethodBuilder Set) Define(TypeBuilder type, PropertyInfo property)
    {
        const MethodAttributes accessor = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.SpecialName | MethodAttributes.HideBySig | MethodAttributes.NewSlot;
        var field = type.DefineField("_" + property.Name, property.PropertyType, FieldAttributes.Private);
        var get = type.DefineMethod("get_" + property.Name, accessor, property.PropertyType, Type.EmptyTypes);
        var body = get.GetILGenerator();
        body.Emit(OpCodes.Ldarg_0);
        body.Emit(OpCodes.Ldfld, field);
        body.Emit(OpCodes.Ret);

        // Settable also where the interface is not: otherwise nothing could be read from a received body.
        var set = type.DefineMethod("set_" + property.Name, accessor, typeof(void), [property.PropertyType]);
        body = set.GetILGenerator();
        body.Emit(OpCodes.Ldarg_0);
        body.Emit(OpCodes.Ldarg_1);
        body.Emit(OpCodes.Stfld, field);
        body.Emit(OpCodes.Ret);

        var own = type.DefineProperty(property.Name, PropertyAttributes.None, property.PropertyType, null);
        foreach (var attribute in property.CustomAttributes.Where(one => one.NamedArguments.Count == 0))
            own.SetCustomAttribute(new CustomAttributeBuilder(attribute.Constructor, [.. attribute.ConstructorArguments.Select(argument => argument.Value)]));
        own.SetGetMethod(get);
        own.SetSetMethod(set);
        return (property.PropertyType, get, set);
    }

    /// <summary>An init accessor has a signature of its own.</summary>
    private static MethodBuilder Init(TypeBuilder type, MethodInfo init, MethodBuilder set)
    {
        var method = type.DefineMethod(
            init.DeclaringType!.FullName + "." + init.Name, MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            CallingConventions.HasThis, typeof(void), init.ReturnParameter.GetRequiredCustomModifiers(), null, [init.GetParameters()[0].ParameterType], null, null);
        var body = method.GetILGenerator();
        body.Emit(OpCodes.Ldarg_0);
        body.Emit(OpCodes.Ldarg_1);
        body.Emit(OpCodes.Call, set);
        body.Emit(OpCodes.Ret);
        return method;
    }

    private static bool IsInit(MethodInfo set) => set.ReturnParameter.GetRequiredCustomModifiers().Length > 0;
}
