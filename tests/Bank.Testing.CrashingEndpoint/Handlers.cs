using Bank.ServiceBus;

namespace Bank.Testing.CrashingEndpoint;

/// <summary>One saga counts the work of the whole run.</summary>
public sealed class WorkSagaData : ContainSagaData
{
    public string Run { get; set; } = "";

    public List<string> Done { get; set; } = [];
}

/// <summary>Counts each piece of work, writes it down, sends a command and publishes an event.</summary>
public sealed class WorkSaga(Effects effects) : Saga<WorkSagaData>, IAmStartedByMessages<DoWork>
{
    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<WorkSagaData> mapper) =>
        mapper.MapSaga(saga => saga.Run).ToMessage<DoWork>(message => message.Run);

    public async Task Handle(DoWork message, IMessageHandlerContext context)
    {
        // No check for repetition: it is the bus that must not let a message take effect twice.
        Data.Done.Add(message.Work);
        await effects.Add("work", message.Work, context);
        await context.SendLocal(new Consequence(message.Work));
        await context.Publish(new WorkWasDone(message.Run, message.Work));
    }
}

/// <summary>Writes down what followed from the work.</summary>
public sealed class FollowUp(Effects effects, string run) : IHandleMessages<Consequence>, IHandleMessages<WorkWasDone>
{
    public Task Handle(Consequence message, IMessageHandlerContext context) => effects.Add("command", message.Work, context);

    public Task Handle(WorkWasDone message, IMessageHandlerContext context) =>
        message.Run == run ? effects.Add("event", message.Work, context) : Task.CompletedTask;
}
