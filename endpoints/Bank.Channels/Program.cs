using Bank.Channels.Http;
using Bank.Channels.Outcomes;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;
using Bank.Hosting;
using Scalar.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
var endpoint = BankEndpoint.Configure<IBankCommand, IBankEvent>(builder, "Bank.Channels");
endpoint.Routing.RouteToEndpoint(typeof(OpenAccount).Assembly, "Bank.Accounts");
endpoint.Routing.RouteToEndpoint(typeof(InitiateTransfer), "Bank.Transfers");
var requests = new RequestStore(endpoint.Database);
builder.Services.AddSingleton(requests);
builder.Services.AddSingleton<IHostedService>(new BeforeStart(requests.Migrate));
builder.Services.AddSingleton<OutcomeWaiters>();
builder.Services.AddReadProxy(builder.Configuration);
builder.Services.AddOpenApi(ApiDescription.Describe);
endpoint.Run();

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapBankHealth();
app.MapOpenApi();
app.MapScalarApiReference("/docs", page => page.DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp());
app.MapCommands();
app.MapReverseProxy();
app.Run();
