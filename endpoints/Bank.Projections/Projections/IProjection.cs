using Bank.Contracts;
using Bank.Projections.Storage;

namespace Bank.Projections.Projections;

/// <summary>Says what an event writes into the tables of one view. Order and repetition of events make no difference.</summary>
/// <typeparam name="TEvent">The events that the view is made of.</typeparam>
public interface IProjection<in TEvent> where TEvent : IBankEvent
{
    void Apply(TEvent @event, ProjectionBatch batch);
}
