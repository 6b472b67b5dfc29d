using System.Text.Json.Serialization;
using Bank.Channels.Commands;
using Bank.Channels.Http;
using Bank.Channels.Outcomes;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;
using Bank.Hosting;

var builder = WebApplication.CreateBuilder(args);
var endpoint = BankEndpoint.Configure<IBankCommand, IBankEvent>(builder, "Bank.Channels");
endpoint.Routing.RouteToEndpoint(typeof(OpenAccount).Assembly, "Bank.Accounts");
endpoint.Routing.RouteToEndpoint(typeof(InitiateTransfer), "Bank.Transfers");
var requests = new RequestStore(endpoint.Database);
builder.Services.AddSingleton(requests);
builder.Services.AddSingleton<IHostedService>(new BeforeStart(requests.Migrate));
builder.Services.AddSingleton<OutcomeWaiters>();
builder.Services.AddSingleton<CommandSender>();
builder.Services.AddReadProxy(builder.Configuration);
builder.Services.AddOpenApi(ApiDescription.Describe);
// Numbers are numbers: the description should not offer texts in their place.
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
endpoint.Run();

var app = builder.Build();
app.UseBankProblems();
app.MapBankHealth();
app.MapOpenApi();
app.MapDocumentation();
app.MapCommands();
app.MapReverseProxy();
app.Run();
