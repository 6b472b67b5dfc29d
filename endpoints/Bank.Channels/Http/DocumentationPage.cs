using System.Security.Cryptography;
using Scalar.AspNetCore;

namespace Bank.Channels.Http;

/// <summary>The browsable page of the OpenAPI document, at <c>/docs</c>.</summary>
internal static class DocumentationPage
{
    public static void MapDocumentation(this IEndpointRouteBuilder app) => app.MapScalarApiReference("/docs", (page, http) =>
    {
        var nonce = RandomNumberGenerator.GetHexString(32);
        page.WithTitle("Bank.Channels").DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().WithNonce(nonce);
        // The page tries requests against this gateway and needs nobody else; styles are made by its script.
        http.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
    });
}
