using Bank.Contracts;
using Bank.Hosting;
using Bank.Insights.Handlers;
using Bank.Insights.Http;
using Bank.Insights.Spending;
using Bank.Insights.Velocity;

var builder = WebApplication.CreateBuilder(args);
var endpoint = BankEndpoint.Configure<IBankCommand, IBankEvent>(builder, "Bank.Insights");
builder.Services.AddSingleton<Suspicions>();
builder.Services.AddSingleton<BurstWatch>();
builder.Services.AddOpenApi();
endpoint.StoreStreams();
endpoint.RunWithProjections<ReplayAsker>(SpendingProjection.Catalog());
endpoint.PublishStreams<SuspicionContracts>();
builder.Services.AddHostedService<HistoryReview>();

var app = builder.Build();
app.UseBankProblems();
app.MapBankHealth();
app.MapHub();
app.MapOpenApi();
app.MapProjections();
app.MapSpending();
app.MapSuspicions();
app.Run();
