using Bank.Contracts;
using Bank.Hosting;
using Bank.Projections.Handlers;
using Bank.Projections.Http;
using Bank.Projections.Projections;

var builder = WebApplication.CreateBuilder(args);
var endpoint = BankEndpoint.Configure<IBankCommand, IBankEvent>(builder, "Bank.Projections");
builder.Services.AddOpenApi();
endpoint.RunWithProjections<ReplayAsker>(BankViews.Catalog());

var app = builder.Build();
app.UseBankProblems();
app.MapBankHealth();
app.MapOpenApi();
app.MapProjections();
app.MapAccounts();
app.MapStatements();
app.MapEndOfDay();
app.MapTransfers();
app.Run();
