using System.Collections;
using System.Reflection;
using Bank.ServiceBus.Sagas;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Saga state as JSON: indented, default values left out, without the members that have columns of their own.</summary>
internal sealed class SagaJson
{
    private readonly JsonSerializerSettings settings;

    /// <param name="chosen">Settings of the endpoint's own; null for the default ones.</param>
    public SagaJson(JsonSerializerSettings? chosen)
    {
        settings = chosen is null
            ? new JsonSerializerSettings { Formatting = Formatting.Indented, DefaultValueHandling = DefaultValueHandling.Ignore, DateParseHandling = DateParseHandling.DateTimeOffset }
            : new JsonSerializerSettings(chosen);
        settings.ContractResolver ??= new Resolver();
        // jsonb keeps no order of members: a type name may come after what it is for.
        if (settings.TypeNameHandling != TypeNameHandling.None) settings.MetadataPropertyHandling = MetadataPropertyHandling.ReadAhead;
    }

    public string Write(IContainSagaData data) => JsonConvert.SerializeObject(data, settings);

    /// <exception cref="SerializationException">The text is no state of that type.</exception>
    public TSagaData Read<TSagaData>(string json) where TSagaData : class, IContainSagaData
    {
        try
        {
            return JsonConvert.DeserializeObject<TSagaData>(json, settings) ?? throw new JsonSerializationException("The text is the JSON value null.");
        }
        catch (JsonException exception)
        {
            throw new SerializationException($"The stored state of {typeof(TSagaData).FullName} cannot be read: {exception.Message}", exception);
        }
    }

    private sealed class Resolver : DefaultContractResolver
    {
        protected override IList<JsonProperty> CreateProperties(Type type, MemberSerialization memberSerialization)
        {
            var properties = base.CreateProperties(type, memberSerialization);
            if (Fresh(type) is not { } fresh) return properties;
            foreach (var property in properties.Where(property => property is { Readable: true, Writable: true, Ignored: false })) Keep(property, fresh);
            return properties;
        }

        // Left out, a member would come back as what the class begins it with; and a list that begins with something would have that twice.
        private static void Keep(JsonProperty property, object fresh)
        {
            var (type, initial) = (property.PropertyType!, property.ValueProvider!.GetValue(fresh));
            var none = type.IsValueType ? Activator.CreateInstance(type) : null;
            if (!Equals(initial, none)) property.DefaultValueHandling ??= DefaultValueHandling.Include;
            if (initial is ICollection { Count: > 0 }) property.ObjectCreationHandling ??= ObjectCreationHandling.Replace;
        }

        private static object? Fresh(Type type)
        {
            if (type.IsAbstract || type.GetConstructor(Type.EmptyTypes) is not { } constructor) return null;
            try
            {
                return constructor.Invoke(null);
            }
            catch (TargetInvocationException)
            {
                return null;
            }
        }

        private static readonly string[] WithColumns =
            [nameof(IContainSagaData.Id), nameof(IContainSagaData.Originator), nameof(IContainSagaData.OriginalMessageId)];

        protected override JsonProperty CreateProperty(MemberInfo member, MemberSerialization memberSerialization)
        {
            var property = base.CreateProperty(member, memberSerialization);
            if (typeof(IContainSagaData).IsAssignableFrom(member.DeclaringType) && WithColumns.Contains(member.Name)) property.Ignored = true;
            return property;
        }
    }
}
