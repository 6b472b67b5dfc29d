using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bank.Contracts.Documents;

/// <summary>What is written about the messages for readers that are not .NET: a file name, relative to the folder of the contracts, and its text.</summary>
internal sealed class ContractDocuments
{
    private const string Schemas = "schemas";

    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly SortedDictionary<string, string> files = new(StringComparer.Ordinal);

    private ContractDocuments()
    {
    }

    public IReadOnlyDictionary<string, string> Files => files;

    public static ContractDocuments Generate(IReadOnlyList<Type> messages)
    {
        var documentation = XmlDocumentation.Of(typeof(IBankCommand).Assembly);
        var documents = new ContractDocuments();
        foreach (var message in messages) documents.Add($"{Schemas}/{message.Name}.json", JsonSchemaFile.Of(message, documentation));
        documents.Add("asyncapi.json", AsyncApi.Describe(messages, documentation));
        return documents;
    }

    /// <summary>Makes a folder hold these documents; leaves files alone that do so already.</summary>
    /// <returns>What was done to which file.</returns>
    public IReadOnlyList<string> Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, Schemas));
        var differences = DifferencesFrom(folder);
        foreach (var (name, text) in files)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path) || File.ReadAllText(path) != text) File.WriteAllText(path, text);
        }

        foreach (var name in Surplus(folder)) File.Delete(Path.Combine(folder, name));
        return differences;
    }

    /// <summary>How the files in a folder differ from these documents; empty when they do not.</summary>
    public IReadOnlyList<string> DifferencesFrom(string folder)
    {
        var missing = files.Keys.Where(name => !File.Exists(Path.Combine(folder, name))).ToList();
        var changed = files.Keys.Except(missing).Where(name => File.ReadAllText(Path.Combine(folder, name)) != files[name]);
        return
        [
            .. missing.Select(name => $"{name}: is missing"),
            .. changed.Select(name => $"{name}: does not say what the code says"),
            .. Surplus(folder).Select(name => $"{name}: is about no message"),
        ];
    }

    private IEnumerable<string> Surplus(string folder)
    {
        var schemas = Path.Combine(folder, Schemas);
        if (!Directory.Exists(schemas)) return [];
        return Directory.GetFiles(schemas).Select(path => $"{Schemas}/{Path.GetFileName(path)}").Where(name => !files.ContainsKey(name)).Order(StringComparer.Ordinal);
    }

    private void Add(string name, JsonNode document) => files.Add(name, document.ToJsonString(Form) + "\n");
}
