using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Hosting;
using Bank.Transfers.Http;
using Bank.Transfers.Journal;
using Bank.Transfers.KnownAccounts;
using Bank.Transfers.Transfers;

var builder = WebApplication.CreateBuilder(args);
var endpoint = BankEndpoint.Configure<IBankCommand, IBankEvent>(builder, "Bank.Transfers");
foreach (var command in new[] { typeof(ReserveFunds), typeof(CreditAccount), typeof(CaptureReservation), typeof(ReleaseReservation) })
    endpoint.Routing.RouteToEndpoint(command, "Bank.Accounts");
endpoint.Configuration.Recoverability().AddUnrecoverableException<MalformedTransferException>();
endpoint.StoreSagas();
endpoint.StoreStreams();
// Handled only for what programs of before the journal left behind; what is published now is in the journal.
endpoint.Configuration.AutoSubscribe().DisableFor<ITransferEvent>();
endpoint.RunWithHub<JournalContracts, ReplayContracts>();
endpoint.KeepProjections<ReplayAsker>(KnownAccountProjection.Catalog());
builder.Services.AddSingleton<IAccountCopy, AccountCopy>();
builder.Services.AddSingleton(TransferTimes.Read(builder.Configuration));

var app = builder.Build();
app.UseBankProblems();
app.MapBankHealth();
app.MapHub();
app.MapProjections();
app.MapTransfers();
app.Run();
