using Bank.ServiceBus.Pipeline;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.SagaAudit;

/// <summary>Reports what each message did to a saga, and notes in the message's headers which sagas it met, so that the audit copy shows them.</summary>
internal sealed class CaptureSagaState(SagaAuditor auditor) : Behavior<IInvokeHandlerContext>
{
    private const string InvokedSagas = "NServiceBus.InvokedSagas";
    private const string SagaStateChange = "ServiceControl.SagaStateChange";

    public override async Task Invoke(IInvokeHandlerContext context, Func<Task> next)
    {
        if (context.MessageHandler.Instance is not Saga saga)
        {
            await next();
            return;
        }

        var messages = new ResultingMessages();
        context.Extensions.Set(messages);
        await next();
        if (!context.Extensions.TryGet<ActiveSaga>(out var active)) return;
        Append(context.Headers, InvokedSagas, $"{active.SagaType.FullName}:{active.Id}");
        Append(context.Headers, SagaStateChange, $"{active.Id}:{(saga.Completed ? "Completed" : active.IsNew ? "New" : "Updated")}");
        await auditor.Report(context, saga, active, messages);
    }

    private static void Append(Dictionary<string, string> headers, string name, string value) =>
        headers[name] = headers.TryGetValue(name, out var existing) && existing.Length > 0 ? $"{existing};{value}" : value;
}
