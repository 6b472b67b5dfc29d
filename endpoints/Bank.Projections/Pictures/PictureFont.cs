using ScottPlot;
using SkiaSharp;

namespace Bank.Projections.Pictures;

/// <summary>The font that comes with the endpoint: pictures have the same letters everywhere, also in a container without any font.</summary>
internal sealed class PictureFont : IFontResolver
{
    public const string Name = "Bank.Projections";

    private readonly SKTypeface typeface;

    private PictureFont()
    {
        using var file = typeof(PictureFont).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        typeface = SKTypeface.FromStream(file) ?? throw new InvalidOperationException("DejaVuSans.ttf is no font that can be read.");
    }

    /// <summary>Makes the font known to ScottPlot, which looks fonts up by name for the whole process. Once is enough.</summary>
    public static void Register() => Fonts.FontResolvers.Insert(0, new PictureFont());

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => fontName == Name ? typeface : null;

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? typeface : null;
}
