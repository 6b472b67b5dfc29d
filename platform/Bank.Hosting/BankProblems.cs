using System.Data.Common;
using Bank.Hub.Projections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.Hosting;

/// <summary>What clients get when something fails: problem details (RFC 9457), whatever it was.</summary>
public static class BankProblems
{
    private const string RetryAfterSeconds = "5";

    /// <summary>
    /// Answers failures and empty refusals with problem details. A database that is away, or whose tables are of another version as yet, is 503 with <c>Retry-After</c>; any
    /// other exception is 500.
    /// </summary>
    public static void UseBankProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = exception => exception is DbException { IsTransient: true } or OtherVersionAnswersException ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
    }

    internal static void AddBankProblems(this IServiceCollection services) => services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
    {
        if (context.Exception is OtherVersionAnswersException exception) (context.ProblemDetails.Title, context.ProblemDetails.Detail) = ("Another version answers", exception.Message);
        if (context.HttpContext.Response.StatusCode == StatusCodes.Status503ServiceUnavailable) context.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
    });
}
