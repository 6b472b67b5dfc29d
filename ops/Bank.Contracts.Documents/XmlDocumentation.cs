using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Bank.Contracts.Documents;

/// <summary>The documentation comments of an assembly, as plain text with code in backticks.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly Assembly assembly;
    private readonly Dictionary<string, XElement> members;

    private XmlDocumentation(Assembly assembly, XDocument document)
    {
        this.assembly = assembly;
        members = document.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);
    }

    /// <exception cref="FileNotFoundException">The file of comments does not lie beside the assembly.</exception>
    public static XmlDocumentation Of(Assembly assembly) => new(assembly, XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")));

    public string SummaryOf(Type type) => Text(members.GetValueOrDefault("T:" + type.FullName)?.Element("summary"));

    public string RemarksOf(Type type) => Text(members.GetValueOrDefault("T:" + type.FullName)?.Element("remarks"));

    /// <summary>Summary and remarks.</summary>
    public string DescriptionOf(Type type) => $"{SummaryOf(type)} {RemarksOf(type)}".Trim();

    public string SummaryOf(PropertyInfo member) => Text(Summary(member));

    public string SummaryOf(FieldInfo member) => Text(members.GetValueOrDefault($"F:{member.DeclaringType!.FullName}.{member.Name}")?.Element("summary"));

    /// <summary>The types of this assembly that the comment of a member refers to.</summary>
    public IEnumerable<Type> TypesNamedBy(PropertyInfo member) =>
        (Summary(member)?.Descendants("see") ?? [])
            .Select(see => see.Attribute("cref")!.Value)
            .Where(reference => reference.StartsWith("T:", StringComparison.Ordinal))
            .Select(reference => assembly.GetType(reference[2..]))
            .OfType<Type>();

    // A member without a comment of its own means what the interface says that it is from.
    private XElement? Summary(PropertyInfo member) =>
        new[] { member.DeclaringType! }.Concat(member.DeclaringType!.GetInterfaces())
            .Select(type => members.GetValueOrDefault($"P:{type.FullName}.{member.Name}")?.Element("summary"))
            .FirstOrDefault(summary => summary is not null);

    private static string Text(XElement? element) => element is null ? "" : Spaces().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => $"`{Short(see.Attribute("cref")!.Value)}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement other => throw new NotSupportedException($"A comment holds <{other.Name.LocalName}>, which has no form in plain text yet."),
        _ => "",
    };

    // T:Bank.Contracts.Money is Money; P:Bank.Contracts.Money.Currency and M:Bank.Contracts.Money.Zero(System.String) keep the name of their type.
    private static string Short(string reference)
    {
        var names = reference[2..].Split('(')[0].Split('.');
        return string.Join('.', names[(reference[0] == 'T' ? ^1 : ^2)..]);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
