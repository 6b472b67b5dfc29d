using Bank.Accounts.Handlers;
using Bank.Accounts.Http;
using Bank.Accounts.Publishing;
using Bank.Contracts;
using Bank.Hosting;

var builder = WebApplication.CreateBuilder(args);
var endpoint = BankEndpoint.Configure<IBankCommand, IBankEvent>(builder, "Bank.Accounts");
endpoint.Configuration.Conventions().DefiningEventsAs(type => typeof(IBankEvent).IsAssignableFrom(type) || typeof(ISuccessorEvent).IsAssignableFrom(type));
endpoint.Configuration.Recoverability().AddUnrecoverableException<MalformedCommandException>();
endpoint.StoreStreams();
endpoint.RunWithHub<AccountContracts, ReplayContracts>();
builder.Services.AddSingleton<AccountStore>();

var app = builder.Build();
app.UseBankProblems();
app.MapBankHealth();
app.MapHub();
app.MapAccounts();
app.Run();
