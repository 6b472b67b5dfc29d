using Bank.Contracts;
using Bank.Hosting;
using Bank.Projections.Http;
using Bank.Projections.Projections;
using Bank.Projections.Storage;

var builder = WebApplication.CreateBuilder(args);
var endpoint = BankEndpoint.Configure<IBankCommand, IBankEvent>(builder, "Bank.Projections");
var tables = new ReadDatabase(endpoint.Database);
builder.Services.AddSingleton<IHostedService>(new BeforeStart(tables.Migrate));
builder.Services.AddSingleton(tables);
builder.Services.AddSingleton<ProjectionWriter>();
builder.Services.AddSingleton<Queries>();
builder.Services.AddSingleton<IProjection<IAccountEvent>, BalanceProjection>();
builder.Services.AddSingleton<IProjection<IAccountEvent>, StatementProjection>();
builder.Services.AddSingleton<IProjection<IAccountEvent>, LedgerProjection>();
builder.Services.AddSingleton<IProjection<ITransferEvent>, TransferProjection>();
builder.Services.AddOpenApi();
endpoint.Run();

var app = builder.Build();
app.UseBankProblems();
app.MapBankHealth();
app.MapOpenApi();
app.MapAccounts();
app.MapStatements();
app.MapEndOfDay();
app.MapTransfers();
app.Run();
