using System.Reflection;
using Bank.ServiceBus.Sagas;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Saga state as JSON: indented, default values left out, without the members that have columns of their own.</summary>
internal static class SagaJson
{
    private static readonly JsonSerializerSettings Settings = new()
    {
        Formatting = Formatting.Indented,
        DefaultValueHandling = DefaultValueHandling.Ignore,
        DateParseHandling = DateParseHandling.DateTimeOffset,
        ContractResolver = new Resolver(),
    };

    public static string Write(IContainSagaData data) => JsonConvert.SerializeObject(data, Settings);

    /// <exception cref="SerializationException">The text is no state of that type.</exception>
    public static TSagaData Read<TSagaData>(string json) where TSagaData : class, IContainSagaData
    {
        try
        {
            return JsonConvert.DeserializeObject<TSagaData>(json, Settings) ?? throw new JsonSerializationException("The text is the JSON value null.");
        }
        catch (JsonException exception)
        {
            throw new SerializationException($"The stored state of {typeof(TSagaData).FullName} cannot be read: {exception.Message}", exception);
        }
    }

    private sealed class Resolver : DefaultContractResolver
    {
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
